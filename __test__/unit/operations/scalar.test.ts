import {
  BinNameError,
  Double,
  InvalidArgError,
  OPERATOR_APPEND,
  OPERATOR_DELETE,
  OPERATOR_INCR,
  OPERATOR_PREPEND,
  OPERATOR_READ,
  OPERATOR_TOUCH,
  OPERATOR_WRITE,
  type Operation,
  op,
  operations,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { writeOperations } from '../../../lib/operations/operation'
import { readValue } from '../../../lib/values/value'
import { Reader, Writer } from '../../../lib/wire/wire'

function bytes(...list: unknown[]): Buffer {
  const writer = new Writer(4)
  writeOperations(writer, list as Operation[])
  return Buffer.from(writer.buffer.subarray(0, writer.length))
}

const refusal = (...list: unknown[]) => {
  return () => writeOperations(new Writer(4), list as Operation[])
}

test('operations is op', () => {
  expect(operations).toBe(op)
})

describe('a builder gives a plain object', () => {
  const bin = 'temp'
  test.each<[string, Operation, object]>([
    ['read', op.read(bin), { op: OPERATOR_READ, bin }],
    ['read of all bins', op.read(), { op: OPERATOR_READ }],
    ['write', op.write(bin, [1]), { op: OPERATOR_WRITE, bin, val: [1] }],
    ['write of null', op.write(bin, null), { op: OPERATOR_WRITE, bin, val: null }],
    ['incr', op.incr(bin, 2), { op: OPERATOR_INCR, bin, val: 2 }],
    ['add', op.add(bin, 2n), { op: OPERATOR_INCR, bin, val: 2n }],
    ['append', op.append(bin, 'x'), { op: OPERATOR_APPEND, bin, val: 'x' }],
    ['prepend', op.prepend(bin, 'x'), { op: OPERATOR_PREPEND, bin, val: 'x' }],
    ['touch', op.touch(), { op: OPERATOR_TOUCH }],
    ['delete', op.delete(), { op: OPERATOR_DELETE }],
  ])('%s', (_name, operation, expected) => {
    expect(Object.getPrototypeOf(operation)).toBe(Object.prototype)
    expect(operation).toEqual(expected)
  })

  test.each<[string, Operation, object]>([
    ['read', op.read('temp'), { op: OPERATOR_READ, bin: 'temp' }],
    ['read of all bins', op.read(), { op: OPERATOR_READ, bin: null }],
    ['write', op.write('temp', { a: 1 }), { op: OPERATOR_WRITE, bin: 'temp', val: { a: 1 } }],
    ['incr', op.incr('temp', Double(1)), { op: OPERATOR_INCR, bin: 'temp', val: Double(1) }],
    ['append', op.append('temp', 'x'), { op: OPERATOR_APPEND, bin: 'temp', val: 'x' }],
    ['prepend', op.prepend('temp', 'x'), { op: OPERATOR_PREPEND, bin: 'temp', val: 'x' }],
    ['touch', op.touch(), { op: OPERATOR_TOUCH }],
    ['delete', op.delete(), { op: OPERATOR_DELETE }],
    [
      'read with fields that say nothing',
      op.read('temp'),
      { op: OPERATOR_READ, bin: 'temp', val: null, ttl: undefined },
    ],
    ['touch with fields that say nothing', op.touch(), { op: OPERATOR_TOUCH, bin: '', val: null }],
  ])('that the literal of %s equals on the wire', (_name, operation, literal) => {
    expect(bytes(literal).equals(bytes(operation))).toBe(true)
  })
})

test('operations are written in order: code, bin, value', () => {
  const reader = new Reader(bytes(op.write('a', 'x'), op.incr('b', 5), op.read('a'), op.read(), op.touch()))
  const options = { int64: 'auto', maps: 'auto' } as const
  expect(reader.u16()).toBe(5)
  expect([reader.u8(), reader.name(), readValue(reader, options)]).toEqual([OPERATOR_WRITE, 'a', 'x'])
  expect([reader.u8(), reader.name(), readValue(reader, options)]).toEqual([OPERATOR_INCR, 'b', 5])
  expect([reader.u8(), reader.name()]).toEqual([OPERATOR_READ, 'a'])
  expect([reader.u8(), reader.name()]).toEqual([OPERATOR_READ, ''])
  expect([reader.u8(), reader.name()]).toEqual([OPERATOR_TOUCH, ''])
})

describe('what is refused names the operation by its place', () => {
  const good = op.read('a')

  test.each<[string, unknown, RegExp]>([
    ['null', null, /ops\[1\]: an operation is needed, not null/],
    ['a number', 5, /ops\[1\]: an operation is needed, not 5/],
    ['a builder that was not called', op.touch, /ops\[1\]: an operation is needed, not a function/],
    ['no code', { bin: 'a', val: 1 }, /ops\[1\].op: an OPERATOR_\* constant is needed, not undefined/],
    ['an unknown code', { op: 99, bin: 'a' }, /ops\[1\].op: .* not 99/],
    ['a word as code', { op: 'read', bin: 'a' }, /ops\[1\].op: .* not the string "read"/],
    ['no bin', { op: OPERATOR_WRITE, val: 1 }, /ops\[1\]: a bin name is a string, not undefined/],
    [
      'another field',
      { op: OPERATOR_WRITE, bin: 'a', value: 1 },
      /ops\[1\]: unknown option "value"; did you mean val\?/,
    ],
    ['another case', { op: OPERATOR_INCR, Bin: 'a', val: 1 }, /ops\[1\]: unknown option "Bin"; did you mean bin\?/],
    ['a lifetime to touch', { op: OPERATOR_TOUCH, val: 300 }, /ops\[1\].val: not allowed for this operation: 300/],
    ['a value to read', { op: OPERATOR_READ, bin: 'a', val: 1 }, /ops\[1\].val: not allowed for this operation: 1/],
    [
      'a bin to delete',
      { op: OPERATOR_DELETE, bin: 'a' },
      /ops\[1\].bin: not allowed for this operation: the string "a"/,
    ],
    ['a number as bin', { op: OPERATOR_READ, bin: 5 }, /ops\[1\]: a bin name is a string, not 5/],
    ['no value', { op: OPERATOR_WRITE, bin: 'a' }, /ops\[1\]: bin a: undefined cannot be stored/],
    ['a Date', { op: OPERATOR_WRITE, bin: 'a', val: new Date(0) }, /ops\[1\]: bin a: a Date cannot be stored/],
    ['a text to add', op.incr('a', 'x' as unknown as number), /ops\[1\]: bin a: .* number/],
    ['null to add', op.incr('a', null as unknown as number), /ops\[1\]: bin a: .* number/],
    ['a number to append', op.append('a', 5 as unknown as string), /ops\[1\]: bin a: .* string/],
    ['a list to prepend', op.prepend('a', [] as unknown as string), /ops\[1\]: bin a: .* string/],
  ])('%s', (_name, operation, message) => {
    expect(refusal(good, operation)).toThrow(InvalidArgError)
    expect(refusal(good, operation)).toThrow(message)
  })

  test.each<[string, unknown, RegExp]>([
    ['an empty bin', op.write('', 1), /ops\[1\]: a bin name is empty/],
    ['an empty bin to read', op.read(''), /ops\[1\]: a bin name is empty/],
    ['a long bin', op.read('sixteen-bytes-xx'), /ops\[1\]: .* is longer than 15 bytes/],
  ])('%s', (_name, operation, message) => {
    expect(refusal(good, operation)).toThrow(BinNameError)
    expect(refusal(good, operation)).toThrow(message)
  })

  test('no operation at all', () => {
    expect(refusal()).toThrow(/ops: a list of at least one operation is needed/)
    for (const list of [undefined, null, 'read', good, new Set([good])]) {
      expect(() => writeOperations(new Writer(4), list as unknown as Operation[])).toThrow(InvalidArgError)
    }
  })

  test('more than a request can hold', () => {
    expect(refusal(...Array.from({ length: 65_536 }, () => good))).toThrow(/ops: 65536 operations are more than 65535/)
  })
})
