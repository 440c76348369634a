// The subject with which the requests of commands begin.
import { InvalidArgError, op } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../lib/boundary/command'
import { NO_CLIENT } from '../../lib/boundary/context'
import { REQUEST_HEADER, writeRequest } from '../../lib/boundary/request-block'
import { COMMANDS, type CommandEntry, type CommandName } from '../../lib/catalog/commands'
import * as commands from '../../lib/commands'
import { queryAggregate } from '../../lib/commands/aggregate'
import { ALL_PARTITIONS, type Statement } from '../../lib/query/statement'
import { batchOpening } from '../../lib/streams/batch-stream'
import { Reader, Writer } from '../../lib/wire/wire'

const KEY = ['test', 'users', 1] as const
const OTHER = ['bar', '', 2] as const
const ROWS = [KEY, OTHER, OTHER].map(key => ({ type: 'read' as const, key }))
const PLACE = { namespace: 'test', set: 'users' }
const INDEX = { ...PLACE, index: 'i' }
const STATEMENT: Statement = {
  ...PLACE,
  bins: undefined,
  header: false,
  where: undefined,
  operations: undefined,
  partitions: ALL_PARTITIONS,
  maxRecords: 0,
  cursor: new Uint8Array(0),
}
const NO_FORM = new Uint8Array(0)

/** The arguments of a call of each command that has a subject. */
const ARGUMENTS: { readonly [name: string]: readonly unknown[] } = {
  put: [KEY, { a: 1 }],
  removeBin: [KEY, 'a'],
  get: [KEY],
  select: [KEY, ['a']],
  exists: [KEY],
  getMeta: [KEY],
  getOrNull: [KEY],
  remove: [KEY],
  touch: [KEY],
  append: [KEY, 'a', 'x'],
  prepend: [KEY, 'a', 'x'],
  increment: [KEY, 'a', 1],
  operate: [KEY, [op.read('a')]],
  operateOrdered: [KEY, [op.read('a')]],
  apply: [KEY, 'module', 'fn', []],
  batchRead: [[KEY, OTHER, OTHER]],
  batchReadColumns: [[KEY, OTHER, OTHER], { a: 'i32' }],
  batchWrite: [[KEY, OTHER, OTHER].map(key => ({ key, bins: { a: 1 } }))],
  batchOperate: [[KEY, OTHER, OTHER], [op.read('a')]],
  batchRemove: [[KEY, OTHER, OTHER]],
  batchApply: [[KEY, OTHER, OTHER], 'module', 'fn', []],
  batch: [ROWS],
  batchWriteColumns: [{ ...PLACE, keys: [1, 2, 3], columns: { a: [1, 2, 3] } }],
  batchStream: batchOpening(ROWS, undefined, NO_CLIENT).args,
  query: [STATEMENT, undefined, 0, false, () => undefined, NO_FORM],
  'query.apply': [STATEMENT, 'module', 'fn', []],
  'query.operate': [{ ...STATEMENT, operations: [op.write('a', 1)] }],
  'query.aggregate': [STATEMENT, 'module', 'fn', [], undefined, () => undefined],
  createIndex: [{ ...INDEX, bin: 'a', datatype: 'integer' }],
  createSetIndex: [INDEX],
  dropIndex: ['test', 'i'],
  truncate: ['test', 'users'],
}

const DEFINED = new Map(
  Object.values({ ...commands, queryAggregate })
    .filter((value): value is Command<readonly unknown[], unknown> => typeof value === 'object' && 'encode' in value)
    .map(command => [command.name, command]),
)

function body(name: string, args: readonly unknown[]): Reader {
  const writer = new Writer(64)
  const command = DEFINED.get(name)
  if (command === undefined) throw new Error(`there is no command ${name}`)
  writeRequest(writer, command, NO_CLIENT, args, 0)
  const reader = new Reader(writer.buffer.subarray(0, writer.length))
  reader.at = REQUEST_HEADER
  return reader
}

const WITH_SUBJECT = (Object.entries(COMMANDS) as [CommandName, CommandEntry][]).flatMap(([name, { subject }]) =>
  subject === undefined ? [] : [{ name, subject }],
)

test.each(WITH_SUBJECT)('the request of $name begins with its subject', ({ name, subject }) => {
  const args = ARGUMENTS[name]
  expect(args, name).toBeDefined()
  const reader = body(name, args ?? [])
  expect([reader.name(), reader.name()]).toEqual(['test', name === 'dropIndex' ? '' : 'users'])
  if (subject === 'rows') expect(reader.u32()).toBe(3)
})

test.each([
  ['batchRead', [[]]],
  ['batchReadColumns', [[], { a: 'i32' }]],
  ['batch', [[]]],
])('%s of no rows has an empty subject', (name, args) => {
  const reader = body(name, args)
  expect([reader.name(), reader.name(), reader.u32()]).toEqual(['', '', 0])
})

describe('names that no server accepts', () => {
  const long = 'n'.repeat(32)
  const set = 's'.repeat(64)
  const index = { bin: 'a', datatype: 'integer', index: 'i' }

  test.each([
    ['truncate', [long, null], `truncate: namespace: "${long}" is longer than 31 bytes`],
    ['truncate', ['test', set], `truncate: set: "${set}" is longer than 63 bytes`],
    ['truncate', ['test', 'ä'.repeat(32)], 'is longer than 63 bytes'],
    ['truncate', ['te\ud800st', null], /^truncate: .* contains a lone surrogate/],
    ['dropIndex', [long, 'i'], 'dropIndex: namespace: '],
    ['createIndex', [{ ...index, namespace: long }], 'index.namespace: '],
    ['createIndex', [{ ...index, namespace: 'test', set }], 'index.set: '],
    ['createIndex', [{ ...index, namespace: 'test', set: '\ud800' }], /^index: .* contains a lone surrogate/],
  ])('%s refuses %j', (name, args, message) => {
    expect(() => body(name, args)).toThrow(InvalidArgError)
    expect(() => body(name, args)).toThrow(message)
  })
})
