import { AerospikeRecord, Key } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('record')

const NOT_FOUND = { name: 'RecordNotFoundError', code: 'RECORD_NOT_FOUND', resultCode: 2, inDoubt: false }

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  describe('put and get', () => {
    test('give back what was put', async () => {
      const key = newKey()
      expect(await client().put(key, { name: 'Ada', visits: 1, rate: 0.5, tags: ['a', 'b'] })).toBeUndefined()
      const record = await client().get(key)
      expect(record).toBeInstanceOf(AerospikeRecord)
      expect(record.bins).toEqual({ name: 'Ada', visits: 1, rate: 0.5, tags: ['a', 'b'] })
      expect(record.key).toBe(key)
      expect(record.gen).toBe(1)
      expect(record.meta).toEqual({ gen: record.gen, ttl: record.ttl })
    })

    test('take a key by its parts and give it as a Key', async () => {
      const { namespace, set } = newKey('parts')
      await client().put([namespace, set, 'parts'], { a: 1 })
      const record = await client().get([namespace, set, 'parts'])
      expect(record.key).toBeInstanceOf(Key)
      expect(String(record.key)).toBe(`${namespace}/${set}/parts`)
    })

    test.each([
      ['a string', 'grün 漢 😀'],
      ['an empty string', ''],
      ['a long string', 'k'.repeat(5000)],
      ['a number', 42],
      ['a negative number', -42],
      ['a large number', Number.MAX_SAFE_INTEGER],
      ['a bigint', 2n ** 63n - 1n],
      ['the least bigint', -(2n ** 63n)],
      ['bytes', Buffer.from([0, 1, 255])],
    ])('%s as user key', async (_name, userKey) => {
      const key = newKey(userKey)
      await client().put(key, { kind: kind.name })
      expect((await client().get(key)).bins).toEqual({ kind: kind.name })
      const { namespace, set, digest } = key
      expect((await client().get(Key.fromDigest(namespace, set, digest))).bins).toEqual({ kind: kind.name })
    })

    test('a record without a set', async () => {
      const { namespace, userKey } = newKey()
      const key = new Key(namespace, null, userKey as string)
      await client().put(key, { a: 1 })
      expect((await client().get([namespace, '', userKey as string])).bins).toEqual({ a: 1 })
      await client().remove(key)
    })

    test('a record of another namespace', async () => {
      const key = newKey('same', 'demo')
      const other = newKey('same', 'test')
      await client().put(key, { where: 'demo' })
      await client().put(other, { where: 'test' })
      expect((await client().get(key)).bins).toEqual({ where: 'demo' })
      expect((await client().get(other)).bins).toEqual({ where: 'test' })
    })

    test('bins that are not put stay, null removes one', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2, c: 3 })
      await client().put(key, { b: 20, c: null })
      const record = await client().get(key)
      expect(record.bins).toEqual({ a: 1, b: 20 })
      expect(record.gen).toBe(2)
    })

    test('a record whose last bin is removed is gone', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await client().put(key, { a: null })
      expect(await client().exists(key)).toBe(false)
    })

    test.each([1, 20, 50, 1000])('%i bins', async count => {
      const key = newKey()
      const bins = Object.fromEntries(Array.from({ length: count }, (_, index) => [`bin-${index}`, index]))
      await client().put(key, bins)
      expect((await client().get(key)).bins).toEqual(bins)
      expect((await client().select(key, Object.keys(bins))).bins).toEqual(bins)
    })

    test('names of bins that objects have are own properties', async () => {
      const key = newKey()
      const bins = JSON.parse('{"__proto__":1,"constructor":2,"toString":3,"0":4,"hasOwnProperty":5}')
      await client().put(key, bins)
      const read = (await client().get(key)).bins
      expect(Object.entries(read).sort()).toEqual(Object.entries(bins).sort())
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
      expect((await client().select(key, ['__proto__'])).bins).toEqual(JSON.parse('{"__proto__":1}'))
    })

    test('a missing record is an error', async () => {
      const key = newKey()
      await expect(client().get(key)).rejects.toMatchObject({ ...NOT_FOUND, key, attempts: 1 })
      await expect(client().get(key)).rejects.toThrow(`(get ${key})`)
    })
  })

  describe('getOrNull', () => {
    test('gives the record or null', async () => {
      const key = newKey()
      expect(await client().getOrNull(key)).toBeNull()
      await client().put(key, { a: [1, { b: 2 }] })
      const record = await client().getOrNull(key)
      expect(record).toBeInstanceOf(AerospikeRecord)
      expect(record).toMatchObject({ key, bins: { a: [1, { b: 2 }] }, gen: 1 })
    })
  })

  describe('select', () => {
    test('gives the bins that it is asked for, and that there are', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2, c: 3 })
      expect((await client().select(key, ['a', 'c'])).bins).toEqual({ a: 1, c: 3 })
      expect((await client().select(key, ['a', 'none'])).bins).toEqual({ a: 1 })
      expect((await client().select(key, ['none'])).bins).toEqual({})
      expect((await client().select(key, ['a', 'a'])).bins).toEqual({ a: 1 })
    })

    test('of no bins gives generation and lifetime', async () => {
      const key = newKey()
      await client().put(key, { a: 1 }, { ttl: 1000 })
      const record = await client().select(key, [])
      expect(record.bins).toEqual({})
      expect(record.gen).toBe(1)
      expect(record.ttl).toBeGreaterThan(990)
      expect(record.ttl).toBeLessThanOrEqual(1000)
    })

    test('of a missing record is an error', async () => {
      const key = newKey()
      await expect(client().select(key, ['a'])).rejects.toMatchObject({ ...NOT_FOUND, key })
      await expect(client().select(key, [])).rejects.toMatchObject({ ...NOT_FOUND, key })
    })
  })

  describe('exists and getMeta', () => {
    test('tell of a record and of none', async () => {
      const key = newKey()
      expect(await client().exists(key)).toBe(false)
      expect(await client().getMeta(key)).toBeNull()
      await client().put(key, { a: 1 }, { ttl: -1 })
      await client().put(key, { a: 2 }, { ttl: -1 })
      expect(await client().exists(key)).toBe(true)
      expect(await client().getMeta(key)).toEqual({ gen: 2, ttl: -1 })
    })
  })

  describe('remove', () => {
    test('deletes a record', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      expect(await client().remove(key)).toBeUndefined()
      expect(await client().exists(key)).toBe(false)
    })

    test('of a missing record is an error', async () => {
      const key = newKey()
      await expect(client().remove(key)).rejects.toMatchObject({ ...NOT_FOUND, key })
      await expect(client().remove(key)).rejects.toThrow(`(remove ${key})`)
    })

    test('of another generation is refused', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await expect(client().remove(key, { gen: 5 })).rejects.toMatchObject({ name: 'RecordGenerationError' })
      expect(await client().exists(key)).toBe(true)
      await client().remove(key, { gen: 1 })
      expect(await client().exists(key)).toBe(false)
    })

    test('a record that comes back begins anew', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await client().put(key, { b: 1 })
      await client().remove(key)
      await client().put(key, { c: 1 })
      expect(await client().get(key)).toMatchObject({ bins: { c: 1 }, gen: 1 })
    })
  })

  describe('touch', () => {
    test('sets the lifetime and counts as a write', async () => {
      const key = newKey()
      await client().put(key, { a: 1 }, { ttl: 100 })
      expect(await client().touch(key, 5000)).toBeUndefined()
      const { bins, gen, ttl } = await client().get(key)
      expect(bins).toEqual({ a: 1 })
      expect(gen).toBe(2)
      expect(ttl).toBeGreaterThan(4990)
    })

    test('takes its lifetime from meta or policy too, its argument first', async () => {
      const key = newKey()
      const lifetime = async (...args: [number?, object?, object?]): Promise<number> => {
        await client().touch(key, ...args)
        return (await client().get(key)).ttl
      }
      await client().put(key, { a: 1 })
      expect(await lifetime(undefined, { ttl: 2000 })).toBeGreaterThan(1990)
      expect(await lifetime(undefined, undefined, { ttl: 3000 })).toBeGreaterThan(2990)
      expect(await lifetime(4000, { ttl: 2000 }, { ttl: 3000 })).toBeGreaterThan(3990)
      expect(await lifetime(-1)).toBe(-1)
    })

    test('of a missing record is an error', async () => {
      const key = newKey()
      await expect(client().touch(key)).rejects.toMatchObject({ ...NOT_FOUND, key })
      await expect(client().touch(key, 60)).rejects.toThrow(`(touch ${key})`)
    })

    test('of another generation is refused', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await expect(client().touch(key, 60, { gen: 7 })).rejects.toMatchObject({ name: 'RecordGenerationError' })
      await client().touch(key, 60, { gen: 1 })
      expect((await client().get(key)).gen).toBe(2)
    })
  })
})
