/**
 * The routes: their results and the requests that they reject.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Service, start } from './service.ts'

const ADA = { name: 'Ada', email: 'ada@example.org', age: 36 }

let service: Service
before(async () => {
  service = await start({ APP_BODY_LIMIT: '200000', APP_MAX_BATCH: '100' })
})
after(() => service.stop())

describe('users', () => {
  it('are created, read, changed and deleted', async () => {
    const created = await service.ask(201, 'POST', '/users', ADA)
    const id = created.body.user_id as string
    assert.deepEqual(created.body, { user_id: id, ...ADA, generation: 1 })
    assert.equal(created.headers.location, `/users/${id}`)
    const read = await service.ask(200, 'GET', `/users/${id}`)
    assert.deepEqual(read.body, created.body)
    assert.equal(read.headers.etag, created.headers.etag)

    const replaced = await service.ask(200, 'PUT', `/users/${id}`, { ...ADA, age: 37 }, { 'if-match': '"1"' })
    assert.deepEqual(replaced.body, { user_id: id, ...ADA, age: 37, generation: 2 })
    const changed = await service.ask(200, 'PATCH', `/users/${id}`, { name: 'Ada L.' })
    assert.deepEqual(changed.body, { user_id: id, ...ADA, name: 'Ada L.', age: 37, generation: 3 })

    await service.ask(412, 'DELETE', `/users/${id}`, undefined, { 'if-match': '"1"' })
    await service.ask(204, 'DELETE', `/users/${id}`, undefined, { 'if-match': '"3"' })
    for (const method of ['GET', 'DELETE'] as const) {
      const { body } = await service.ask(404, method, `/users/${id}`)
      assert.equal(body.code, 'RECORD_NOT_FOUND')
    }
    await service.ask(404, 'PUT', `/users/${id}`, ADA)
    await service.ask(404, 'PATCH', `/users/${id}`, { age: 1 })
  })

  it('are changed by one of two who read the same', async () => {
    const { body } = await service.ask(201, 'POST', '/users', ADA)
    const url = `/users/${body.user_id}`
    const both = await Promise.all(
      [40, 41].map(age =>
        service.app.inject({ method: 'PATCH', url, headers: { 'if-match': '"1"' }, payload: { age } }),
      ),
    )
    assert.deepEqual(both.map(({ statusCode }) => statusCode).sort(), [200, 412])
  })

  it('are refused where they are not as the schema says', async () => {
    for (const wrong of [
      {},
      { ...ADA, name: '' },
      { ...ADA, name: 5 },
      { ...ADA, age: '36' },
      { ...ADA, age: 201 },
      { ...ADA, age: 1.5 },
      { ...ADA, email: 'nobody' },
      { ...ADA, more: 1 },
      'no JSON',
    ]) {
      await service.ask(400, 'POST', '/users', wrong)
    }
    await service.ask(400, 'GET', '/users/1')
    const { body } = await service.ask(201, 'POST', '/users', ADA)
    await service.ask(400, 'PATCH', `/users/${body.user_id}`, {})
    await service.ask(400, 'PATCH', `/users/${body.user_id}`, { age: 1 }, { 'if-match': 'W/"1"' })
    await service.ask(415, 'POST', '/users', 'name=Ada', { 'content-type': 'text/plain' })
  })
})

describe('records', () => {
  it('are written, read, changed and deleted', async () => {
    const url = '/records/things/a%2Fb'
    await service.ask(404, 'GET', url)
    assert.equal((await service.ask(200, 'GET', `${url}/meta`)).body, null)
    assert.deepEqual((await service.ask(200, 'GET', `${url}/exists`)).body, { exists: false })
    await service.ask(204, 'PUT', url, { bins: { n: 1, s: 'é', list: [1, 'a', { b: null }], yes: true }, ttl: 100 })
    const { body } = await service.ask(200, 'GET', url)
    assert.deepEqual(body.bins, { n: 1, s: 'é', list: [1, 'a', { b: null }], yes: true })
    assert.equal(body.gen, 1)
    assert.ok((body.ttl as number) > 90 && (body.ttl as number) <= 100)
    assert.deepEqual((await service.ask(200, 'GET', `${url}?bins=n&bins=s`)).body.bins, { n: 1, s: 'é' })

    await service.ask(204, 'POST', `${url}/increment`, { bin: 'n', by: 4 })
    await service.ask(204, 'POST', `${url}/append`, { bin: 's', value: '!' })
    await service.ask(204, 'POST', `${url}/prepend`, { bin: 's', value: '<' })
    await service.ask(204, 'POST', `${url}/touch`, { ttl: -1 })
    await service.ask(204, 'POST', `${url}/remove-bins`, { bins: ['list', 'yes'] })
    const after = await service.ask(200, 'GET', url)
    assert.deepEqual(after.body, { bins: { n: 5, s: '<é!' }, gen: 6, ttl: -1 })
    assert.deepEqual((await service.ask(200, 'GET', `${url}/meta`)).body, { gen: 6, ttl: -1 })
    await service.ask(204, 'DELETE', url)
    await service.ask(404, 'POST', `${url}/touch`, {})
  })

  it('come with values that JSON has no form for', async () => {
    await service.client.put(['test', 'things', 'odd'], {
      big: 2n ** 60n,
      bytes: Buffer.from('abc'),
      map: new Map([[1, 'one']]),
    })
    const { body } = await service.ask(200, 'GET', '/records/things/odd')
    assert.deepEqual(body.bins, { big: '1152921504606846976', bytes: 'YWJj', map: [[1, 'one']] })
  })

  it('are refused with the status that says why', async () => {
    const url = '/records/things/refused'
    await service.ask(204, 'PUT', url, { bins: { s: 'text' }, exists: 'create-only' })
    assert.equal(
      (await service.ask(409, 'PUT', url, { bins: { s: 1 }, exists: 'create-only' })).body.code,
      'RECORD_EXISTS',
    )
    assert.equal((await service.ask(412, 'PUT', url, { bins: { s: 1 } }, { 'if-match': '"7"' })).body.status, 412)
    assert.equal((await service.ask(422, 'POST', `${url}/increment`, { bin: 's', by: 1 })).body.code, 'BIN_TYPE')
    assert.equal((await service.ask(413, 'PUT', url, { bins: { s: 'x'.repeat(100_000) } })).body.code, 'RECORD_TOO_BIG')
    await service.ask(413, 'PUT', url, { bins: { s: 'x'.repeat(300_000) } })
    await service.ask(400, 'PUT', url, { bins: {} })
    await service.ask(400, 'PUT', url, { bins: { 'a name that is too long': 1 } })
    // 10 letters, but more than 15 bytes: only the database detects this.
    assert.match((await service.ask(422, 'PUT', url, { bins: { éééééééééé: 1 } })).body.detail as string, /15/)
    await service.ask(400, 'PUT', url, '{"bins":{"__proto__":1}}')
    await service.ask(404, 'GET', '/nowhere')
  })
})

describe('operations', () => {
  const operations = [
    { op: 'write', bin: 'n', value: 1 },
    { op: 'increment', bin: 'n', by: 2 },
    { op: 'list-append', bin: 'l', value: 'x' },
    { op: 'map-put', bin: 'm', key: 'k', value: [1] },
    { op: 'read', bin: 'n' },
    { op: 'map-get', bin: 'm', key: 'k' },
  ]

  it('are carried out together', async () => {
    const { body } = await service.ask(200, 'POST', '/operations/things/op', { operations })
    assert.deepEqual(body.bins, { n: 3, l: 1, m: [1] })
    const ordered = await service.ask(200, 'POST', '/operations/things/op/ordered', { operations })
    assert.deepEqual(ordered.body.results, [
      { bin: 'l', value: 2 },
      { bin: 'm', value: 1 },
      { bin: 'n', value: 3 },
      { bin: 'm', value: [1] },
    ])
  })

  it('are refused where they are unknown or impossible', async () => {
    await service.ask(400, 'POST', '/operations/things/op', { operations: [] })
    await service.ask(400, 'POST', '/operations/things/op', { operations: [{ op: 'explode' }] })
    await service.ask(400, 'POST', '/operations/things/op', { operations: [{ op: 'write', bin: 'n' }] })
    await service.ask(422, 'POST', '/operations/things/op', { operations: [{ op: 'append', bin: 'n', value: 'x' }] })
    await service.ask(422, 'POST', '/operations/things/op', { operations: [{ op: 'list-get', bin: 'l', index: 99 }] })
  })
})

describe('batches', () => {
  it('tell of each row what became of it', async () => {
    const set = 'batch'
    const written = await service.ask(200, 'POST', '/batch/write', {
      set,
      records: [1, 2, 'three'].map(key => ({ key, bins: { n: key } })),
    })
    assert.equal(written.body.found, 3)
    const read = await service.ask(200, 'POST', '/batch/read', { set, keys: [1, 'three', 'four'] })
    assert.deepEqual(read.body.rows, [
      { key: 1, resultCode: 0, bins: { n: 1 }, gen: 1, ttl: -1 },
      { key: 'three', resultCode: 0, bins: { n: 'three' }, gen: 1, ttl: -1 },
      { key: 'four', resultCode: 2, error: 'RECORD_NOT_FOUND' },
    ])
    const operated = await service.ask(200, 'POST', '/batch/operate', {
      set,
      keys: [1, 2, 'three'],
      operations: [
        { op: 'increment', bin: 'n', by: 10 },
        { op: 'read', bin: 'n' },
      ],
    })
    const rows = operated.body.rows as Record<string, unknown>[]
    assert.deepEqual(
      rows.map(({ bins }) => bins),
      [{ n: 11 }, { n: 12 }, undefined],
    )
    assert.equal(rows[2]?.error, 'BIN_TYPE')
    const removed = await service.ask(200, 'POST', '/batch/remove', { set, keys: [1, 2, 'four'] })
    assert.equal(removed.body.found, 2)
    await service.ask(400, 'POST', '/batch/read', { set, keys: [] })
    await service.ask(400, 'POST', '/batch/read', { set, keys: [1.5] })
    await service.ask(400, 'POST', '/batch/read', { set, keys: Array(101).fill(1) })
  })

  it('come as columns', async () => {
    const set = 'columns'
    const records = [
      { key: 'a', bins: { t: 1.5, n: 7, s: 'x' } },
      { key: 'b', bins: { t: 2, s: 'y' } },
    ]
    await service.ask(200, 'POST', '/batch/write', { set, records })
    const keys = ['a', 'b', 'c']
    const { body } = await service.ask(200, 'POST', '/columns/read', {
      set,
      keys,
      schema: { t: 'f64', n: 'i64', s: 'utf8' },
    })
    assert.deepEqual(body, {
      found: 2,
      columns: { t: [1.5, 2, null], n: ['7', null, null], s: ['x', 'y', null] },
      resultCodes: [0, 0, 2],
    })
    const statistics = await service.ask(200, 'POST', '/columns/statistics', { set, keys, bins: ['t', 'none'] })
    assert.deepEqual(statistics.body, {
      t: { count: 2, sum: 3.5, mean: 1.75, min: 1.5, max: 2 },
      none: { count: 0, sum: 0, mean: null, min: null, max: null },
    })
    await service.ask(400, 'POST', '/columns/read', { set, keys, schema: { t: 'f63' } })
  })
})

describe('the cluster', () => {
  it('has indexes', async () => {
    const index = { set: 'users', bin: 'age', index: 'users_age', datatype: 'integer' }
    await service.ask(201, 'POST', '/indexes', index)
    assert.equal((await service.ask(409, 'POST', '/indexes', index)).body.code, 'INDEX_FOUND')
    const { body } = await service.ask(200, 'GET', '/indexes')
    assert.equal((body as unknown as { index: string }[])[0]?.index, 'users_age')
    await service.ask(204, 'DELETE', '/indexes/users_age')
    assert.equal((await service.ask(404, 'DELETE', '/indexes/users_age')).body.code, 'INDEX_NOT_FOUND')
    await service.ask(400, 'POST', '/indexes', { ...index, datatype: 'colour' })
  })

  it('has modules, whose functions are called', async () => {
    const source =
      'function add(rec, n)\n  rec.n = (rec.n or 0) + n\n  if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end\n  return rec.n\nend\n'
    await service.ask(204, 'PUT', '/udf/modules/adder.lua', { source })
    assert.equal((await service.ask(200, 'GET', '/udf/modules/adder.lua')).body.source, source)
    assert.deepEqual(
      (await service.ask(200, 'GET', '/udf/modules')).body.map(module => (module as { name: string }).name),
      ['adder.lua'],
    )
    const call = { set: 'udf', key: 'a', module: 'adder', function: 'add', args: [5] }
    assert.deepEqual((await service.ask(200, 'POST', '/udf/apply', call)).body, { result: 5 })
    assert.deepEqual((await service.ask(200, 'POST', '/udf/apply', call)).body, { result: 10 })
    const batch = await service.ask(200, 'POST', '/batch/apply', {
      set: 'udf',
      keys: ['a', 'b'],
      module: 'adder',
      function: 'add',
      args: [1],
    })
    assert.deepEqual(
      (batch.body.rows as { result: unknown }[]).map(({ result }) => result),
      [11, 1],
    )
    await service.ask(422, 'POST', '/udf/apply', { ...call, function: 'none' })
    await service.ask(422, 'PUT', '/udf/modules/broken.lua', { source: 'function (' })
    await service.ask(204, 'DELETE', '/udf/modules/adder.lua')
    await service.ask(404, 'GET', '/udf/modules/adder.lua')
    await service.ask(400, 'GET', '/udf/modules/no%20name')
  })

  it('has sets that can be emptied', async () => {
    await service.ask(204, 'PUT', '/records/full/a', { bins: { n: 1 } })
    const sets = (await service.ask(200, 'GET', '/cluster/sets')).body as unknown as { set: string; objects: number }[]
    assert.equal(sets.find(({ set }) => set === 'full')?.objects, 1)
    await service.ask(422, 'POST', '/truncate', { set: 'full', before: '2200-01-01T00:00:00Z' })
    await service.ask(400, 'POST', '/truncate', { set: 'full', before: 'yesterday' })
    await service.ask(400, 'POST', '/truncate', {})
    await service.ask(204, 'POST', '/truncate', { set: 'full' })
    await service.ask(404, 'GET', '/records/full/a')
  })

  it('tells what it is', async () => {
    const { body } = await service.ask(200, 'GET', '/cluster')
    assert.equal(body.connected, true)
    assert.deepEqual(body.namespaces, ['test'])
    assert.equal((body.nodes as string[]).length, 1)
  })
})

describe('documentation', () => {
  it('has every route, under its tag', async () => {
    const { body } = await service.ask(200, 'GET', '/docs/json')
    const paths = body.paths as unknown as Record<string, Record<string, { tags: string[] }>>
    const tags = new Set(Object.values(paths).flatMap(path => Object.values(path).flatMap(route => route.tags)))
    assert.deepEqual([...tags].sort(), [
      'batch',
      'cluster',
      'columns',
      'health',
      'indexes',
      'observability',
      'operations',
      'records',
      'truncate',
      'udf',
      'users',
    ])
    assert.ok(paths['/users/{user_id}']?.put)
    assert.equal((await service.app.inject('/docs')).statusCode < 400, true)
  })
})
