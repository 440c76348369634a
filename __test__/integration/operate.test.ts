import {
  AerospikeRecord,
  Double,
  OPERATOR_APPEND,
  OPERATOR_INCR,
  OPERATOR_PREPEND,
  OPERATOR_READ,
  OPERATOR_TOUCH,
  OPERATOR_WRITE,
  op,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('operate')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  describe('operate', () => {
    test('writes and reads as one, in order', async () => {
      const key = newKey()
      await client().put(key, { n: 1, s: 'b', gone: true })
      const record = await client().operate(key, [
        op.incr('n', 2),
        op.append('s', 'c'),
        op.prepend('s', 'a'),
        op.write('new', [1]),
        op.write('gone', null),
        op.read('n'),
        op.read('s'),
      ])
      expect(record).toBeInstanceOf(AerospikeRecord)
      expect(record).toMatchObject({ key, bins: { n: 3, s: 'abc' }, gen: 2 })
      expect((await client().get(key)).bins).toEqual({ n: 3, s: 'abc', new: [1] })
    })

    test('a bin that is read twice has the last answer', async () => {
      const key = newKey()
      await client().put(key, { n: 1 })
      const { bins } = await client().operate(key, [op.read('n'), op.incr('n', 1), op.read('n')])
      expect(bins).toEqual({ n: 2 })
    })

    test('a missing bin is left out', async () => {
      const key = newKey()
      await client().put(key, { n: 1 })
      expect((await client().operate(key, [op.read('n'), op.read('none')])).bins).toEqual({ n: 1 })
      expect((await client().operate(key, [op.read('none'), op.touch()])).bins).toEqual({})
    })

    test('reads all bins', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 'x' })
      expect((await client().operate(key, [op.read()])).bins).toEqual({ a: 1, b: 'x' })
      expect((await client().operate(key, [op.incr('a', 1), op.read()])).bins).toEqual({ a: 2, b: 'x' })
    })

    test('reads generation and lifetime alone', async () => {
      const key = newKey()
      await client().put(key, { a: 1 }, { ttl: 5000 })
      const { bins, gen, ttl } = await client().operate(key, [op.readHeader()])
      expect([bins, gen]).toEqual([{}, 1])
      expect(ttl).toBeGreaterThan(4990)
    })

    test('only reads are no write: the generation stays', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await client().operate(key, [op.read('a')])
      expect((await client().get(key)).gen).toBe(1)
    })

    test('creates a missing record', async () => {
      const key = newKey()
      expect(await client().operate(key, [op.incr('n', 5), op.read('n')])).toMatchObject({ bins: { n: 5 }, gen: 1 })
    })

    test('of reads alone, a missing record is an error', async () => {
      const key = newKey()
      await expect(client().operate(key, [op.read('a')])).rejects.toMatchObject({ name: 'RecordNotFoundError', key })
      await expect(client().operate(key, [op.touch()])).rejects.toMatchObject({ name: 'RecordNotFoundError', key })
      await expect(client().operate(key, [op.touch()])).rejects.toThrow(`(operate ${key})`)
    })

    test('touch sets the lifetime of meta', async () => {
      const key = newKey()
      await client().put(key, { a: 1 }, { ttl: 100 })
      await client().operate(key, [op.touch(), op.read('a')], { ttl: 5000 })
      expect((await client().get(key)).ttl).toBeGreaterThan(4990)
    })

    test('delete removes the record, after it was read', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      expect((await client().operate(key, [op.read('a'), op.delete()])).bins).toEqual({ a: 1 })
      expect(await client().exists(key)).toBe(false)
    })

    test('an operation that fails undoes those before it', async () => {
      const key = newKey()
      await client().put(key, { n: 1, s: 'x' })
      const failing = client().operate(key, [op.incr('n', 1), op.incr('s', 1)])
      await expect(failing).rejects.toMatchObject({ name: 'BinTypeError', key })
      expect(await client().get(key)).toMatchObject({ bins: { n: 1, s: 'x' }, gen: 1 })
    })

    test('heeds generation, lifetime and policy', async () => {
      const key = newKey()
      await client().put(key, { n: 1 })
      const ops = [op.incr('n', 1), op.read('n')]
      await expect(client().operate(key, ops, { gen: 7 })).rejects.toMatchObject({ name: 'RecordGenerationError' })
      const { bins, gen } = await client().operate(key, ops, { gen: 1, ttl: 5000 })
      expect([bins, gen]).toEqual([{ n: 2 }, 2])
      const create = client().operate(key, ops, null, { exists: 'create-only' })
      await expect(create).rejects.toMatchObject({ name: 'RecordExistsError' })
    })

    test('takes literals with the constants', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      const { bins } = await client().operate(key, [
        { op: OPERATOR_WRITE, bin: 's', val: 'b' },
        { op: OPERATOR_APPEND, bin: 's', val: 'c' },
        { op: OPERATOR_PREPEND, bin: 's', val: 'a' },
        { op: OPERATOR_INCR, bin: 'f', val: Double(2) },
        { op: OPERATOR_TOUCH },
        { op: OPERATOR_READ, bin: 's' },
        { op: OPERATOR_READ, bin: 'f' },
      ])
      expect(bins).toEqual({ s: 'abc', f: 2 })
    })

    test('takes every kind of value', async () => {
      const key = newKey()
      const values = { l: [1, [2]], m: { a: null }, b: Buffer.from([1]), t: true, i: 2n ** 60n, f: -0 }
      const writes = Object.entries(values).map(([bin, value]) => op.write(bin, value))
      const reads = Object.keys(values).map(bin => op.read(bin))
      expect((await client().operate(key, [...writes, ...reads])).bins).toEqual(values)
    })

    test('hundreds of operations', async () => {
      const key = newKey()
      const ops = Array.from({ length: 500 }, () => op.incr('n', 1))
      expect((await client().operate(key, [...ops, op.read('n')])).bins).toEqual({ n: 500 })
    })

    test('bins named as objects name things', async () => {
      const key = newKey()
      const { bins } = await client().operate(key, [op.write('__proto__', 1), op.read('__proto__')])
      expect(Object.entries(bins)).toEqual([['__proto__', 1]])
    })
  })

  describe('operateOrdered', () => {
    test('has one answer for each operation that reads', async () => {
      const key = newKey()
      await client().put(key, { n: 1, s: 'x' })
      const answer = await client().operateOrdered(key, [
        op.read('n'),
        op.incr('n', 1),
        op.read('n'),
        op.append('s', 'y'),
        op.read('none'),
        op.read('s'),
        op.write('w', 1),
        op.read('n'),
      ])
      expect(answer.results).toEqual([
        ['n', 1],
        ['n', 2],
        ['none', null],
        ['s', 'xy'],
        ['n', 2],
      ])
      expect(answer).toMatchObject({ key, gen: 2, meta: { gen: 2, ttl: answer.ttl } })
      expect(answer.orderedBins).toBe(answer.results)
    })

    test('of reads alone keeps the order that was asked for', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2, c: 3 })
      const { results } = await client().operateOrdered(key, [
        op.read('c'),
        op.read('a'),
        op.read('none'),
        op.read('c'),
      ])
      expect(results).toEqual([
        ['c', 3],
        ['a', 1],
        ['none', null],
        ['c', 3],
      ])
    })

    test('of all bins has each of them', async () => {
      const key = newKey()
      await client().put(key, { a: 1, b: 2 })
      const { results } = await client().operateOrdered(key, [op.read()])
      expect(Object.fromEntries(results)).toEqual({ a: 1, b: 2 })
      expect(results).toHaveLength(2)
    })

    test('of writes alone has no answer', async () => {
      const key = newKey()
      const { results, gen } = await client().operateOrdered(key, [op.write('a', 1), op.incr('n', 1)])
      expect([results, gen]).toEqual([[], 1])
    })

    test('tells the lifetime', async () => {
      const key = newKey()
      await client().put(key, { a: 1 }, { ttl: 5000 })
      const { ttl } = await client().operateOrdered(key, [op.read('a')])
      expect(ttl).toBeGreaterThan(4990)
      await client().put(key, { a: 1 }, { ttl: -1 })
      expect((await client().operateOrdered(key, [op.read('a')])).ttl).toBe(-1)
    })

    test('of a missing record is an error', async () => {
      const key = newKey()
      const failing = client().operateOrdered(key, [op.read('a')])
      await expect(failing).rejects.toMatchObject({ name: 'RecordNotFoundError', key })
      await expect(client().operateOrdered(key, [op.read('a')])).rejects.toThrow(`(operateOrdered ${key})`)
    })
  })
})
