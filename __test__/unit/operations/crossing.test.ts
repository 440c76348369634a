import { op } from 'aerospike-napi'
import { expect, test } from 'vitest'
import { type Operation, writeOperations } from '../../../lib/operations/operation'
import { Writer } from '../../../lib/wire/wire'
import { CASES } from './cases'

function crossing(...operations: Operation[]): Buffer {
  const writer = new Writer(64)
  writeOperations(writer, operations)
  return Buffer.from(writer.buffer.subarray(0, writer.length))
}

test('what crosses for every operation is what the Rust tests compare with the core', async () => {
  const lines = Object.entries(CASES).map(([name, operation]) => `${name}: ${crossing(operation).toString('hex')}`)
  const file = '../../../crate/src/convert/operation/crossing.txt'
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(file)
})

test('operations of all kinds cross in one list, in order', () => {
  const some = Object.values(CASES).slice(0, 3)
  const bytes = crossing(op.read('a'), ...some, op.touch())
  expect(bytes.readUInt16LE(0)).toBe(5)
  const each = [op.read('a'), ...some, op.touch()].map(operation => crossing(operation).subarray(2))
  expect(bytes.subarray(2)).toEqual(Buffer.concat(each))
})

test('an operation can be used any number of times', () => {
  for (const operation of Object.values(CASES)) expect(crossing(operation)).toEqual(crossing(operation))
})
