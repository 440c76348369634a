import { randomUUID } from 'node:crypto'
import {
  CdtContext,
  connect,
  exp,
  type Filter,
  filter,
  GeoJSON,
  type IndexOptions,
  Task,
  TaskSync,
} from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, type Commands, connectBefore, keysOf, rejection } from '../helpers/clients'
import { until } from '../helpers/until'

const newKey = keysOf('indexes')
const { set } = newKey()
const made: string[] = []

const indexOf = async (client: Commands, index: string) =>
  (await client.indexList('test')).find(one => one.index === index)

function name(): string {
  const index = `idx-${randomUUID().slice(0, 13)}`
  made.push(index)
  return index
}

/** More records than a server can index before it answers: queries are refused until it has. */
const MANY = 60_000

describe('an index on many records', () => {
  const keys = keysOf('indexed')
  const { set: many } = keys()

  beforeAll(async () => {
    await using client = await connect({ hosts: inject('aerospike').address, totalTimeout: 60_000 })
    for (let first = 0; first < MANY; first += 5000) {
      const records = Array.from({ length: 5000 }, (_, at) => ({
        key: keys(first + at),
        bins: { age: at % 100, name: `n${at % 100}`, at: GeoJSON.Point(at % 100, 0), raw: Buffer.of(at % 100) },
      }))
      await client.batchWrite(records)
    }
  }, 60_000)

  describe.each(CLIENTS)('$name', kind => {
    const client = connectBefore(kind)
    const found = async (where: Filter): Promise<number> => await client().query('test', many).where(where).count()

    test("can be read as soon as aerospike-py's calls return", async () => {
      const [i, s, b, g] = [name(), name(), name(), name()] as const
      const policy = { wait: undefined }
      expect((await client().indexIntegerCreate('test', many, 'age', i)).name).toBe(`createIndex ${i}`)
      expect(await found(filter.equal('age', 5))).toBe(MANY / 100)
      await client().indexStringCreate('test', many, 'name', s, policy)
      expect(await found(filter.equal('name', 'n5'))).toBe(MANY / 100)
      await client().indexBlobCreate('test', many, 'raw', b, { wait: { interval: 1 } })
      expect(await found(filter.equal('raw', Buffer.of(5)))).toBe(MANY / 100)
      await client().indexGeo2dsphereCreate('test', many, 'at', g, { timeout: 30_000 })
      expect(await found(filter.geoWithinRadius('at', 5, 0, 1000))).toBe(MANY / 100)
      for (const index of [i, s, b, g]) await client().dropIndex('test', index, { wait: true })
    })

    test('can be read when createIndex with { wait: true } returns', async () => {
      const index = name()
      const options = { namespace: 'test', set: many, bin: 'age', index, datatype: 'integer' } as const
      const task = await client().createIndex(options, { wait: true })
      expect(await task.status()).toEqual({ done: true, progress: 100 })
      expect(await found(filter.equal('age', 5))).toBe(MANY / 100)
      expect(await client().dropIndex('test', index, { wait: true })).toBeInstanceOf(
        kind.name === 'Client' ? Task : TaskSync,
      )
      expect(await client().indexList('test')).not.toContainEqual(expect.objectContaining({ index }))
    })

    test('cannot be read before, which the error explains', async () => {
      // A server may be done before the query arrives: then another index is made.
      for (let attempt = 0; attempt < 20; attempt++) {
        const index = name()
        const task = await client().indexIntegerCreate('test', many, 'age', index, { wait: false })
        const early = await found(filter.equal('age', 5)).then(
          () => undefined,
          (error: unknown) => error,
        )
        await task.wait()
        expect(await found(filter.equal('age', 5))).toBe(MANY / 100)
        await client().dropIndex('test', index, { wait: true })
        if (early === undefined) continue
        expect(early).toMatchObject({ code: 'INDEX_NOT_READABLE', resultCode: 203 })
        expect((early as Error).message).toMatch(/still being built: .*task\.wait\(\).*\{ wait: true \}/)
        return
      }
      expect.unreachable('every index was built before it could be queried')
    })

    /** What creating an index rejects with while it is being built. One that was built at once is made again. */
    async function givenUp(create: (index: string) => Promise<Task | TaskSync>): Promise<unknown> {
      for (let attempt = 0; attempt < 20; attempt++) {
        const index = name()
        const error = await create(index).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        // It goes on all the same.
        await until(async () => (await indexOf(client(), index))?.state === 'RW')
        await client().dropIndex('test', index, { wait: true })
        if (error !== undefined) return error
      }
      return expect.unreachable('every index was built at once')
    }

    test('continues after the wait that the policy limits', async () => {
      const wait = { timeout: 1, interval: 1 }
      const error = await givenUp(index => client().indexIntegerCreate('test', many, 'age', index, { wait }))
      expect(error).toMatchObject({
        code: 'TIMEOUT',
        message: expect.stringMatching(/^the wait for createIndex .* timed out at \d+ %; the task continues$/),
      })
    })

    // A blocking wait takes no signal.
    if (kind.name === 'Client') {
      test('is waited for until the signal of the policy is aborted', async () => {
        const error = await givenUp(async index => {
          const controller = new AbortController()
          const policy = { wait: { interval: 60_000 }, signal: controller.signal }
          const creating = client().indexIntegerCreate('test', many, 'age', index, policy)
          creating.catch(() => undefined)
          await until(async () => (await indexOf(client(), index)) !== undefined)
          controller.abort()
          return await creating
        })
        expect(error).toMatchObject({ name: 'AbortError', inDoubt: false })
      })
    }

    test('is waited for as long as the policy says', async () => {
      const index = name()
      const options = { namespace: 'test', set: many, bin: 'age', index, datatype: 'integer' } as const
      const refused = async (policy: object): Promise<string> =>
        ((await rejection(client().createIndex(options, policy))) as Error).message
      expect(await refused({ wait: 1 })).toBe(`createIndex ${index}: wait: true, false or an object is needed, not 1`)
      expect(await refused({ wait: { patience: 1 } })).toMatch(/wait: unknown option "patience"/)
      expect(await refused({ waiting: true })).toMatch(/unknown option "waiting"/)
      if (kind.name === 'ClientSync') {
        const { signal } = new AbortController()
        expect(await refused({ wait: { signal } })).toMatch(/a blocking wait cannot be aborted/)
      }
      // Nothing was begun.
      expect(await indexOf(client(), index)).toBeUndefined()
    })
  })
})

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  afterAll(() => Promise.allSettled(made.splice(0).map(index => client().dropIndex('test', index))))

  const find = (index: string) => indexOf(client(), index)

  test.each(['integer', 'numeric', 'string', 'blob', 'geo2dsphere'] as const)('an index on %s', async datatype => {
    const index = name()
    const task = await client().createIndex({ namespace: 'test', set, bin: 'a', index, datatype })
    expect(task).toBeInstanceOf(kind.name === 'Client' ? Task : TaskSync)
    await task.wait()
    expect(await task.status()).toEqual({ done: true, progress: 100 })
    expect(await task.progress()).toBe(100)
    expect(await find(index)).toMatchObject({
      namespace: 'test',
      set,
      index,
      bin: 'a',
      datatype: datatype === 'integer' ? 'numeric' : datatype,
      type: 'default',
      state: 'RW',
    })
    await (await client().dropIndex('test', index)).wait()
    expect(await find(index)).toBeUndefined()
  })

  test.each(['list', 'mapkeys', 'mapvalues'] as const)('an index on %s', async type => {
    const index = name()
    await (await client().createIndex({ namespace: 'test', set, bin: 'a', index, datatype: 'string', type })).wait()
    expect(await find(index)).toMatchObject({ bin: 'a', datatype: 'string', type })
  })

  test('of one type by its own method, and by the names of aerospike-py', async () => {
    const [i, s, b, g] = [name(), name(), name(), name()] as const
    await (await client().createIntegerIndex({ namespace: 'test', set, bin: 'i', index: i })).wait()
    await (await client().createStringIndex({ namespace: 'test', set, bin: 's', index: s })).wait()
    await (await client().createBlobIndex({ namespace: 'test', set, bin: 'b', index: b })).wait()
    await (await client().createGeo2DSphereIndex({ namespace: 'test', set, bin: 'g', index: g })).wait()
    for (const index of [i, s, b, g]) await (await client().dropIndex('test', index)).wait()
    await (await client().indexIntegerCreate('test', set, 'i', i)).wait()
    await (await client().indexStringCreate('test', set, 's', s)).wait()
    await (await client().indexBlobCreate('test', set, 'b', b)).wait()
    await (await client().indexGeo2dsphereCreate('test', set, 'g', g)).wait()
    const types = await Promise.all([i, s, b, g].map(async index => (await find(index))?.datatype))
    expect(types).toEqual(['numeric', 'string', 'blob', 'geo2dsphere'])
  })

  test('with a context, on an expression, and of a set', async () => {
    const [context, expression, whole] = [name(), name(), name()] as const
    const inside = new CdtContext().addMapKey('orders').addListIndex(0)
    await (
      await client().createIndex({
        namespace: 'test',
        set,
        bin: 'm',
        index: context,
        datatype: 'integer',
        context: inside,
      })
    ).wait()
    const sum = exp.add(exp.binInt('a'), exp.binInt('b'))
    await (
      await client().createIndex({ namespace: 'test', set, exp: sum, index: expression, datatype: 'integer' })
    ).wait()
    await (await client().createSetIndex({ namespace: 'test', set, index: whole })).wait()
    expect(await find(context)).toMatchObject({ bin: 'm' })
    expect(await find(expression)).toMatchObject({ bin: null, datatype: 'numeric' })
    expect(await find(whole)).toMatchObject({ bin: null, set })
  })

  test('that exists already, and that does not, are errors', async () => {
    const index = name()
    const options: IndexOptions = { namespace: 'test', set, bin: 'a', index, datatype: 'integer' }
    await (await client().createIndex(options)).wait()
    expect(await rejection(client().createIndex(options))).toMatchObject({
      name: 'IndexExistsError',
      code: 'INDEX_FOUND',
      resultCode: 200,
    })
    expect(await rejection(client().createIndex({ ...options, bin: 'b' }))).toMatchObject({ code: 'INDEX_FOUND' })
    expect(await rejection(client().dropIndex('test', `no-${index}`))).toMatchObject({
      name: 'IndexNotFoundError',
      code: 'INDEX_NOT_FOUND',
      resultCode: 201,
    })
  })

  test('of an unknown namespace is an error', async () => {
    const options = { namespace: 'no-such-ns', set, bin: 'a', index: 'x', datatype: 'integer' } as const
    const unknown = { name: 'ServerError', resultCode: 20, message: expect.stringMatching(/no namespace no-such-ns/) }
    expect(await rejection(client().createIndex(options))).toMatchObject(unknown)
    expect(await rejection(client().dropIndex('no-such-ns', 'x'))).toMatchObject(unknown)
  })

  test('what makes no index is refused by name', async () => {
    const good = { namespace: 'test', set, bin: 'a', index: 'x', datatype: 'integer' } as const
    const refused = async (options: object): Promise<string> =>
      ((await rejection(client().createIndex(options as IndexOptions))) as Error).message
    expect(await refused({ ...good, namespace: '' })).toMatch(/^index\.namespace: a name is needed/)
    expect(await refused({ ...good, set: 'a;b' })).toMatch(/^index\.set: "a;b" contains ";"/)
    expect(await refused({ ...good, index: undefined })).toMatch(/^index\.index: a name is needed/)
    expect(await refused({ ...good, bin: 'a name of more than 15 bytes' })).toMatch(/^index\.bin: .*longer than 15/)
    expect(await refused({ ...good, bin: undefined })).toMatch(/either a bin or an expression/)
    expect(await refused({ ...good, exp: exp.int(1) })).toMatch(/not both/)
    expect(await refused({ ...good, datatype: 0 })).toMatch(/^index\.datatype: one of 'integer'/)
    expect(await refused({ ...good, datatype: undefined })).toMatch(/^index\.datatype/)
    expect(await refused({ ...good, type: 'set' })).toMatch(/^index\.type/)
    expect(await refused({ ...good, context: 'x' })).toMatch(/^index\.context: a CdtContext/)
    expect(await refused({ ...good, colour: 1 })).toMatch(/unknown option "colour"/)
    expect(await refused({ namespace: 'test', exp: 1, index: 'x', datatype: 'string' })).toMatch(
      /^index\.exp: an expression/,
    )
    expect(await rejection(client().dropIndex('test', ''))).toMatchObject({ name: 'InvalidArgError' })
  })
})

test('waiting can be aborted and has its own limits', async () => {
  const client = await CLIENTS[0]?.connect()
  if (client === undefined) throw new Error('no client')
  const task = new Task('a task', async () => ({ done: false, progress: 7 }))
  expect(await rejection(task.wait({ timeout: 20 }))).toMatchObject({
    code: 'TIMEOUT',
    message: 'the wait for a task timed out at 7 %; the task continues',
  })
  const controller = new AbortController()
  const waiting = rejection(task.wait({ signal: controller.signal }))
  controller.abort(new Error('enough'))
  expect(await waiting).toMatchObject({ name: 'AbortError', cause: controller.signal.reason })
  expect(await rejection(task.wait({ interval: -1 }))).toMatchObject({ name: 'InvalidArgError' })
  expect(await rejection(task.wait({ patience: 1 } as object))).toMatchObject({ name: 'InvalidArgError' })
  const failing = new Task('b', async () => {
    throw new Error('it failed')
  })
  expect(await rejection(failing.wait())).toMatchObject({ message: 'it failed' })
  await client.close()
})
