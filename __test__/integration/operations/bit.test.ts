import { bits, op } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from '../../helpers/clients.js'
import { BIN_TYPE, benchOf, failure, NOT_APPLICABLE, PARAMETER } from '../../helpers/operations.js'

const { writeFlags, resizeFlags, overflow } = bits

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

describe.each(CLIENTS)('bits, $name', kind => {
  const { results, binsAfter, refused } = benchOf(kind, 'bits')
  /** The blob after an operation, as hex. */
  const changed = async (from: string, operation: ReturnType<typeof bits.not>): Promise<string> => {
    const { b } = await binsAfter({ b: hex(from) }, operation)
    return (b as Buffer).toString('hex')
  }

  test('what changes bits answers with null', async () => {
    expect(await results({}, bits.resize('b', 2), bits.not('b', 0, 4), op.read('b'))).toEqual([null, null, hex('f000')])
  })

  test('resize', async () => {
    expect(await changed('abcd', bits.resize('b', 4))).toBe('abcd0000')
    expect(await changed('abcd', bits.resize('b', 1))).toBe('ab')
    expect(await changed('abcd', bits.resize('b', 3, resizeFlags.FROM_FRONT))).toBe('00abcd')
    expect(await changed('abcd', bits.resize('b', 1, resizeFlags.FROM_FRONT))).toBe('cd')
    expect(await changed('abcd', bits.resize('b', 4, resizeFlags.GROW_ONLY))).toBe('abcd0000')
    expect(await changed('abcd', bits.resize('b', 1, resizeFlags.SHRINK_ONLY))).toBe('ab')
    expect(await refused({ b: hex('abcd') }, bits.resize('b', 1, resizeFlags.GROW_ONLY))).toMatchObject(PARAMETER)
    expect(await refused({ b: hex('abcd') }, bits.resize('b', 4, resizeFlags.SHRINK_ONLY))).toMatchObject(PARAMETER)
  })

  test('insert and remove bytes', async () => {
    expect(await changed('abcd', bits.insert('b', 1, hex('0102')))).toBe('ab0102cd')
    expect(await changed('abcd', bits.insert('b', 3, hex('01')))).toBe('abcd0001')
    expect(await changed('abcdef', bits.remove('b', 1, 1))).toBe('abef')
    expect(await changed('abcdef', bits.remove('b', -2, 2))).toBe('ab')
  })

  test('set, or, xor, and, not', async () => {
    expect(await changed('ffff', bits.set('b', 4, 8, hex('00')))).toBe('f00f')
    expect(await changed('ffff', bits.set('b', 4, 8, 0x5a))).toBe('f5af')
    expect(await changed('ffff', bits.setInt('b', 0, 4, 0))).toBe('0fff')
    expect(await changed('0f0f', bits.or('b', 0, 8, hex('f0')))).toBe('ff0f')
    expect(await changed('0f0f', bits.xor('b', 0, 16, hex('ff00')))).toBe('f00f')
    expect(await changed('ffff', bits.and('b', 4, 8, hex('aa')))).toBe('faaf')
    expect(await changed('0f0f', bits.not('b', 0, 12))).toBe('f0ff')
  })

  test('shifts', async () => {
    expect(await changed('0101', bits.lshift('b', 0, 16, 3))).toBe('0808')
    expect(await changed('8080', bits.rshift('b', 0, 16, 7))).toBe('0101')
    expect(await changed('0ff0', bits.lshift('b', 4, 8, 4))).toBe('0f00')
  })

  test('add and subtract, with overflow', async () => {
    expect(await changed('00ff', bits.add('b', 8, 8, 0))).toBe('00ff')
    expect(await changed('00fe', bits.add('b', 8, 8, 1))).toBe('00ff')
    expect(await changed('00ff', bits.add('b', 0, 16, 1))).toBe('0100')
    expect(await changed('ff', bits.add('b', 0, 8, 2).onOverflow(overflow.WRAP))).toBe('01')
    expect(await changed('ff', bits.add('b', 0, 8, 2).onOverflow(overflow.SATURATE))).toBe('ff')
    expect(await changed('7f', bits.add('b', 0, 8, 2, true).onOverflow(overflow.SATURATE))).toBe('7f')
    expect(await changed('05', bits.subtract('b', 0, 8, 3))).toBe('02')
    expect(await changed('00', bits.subtract('b', 0, 8, 1).onOverflow(overflow.WRAP))).toBe('ff')
    expect(await changed('81', bits.subtract('b', 0, 8, 9, true).onOverflow(overflow.SATURATE))).toBe('80')
    expect(await refused({ b: hex('ff') }, bits.add('b', 0, 8, 1))).toMatchObject(NOT_APPLICABLE)
    expect(await refused({ b: hex('00') }, bits.subtract('b', 0, 8, 1))).toMatchObject(NOT_APPLICABLE)
  })

  test('get, count, lscan, rscan, getInt', async () => {
    const reads = [
      bits.get('b', 4, 8),
      bits.get('b', 0, 12),
      bits.get('b', -8, 8),
      bits.count('b', 0, 16),
      bits.lscan('b', 0, 16, true),
      bits.lscan('b', 0, 16, false),
      bits.rscan('b', 0, 16, true),
      bits.lscan('b', 0, 2, true),
      bits.getInt('b', 0, 8),
      bits.getInt('b', 8, 8, true),
    ]
    const found = [hex('f8'), hex('0f80'), hex('81'), 6, 4, 0, 15, -1, 0x0f, -127]
    expect(await results({ b: hex('0f81') }, ...reads)).toEqual(found)
    const wide = [bits.getInt('b', 0, 64), bits.getInt('b', 0, 64, true)]
    expect((await results({ b: hex('8000000000000001') }, ...wide))[1]).toBe(-(2n ** 63n) + 1n)
  })

  test('flags', async () => {
    const b = hex('00')
    const exists = failure('BinExistsError', 'BIN_EXISTS')
    expect(await refused({ b }, bits.resize('b', 4, 'default', { writeFlags: writeFlags.CREATE_ONLY }))).toMatchObject(
      exists,
    )
    const update = { writeFlags: writeFlags.UPDATE_ONLY }
    const missing = failure('BinNotFoundError', 'BIN_NOT_FOUND')
    expect(await refused({ x: 1 }, bits.resize('b', 4, 'default', update))).toMatchObject(missing)
    const quiet = bits.resize('b', 4).withPolicy({ writeFlags: writeFlags.CREATE_ONLY | writeFlags.NO_FAIL })
    expect(await binsAfter({ b }, quiet)).toEqual({ b })
    const partial = { writeFlags: writeFlags.NO_FAIL | writeFlags.PARTIAL }
    expect(await binsAfter({ b }, bits.not('b', 4, 32, partial))).toEqual({ b: hex('0f') })
  })

  test('what is refused leaves the record as it was', async () => {
    const b = hex('0f81')
    for (const operation of [bits.get('b', 16, 1), bits.get('b', 0, 17), bits.not('b', 12, 8)]) {
      expect(await refused({ b }, bits.not('b', 0, 8), operation)).toMatchObject(NOT_APPLICABLE)
    }
    for (const operation of [bits.getInt('b', -17, 8), bits.getInt('b', 0, 65), bits.set('b', 0, 16, hex('00'))]) {
      expect(await refused({ b }, operation)).toMatchObject(PARAMETER)
    }
    for (const operation of [bits.get('s', 0, 1), bits.not('s', 0, 1), bits.count('s', 0, 1)]) {
      expect(await refused({ s: 'text' }, operation)).toMatchObject(BIN_TYPE)
    }
  })

  test('a missing bin', async () => {
    expect(await results({ x: 1 }, bits.get('b', 0, 8), bits.count('b', 0, 8))).toEqual([null, null])
    expect(await refused({ x: 1 }, bits.not('b', 0, 8))).toMatchObject(failure('BinNotFoundError', 'BIN_NOT_FOUND'))
  })
})
