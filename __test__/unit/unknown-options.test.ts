// Unknown options: the error names the option, and what was probably meant: a similar name, or where the option belongs.
import { InvalidArgError, OPERATOR_WRITE } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { writeRows } from '../../lib/batch/rows'
import { writeIndex, writeSetIndex } from '../../lib/cluster/indexes'
import { parseType } from '../../lib/columns/schema'
import { checkOptions } from '../../lib/common/options'
import { writeScalar } from '../../lib/operations/scalar'
import { Writer } from '../../lib/wire/wire'

const key = ['test', 'users', 1]
const place = { namespace: 'test', set: 'users', index: 'i' }

const row = (given: object) => () => writeRows(new Writer(64), 'batch', () => undefined, [given], 'rows')
const index = (given: object) => () =>
  writeIndex(new Writer(64), { ...place, bin: 'a', datatype: 'integer', ...given } as never)
const setIndex = (given: object) => () => writeSetIndex(new Writer(64), { ...place, ...given })
const column = (given: object) => () => parseType('a', { type: 'i32', ...given })
const operation = (given: object) => () =>
  writeScalar(new Writer(64), { op: OPERATOR_WRITE, bin: 'a', val: 1, ...given } as never, 'ops[0]')

const read = { type: 'read', key }
const write = { type: 'write', key, bins: { a: 1 } }

test.each<[string, () => unknown, string]>([
  [
    'a row, almost spelled so',
    row({ ...read, bin: ['a'] }),
    'rows[0]: a row that is to read: unknown option "bin"; did you mean bins?',
  ],
  [
    'a row',
    row({ ...read, nonsense: 1 }),
    'a row that is to read: unknown option "nonsense"; the known options are type, key, bins, ops, policy',
  ],
  ['a row of another type', row({ ...write, ops: [] }), "it is a field of rows of the type 'read' or 'operate'"],
  ['meta', row({ ...write, ttl: 5 }), 'unknown option "ttl"; it is a field of meta'],
  ['the policy of a row', row({ ...write, exists: 'create' }), `"exists"; it is a field of the row's policy`],
  ['the policy of the batch', row({ ...read, totalTimeout: 5 }), 'it is a field of the policy of the batch'],
  ['an index', index({ datatypes: 1 }), 'index: unknown option "datatypes"; did you mean datatype?'],
  ['an index of a set', setIndex({ bin: 'a' }), 'index: unknown option "bin"'],
  ['a column', column({ fil: 1 }), 'schema.a: unknown option "fil"; did you mean fill?'],
  ['an operation', operation({ value: 1 }), 'ops[0]: unknown option "value"; did you mean val?'],
])('%s', (_, call, message) => {
  expect(call).toThrow(InvalidArgError)
  expect(call).toThrow(message)
})

test.each([
  ['a row that deletes has no ttl', { type: 'remove', key, ttl: 5 }],
  ['a row that reads has no ttl', { ...read, ttl: 5 }],
])('%s, so the error does not refer to its meta', (_, given) => {
  expect(row(given)).toThrow(/unknown option "ttl"; the known options are/)
})

describe('an unknown option that is undefined counts as absent', () => {
  const absent = { nonsense: undefined }

  test.each<[string, () => unknown]>([
    ['a row', row({ ...read, ...absent })],
    ['an index', index(absent)],
    ['an index of a set', setIndex(absent)],
    ['a column', column(absent)],
    ['an operation', operation(absent)],
    ['any options', () => checkOptions(absent, 'what', ['known'])],
  ])('%s', (_, call) => {
    expect(call).not.toThrow()
  })
})

test('options that an object inherits are not checked', () => {
  const inherited = Object.create({ nonsense: 1 }, { known: { value: 1, enumerable: true } }) as object
  expect(() => checkOptions(inherited, 'what', ['known'])).not.toThrow()
})
