// Typed sets: `client.set`.

import { type BatchRecords, filter, InvalidArgError, type StandardSchema, ValidationError } from 'aerospike-napi'
import { type } from 'arktype'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { CLIENTS, connectBefore, rejection } from '../helpers/clients'

interface User {
  name: string
  visits: number
  tags?: string[]
}

const ada: User = { name: 'Ada', visits: 1, tags: ['a'] }

/** A schema that does what the function does. */
function schemaOf<T extends object>(validate: StandardSchema<T>['~standard']['validate']): StandardSchema<T> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const name = `typed-set-${kind.name}`
  const users = () => client().set<User>('test', name)
  afterAll(async () => await client().truncate('test', name))

  test('reads and writes records by user key', async () => {
    const set = users()
    await set.put('ada', ada)
    const record = await set.get('ada')
    expect(record).toMatchObject({ bins: ada, gen: 1, key: { namespace: 'test', set: name, userKey: 'ada' } })
    expect((await client().get(['test', name, 'ada'])).bins).toEqual(ada)
    expect(await set.exists('ada')).toBe(true)
    expect((await set.select('ada', ['name'])).bins).toEqual({ name: 'Ada' })
    expect((await set.getOrNull('ada'))?.bins).toEqual(ada)
    expect(String(await set.key('ada'))).toBe(`test/${name}/ada`)
    await set.remove('ada')
    expect(await set.exists('ada')).toBe(false)
    expect(await set.getOrNull('ada')).toBeNull()
    expect(await rejection(set.get('ada'))).toMatchObject({ code: 'RECORD_NOT_FOUND' })
  })

  test('updates records', async () => {
    const set = users()
    await set.put(1, ada)
    const record = await set.update(1, user => ({ ...user, visits: user.visits + 1 }))
    expect(record).toMatchObject({ bins: { ...ada, visits: 2 }, gen: 2 })
    const made = await set.update(2, user => user ?? ada, { create: true })
    expect(made.bins).toEqual(ada)
    expect((await set.get(2)).bins).toEqual(ada)
    const { tags: _, ...untagged } = ada
    await set.update(2, () => untagged)
    expect((await set.get(2)).bins).toEqual(untagged)
  })

  test('reads and writes many records', async () => {
    const set = users()
    const written = await set.batchPut([
      ['a', { name: 'A', visits: 1 }],
      ['b', { name: 'B', visits: 2 }, { ttl: 1000 }],
    ])
    expect(written.ok).toBe(true)
    const more = new Map([['c', { name: 'C', visits: 3 }]])
    expect((await set.batchPut(more)).ok).toBe(true)
    const rows = await set.batchGet(['a', 'b', 'missing', 'c'])
    expect(rows.toArray().map(({ record }) => record?.bins.name)).toEqual(['A', 'B', undefined, 'C'])
    expect(rows.at(1)?.record?.ttl).toBeGreaterThan(900)
    const columns = await set.batchReadColumns(['a', 'c'], { visits: 'u32', name: 'utf8' })
    expect([...columns.columns.visits]).toEqual([1, 3])
    expect(columns.columns.name.get(1)).toBe('C')
  })

  test('queries know the bins', async () => {
    const set = client().set<{ n: number; s: string }>('test', `${name}-query`)
    await set.batchPut(Array.from({ length: 10 }, (_, n) => [n, { n, s: `s${n}` }] as const))
    const index = `${name}-n`
    await client().createIntegerIndex({ ns: 'test', set: `${name}-query`, bin: 'n', index }, { wait: true })
    const found = await set
      .query()
      .where(filter.range('n', 3, 5))
      .select('s')
      .results()
    expect(found.map(({ bins }) => bins.s).sort()).toEqual(['s3', 's4', 's5'])
    const sum: number[] = []
    for await (const chunk of set.query().maxRecords(100).columns({ n: 'i32' })) sum.push(...chunk.columns.n)
    expect(sum.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(await set.query().count()).toBe(10)
    await client().indexRemove('test', index)
    await client().truncate('test', `${name}-query`)
  })

  describe('with', () => {
    test('binds defaults', async () => {
      const set = users().with({ ttl: 1000, exists: 'create-only', policies: { write: { key: 'send' } } })
      await set.put('with', ada)
      expect((await set.get('with')).ttl).toBeGreaterThan(900)
      expect(await rejection(set.put('with', ada))).toMatchObject({ code: 'RECORD_EXISTS' })
      await set.put('with', ada, null, { exists: 'update' })
      const rows = await set.batchPut([['with', ada]])
      expect(rows.at(0)?.error).toMatchObject({ code: 'RECORD_EXISTS' })
      // update sets `exists` itself.
      expect((await set.update('with', user => ({ ...user, visits: 9 }))).bins.visits).toBe(9)
      const keys = (await set.query().results()).map(record => record.key.userKey)
      expect(keys).toContain('with')
    })

    test('adds to the defaults before, and leaves the set as it is', async () => {
      const one = users().with({ ttl: 1000, policies: { write: { exists: 'create-only' } } })
      const two = one.with({ policies: { write: { ttl: 5000 } } })
      await two.put('nested', ada)
      expect((await two.get('nested')).ttl).toBeGreaterThan(4000)
      expect(await rejection(two.put('nested', ada))).toMatchObject({ code: 'RECORD_EXISTS' })
      await users().put('nested', ada)
    })

    test('a filter applies to reads and writes', async () => {
      const { exp } = await import('aerospike-napi')
      const set = users().with({ filterExpression: exp.gt(exp.intBin('visits'), exp.int(5)) })
      await users().put('few', ada)
      expect(await rejection(set.get('few'))).toMatchObject({ code: 'FILTERED_OUT' })
      expect(await rejection(set.put('few', ada))).toMatchObject({ code: 'FILTERED_OUT' })
    })

    test.each<[unknown, RegExp]>([
      [{ nonsense: 1 }, /with: unknown option "nonsense"/],
      [{ total_timeout: 1 }, /with: unknown option "total_timeout"; did you mean totalTimeout\?/],
      [{ gen: 'eq' }, /with: unknown option "gen"/],
      [{ totalTimeout: 'fast' }, /policy.totalTimeout: an integer/],
      [{ policies: { admin: {} } }, /with.policies: unknown option "admin"/],
      [{ policies: { read: { ttl: 5 } } }, /read policy: unknown option "ttl"/],
      [{ exists: 'never' }, /policy.exists: one of/],
      [5, /with: an object is needed, not 5/],
    ])('%j is refused', (defaults, message) => {
      expect(() => users().with(defaults as object)).toThrow(InvalidArgError)
      expect(() => users().with(defaults as object)).toThrow(message)
    })
  })

  describe('validation', () => {
    const address = { zip: 'N1', lines: ['a', 'b'] }
    const zod = z.object({
      name: z.string().min(1),
      age: z.number().int(),
      address: z.object({ zip: z.string(), lines: z.array(z.string()) }),
    })
    const valibot = v.object({
      name: v.pipe(v.string(), v.minLength(1)),
      age: v.pipe(v.number(), v.integer()),
      address: v.object({ zip: v.string(), lines: v.array(v.string()) }),
    })
    const arktype = type({ name: 'string > 0', age: 'number.integer', address: { zip: 'string', lines: 'string[]' } })
    const good = { name: 'Ada', age: 36, address }
    const bad = { name: 'Ada', age: 'old', address: { zip: 'N1', lines: ['a', 5] } }

    describe.each([
      ['zod', () => client().set('test', `${name}-zod`, { schema: zod, validate: 'both' })] as const,
      ['valibot', () => client().set('test', `${name}-valibot`, { schema: valibot, validate: 'both' })] as const,
      ['arktype', () => client().set('test', `${name}-arktype`, { schema: arktype, validate: 'both' })] as const,
    ])('%s', (library, make) => {
      const set = `${name}-${library}`
      afterAll(async () => await client().truncate('test', set))
      beforeAll(async () => {
        await client().put(['test', set, 'bad'], bad)
        await client().put(['test', set, 'good'], good)
      })

      const expectIssues = (error: unknown, key: string): void => {
        expect(error).toBeInstanceOf(ValidationError)
        expect(error).toMatchObject({ name: 'ValidationError', code: 'VALIDATION', inDoubt: false })
        const { issues, message } = error as ValidationError
        expect(issues.map(({ bin }) => bin).sort()).toEqual(['address', 'age'])
        expect(issues.map(({ path }) => path.map(String)).sort()).toEqual([['address', 'lines', '1'], ['age']])
        expect(message).toMatch(/^the bins do not match the schema: /)
        expect(message).toMatch(/age: /)
        expect(message).toMatch(/address.lines\[1\]: /)
        expect(message).toContain(`(test/${set}/${key})`)
      }

      test('writes what matches', async () => {
        await make().put('ada', good)
        expect((await make().get('ada')).bins).toEqual(good)
      })

      test('refuses to write what does not match', async () => {
        const wrong = bad as unknown as typeof good
        expectIssues(await rejection(make().put('x', wrong)), 'x')
        const batch = make().batchPut([
          ['y', good],
          ['x', wrong],
        ])
        expectIssues(await rejection(batch), 'x')
        expectIssues(await rejection(make().update('good', () => wrong)), 'good')
        expect(await make().exists('x')).toBe(false)
        expect(await make().exists('y')).toBe(false)
        expect((await make().get('good')).gen).toBe(1)
      })

      test('reports stored records that do not match', async () => {
        expectIssues(await rejection(make().get('bad')), 'bad')
        expectIssues(await rejection(make().getOrNull('bad')), 'bad')
        expectIssues(await rejection(make().update('bad', bins => bins)), 'bad')
        const rows: BatchRecords<typeof good> = await make().batchGet(['bad', 'good', 'none'])
        expect(rows.ok).toBe(false)
        expectIssues(rows.at(0)?.error, 'bad')
        expect(rows.at(0)?.record).toBeNull()
        expect(rows.at(1)?.record?.bins).toEqual(good)
        expect(rows.at(2)?.error).toMatchObject({ code: 'RECORD_NOT_FOUND' })
        expect(() => rows.throwIfFailed()).toThrow(ValidationError)
        const records = await make().query().results()
        const [wrong, ...others] = records.filter(({ error }) => error !== null)
        expect(others).toEqual([])
        expect(wrong?.error).toBeInstanceOf(ValidationError)
        expect(() => wrong?.bins).toThrow(ValidationError)
        expect((await make().select('bad', ['age'])).bins).toEqual({ age: 'old' })
      })
    })

    test('only writes are validated unless asked for', async () => {
      const set = client().set('test', name, { schema: zod })
      await client().put(['test', name, 'loose'], bad)
      expect((await set.get('loose')).bins).toEqual(bad)
      expect(await rejection(set.put('loose', bad as never))).toBeInstanceOf(ValidationError)
      const reads = client().set('test', name, { schema: zod, validate: 'reads' })
      await reads.put('loose', bad as never)
      expect(await rejection(reads.get('loose'))).toBeInstanceOf(ValidationError)
    })

    test('what the schema returns is stored, and returned', async () => {
      const schema = z.object({ name: z.string().trim(), visits: z.number().default(0) })
      const set = client().set('test', name, { schema, validate: 'both' })
      await set.put('trim', { name: ' Ada ' })
      expect((await client().get(['test', name, 'trim'])).bins).toEqual({ name: 'Ada', visits: 0 })
      const record = await set.update('trim', user => ({ name: ` ${user.name} Lovelace ` }))
      expect(record.bins).toEqual({ name: 'Ada Lovelace', visits: 0 })
      await client().put(['test', name, 'old'], { name: 'Old', extra: 1 })
      expect((await set.get('old')).bins).toEqual({ name: 'Old', visits: 0 })
      expect((await set.batchGet(['old'])).at(0)?.record?.bins).toEqual({ name: 'Old', visits: 0 })
    })

    test('a schema that throws', async () => {
      const thrown = new Error('broken')
      const schema = schemaOf<User>(() => {
        throw thrown
      })
      const set = client().set('test', name, { schema })
      expect(await rejection(set.put('x', ada))).toMatchObject({
        name: 'ValidationError',
        message: `the schema threw: broken (test/${name}/x)`,
        cause: thrown,
      })
    })

    test('a schema that returns a promise is refused', async () => {
      for (const promise of [Promise.resolve({ value: ada }), Promise.reject(new Error('late'))]) {
        promise.catch(() => undefined)
        const set = client().set('test', name, { schema: schemaOf<User>(() => promise) })
        expect(await rejection(set.put('x', ada))).toMatchObject({
          name: 'InvalidArgError',
          message: 'schema: it returned a promise; only schemas that validate synchronously can be used',
        })
      }
    })

    test.each<[unknown]>([[5], [null], [undefined], [[]]])('a schema that returns %j is an error', async value => {
      const set = client().set('test', name, { schema: schemaOf<User>(() => ({ value }) as never) })
      expect(await rejection(set.put('x', ada))).toMatchObject({
        name: 'ValidationError',
        message: expect.stringMatching(/^the schema returned .* instead of bins/),
      })
    })

    test('many issues are shortened in the message, and all are in `issues`', async () => {
      const issues = Array.from({ length: 10 }, (_, at) => ({ message: 'wrong', path: ['list', { key: at }] }))
      const set = client().set('test', name, { schema: schemaOf<User>(() => ({ issues })) })
      const error = await rejection(set.put('x', ada))
      expect((error as Error).message).toMatch(
        /^the bins do not match the schema: list\[0\]: wrong; list\[1\]: wrong; list\[2\]: wrong; and 7 more \(test/,
      )
      expect((error as ValidationError).issues).toHaveLength(10)
    })

    test.each<[unknown, RegExp]>([
      [{ schema: {} }, /set.schema: a schema with Standard Schema is needed, .* not an object/],
      [{ schema: null }, /set.schema: .* not null/],
      [{}, /set.schema: .* not undefined/],
      [{ schema: zod, validate: 'always' }, /set.validate: one of 'writes', 'reads', 'both' is needed/],
      [{ schema: zod, strict: true }, /set: unknown option "strict"/],
      [5, /set: an object is needed, not 5/],
    ])('options %j are refused', (options, message) => {
      expect(() => client().set('test', name, options as never)).toThrow(message)
    })
  })

  test.each<[unknown, unknown, RegExp]>([
    ['', 'users', /the namespace is empty/],
    ['test', '', /set: the name of a set is needed, not an empty one/],
    ['test', null, /set: the name of a set is needed, not null/],
    ['test', 'a:b', /the set "a:b" contains ":"/],
  ])('the set %j %j is refused', (namespace, set, message) => {
    expect(() => client().set(namespace as string, set as string)).toThrow(InvalidArgError)
    expect(() => client().set(namespace as string, set as string)).toThrow(message)
  })

  test('invalid arguments reject', async () => {
    const refused = async (promise: Promise<unknown>): Promise<string> => ((await rejection(promise)) as Error).message
    expect(await refused(users().batchGet('ada' as never))).toMatch(/ids: an array of user keys is needed/)
    expect(await refused(users().batchPut([5] as never))).toMatch(/entries\[0\]: \[id, bins\] is needed, not 5/)
    expect(await refused(users().get(1.5))).toMatch(/^key: .*user key.* 1\.5/)
    expect(await refused(users().put('x', 5 as never))).toMatch(/bins: an object is needed, not 5/)
  })
})
