import { Double } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('change')
const BIN_TYPE = { name: 'BinTypeError', code: 'BIN_TYPE', resultCode: 12 }

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  describe.each(['append', 'prepend'] as const)('%s', name => {
    const join = (old: string, added: string): string => (name === 'append' ? old + added : added + old)

    test('text to text', async () => {
      const key = newKey()
      await client().put(key, { a: 'old', b: 'stays' })
      expect(await client()[name](key, 'a', 'new')).toBeUndefined()
      expect(await client().get(key)).toMatchObject({ bins: { a: join('old', 'new'), b: 'stays' }, gen: 2 })
      await client()[name](key, 'a', 'ü😀')
      expect((await client().get(key)).bins.a).toBe(join(join('old', 'new'), 'ü😀'))
    })

    test('bytes to bytes', async () => {
      const key = newKey()
      await client().put(key, { a: Buffer.from('old') })
      await client()[name](key, 'a', new Uint8Array(Buffer.from('new')))
      expect((await client().get(key)).bins.a).toEqual(Buffer.from(join('old', 'new')))
    })

    test('nothing at all', async () => {
      const key = newKey()
      await client().put(key, { a: 'old' })
      await client()[name](key, 'a', '')
      expect((await client().get(key)).bins.a).toBe('old')
    })

    test('creates a missing bin or record', async () => {
      const key = newKey()
      await client()[name](key, 'a', 'first')
      await client()[name](key, 'b', Buffer.from('second'))
      expect((await client().get(key)).bins).toEqual({ a: 'first', b: Buffer.from('second') })
    })

    test.each([
      ['a number', 5],
      ['bytes', Buffer.from('x')],
      ['a list', ['x']],
      ['an object', { x: 1 }],
      ['a boolean', true],
    ])('text to %s is refused, and nothing changes', async (_name, value) => {
      const key = newKey()
      await client().put(key, { a: value })
      await expect(client()[name](key, 'a', 'x')).rejects.toMatchObject({ ...BIN_TYPE, key })
      await expect(client()[name](key, 'a', 'x')).rejects.toThrow(`(${name} ${key}: bin a)`)
      expect(await client().get(key)).toMatchObject({ bins: { a: value }, gen: 1 })
    })

    test('bytes to text is refused', async () => {
      const key = newKey()
      await client().put(key, { a: 'text' })
      await expect(client()[name](key, 'a', Buffer.from('x'))).rejects.toMatchObject(BIN_TYPE)
    })

    test('heeds generation, lifetime and policy', async () => {
      const key = newKey()
      await client().put(key, { a: 'x' })
      await expect(client()[name](key, 'a', 'y', { gen: 9 })).rejects.toMatchObject({ name: 'RecordGenerationError' })
      await client()[name](key, 'a', 'y', { gen: 1, ttl: 5000 })
      const { bins, ttl } = await client().get(key)
      expect(bins.a).toBe(join('x', 'y'))
      expect(ttl).toBeGreaterThan(4990)
      await expect(client()[name](newKey(), 'a', 'y', null, { exists: 'update-only' })).rejects.toMatchObject({
        name: 'RecordNotFoundError',
      })
    })
  })

  describe.each(['increment', 'incr'] as const)('%s', name => {
    test('integers', async () => {
      const key = newKey()
      await client().put(key, { n: 5 })
      expect(await client()[name](key, 'n', 3)).toBe(8)
      expect(await client()[name](key, 'n', -10)).toBe(-2)
      expect(await client()[name](key, 'n', 0)).toBe(-2)
      expect(await client().get(key)).toMatchObject({ bins: { n: -2 }, gen: 4 })
    })

    test('beyond what a number holds', async () => {
      const key = newKey()
      await client().put(key, { n: Number.MAX_SAFE_INTEGER })
      expect(await client()[name](key, 'n', 1)).toBe(2n ** 53n)
      expect((await client().get(key)).bins.n).toBe(2n ** 53n)
      await client()[name](key, 'n', -(2n ** 60n))
      expect((await client().get(key)).bins.n).toBe(2n ** 53n - 2n ** 60n)
    })

    test('wraps around at the ends of int64, as the server does', async () => {
      const key = newKey()
      await client().put(key, { n: 2n ** 63n - 1n })
      await client()[name](key, 'n', 1)
      expect((await client().get(key)).bins.n).toBe(-(2n ** 63n))
    })

    test('doubles', async () => {
      const key = newKey()
      await client().put(key, { f: 1.5 })
      expect(await client()[name](key, 'f', 0.25)).toBe(1.75)
      expect(await client()[name](key, 'f', Double(2))).toBe(3.75)
      expect((await client().get(key)).bins.f).toBe(3.75)
    })

    test('a missing bin or record counts as 0', async () => {
      const key = newKey()
      expect(await client()[name](key, 'n', 7)).toBe(7)
      expect(await client()[name](key, 'f', 0.5)).toBe(0.5)
      expect((await client().get(key)).bins).toEqual({ n: 7, f: 0.5 })
    })

    test.each<[string, string | number | boolean | string[], number]>([
      ['text', 'x', 1],
      ['a list', ['x'], 1],
      ['a boolean', true, 1],
      ['a double by an integer', 1.5, 1],
      ['an integer by a double', 1, 0.5],
    ])('%s is refused, and nothing changes', async (_name, value, by) => {
      const key = newKey()
      await client().put(key, { a: value })
      await expect(client()[name](key, 'a', by)).rejects.toMatchObject({ ...BIN_TYPE, key })
      expect(await client().get(key)).toMatchObject({ bins: { a: value }, gen: 1 })
    })

    test('heeds generation and lifetime', async () => {
      const key = newKey()
      await client().put(key, { n: 1 })
      await expect(client()[name](key, 'n', 1, { gen: 9 })).rejects.toMatchObject({ name: 'RecordGenerationError' })
      await client()[name](key, 'n', 1, { gen: 1, ttl: 5000 })
      const { bins, ttl } = await client().get(key)
      expect(bins.n).toBe(2)
      expect(ttl).toBeGreaterThan(4990)
    })
  })

  test('increment returns the type of integer that the client reads', async () => {
    const key = newKey()
    const numbers = await kind.connect({ int64: 'number' })
    const bigints = await kind.connect({ int64: 'bigint' })
    try {
      expect(await numbers.increment(key, 'n', 2n)).toBe(2)
      expect(await bigints.increment(key, 'n', 1)).toBe(3n)
      expect(await bigints.increment(key, 'f', 0.5)).toBe(0.5)
    } finally {
      await Promise.all([numbers.close(), bigints.close()])
    }
  })

  test('increments at once all count', async () => {
    const key = newKey()
    const sums = await Promise.all(Array.from({ length: 200 }, () => client().increment(key, 'n', 1)))
    expect(sums.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1))
    expect(await client().get(key)).toMatchObject({ bins: { n: 200 }, gen: 200 })
  })

  describe('removeBin', () => {
    test('one bin by its name', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2 })
      expect(await client().removeBin(key, 'a')).toBeUndefined()
      expect(await client().get(key)).toMatchObject({ bins: { b: 2 }, gen: 2 })
    })

    test('several, those that are not there included', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2, c: 3 })
      await client().removeBin(key, ['a', 'none', 'c', 'a'])
      expect((await client().get(key)).bins).toEqual({ b: 2 })
    })

    test('the last one takes the record with it', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2 })
      await client().removeBin(key, ['a', 'b'])
      expect(await client().exists(key)).toBe(false)
    })

    test('of a missing record is an error', async () => {
      const key = newKey()
      await expect(client().removeBin(key, 'a')).rejects.toMatchObject({ name: 'RecordNotFoundError', key })
      await expect(client().removeBin(key, 'a')).rejects.toThrow(`(removeBin ${key})`)
    })

    test('heeds generation and lifetime', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2 })
      await expect(client().removeBin(key, 'a', { gen: 9 })).rejects.toMatchObject({ name: 'RecordGenerationError' })
      await client().removeBin(key, 'a', { gen: 1, ttl: 5000 })
      const { bins, ttl } = await client().get(key)
      expect(bins).toEqual({ b: 2 })
      expect(ttl).toBeGreaterThan(4990)
    })
  })
})
