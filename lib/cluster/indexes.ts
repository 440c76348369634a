/**
 * Secondary indexes: what they are made of, and how far they are.
 */

import { describe } from '../common/describe'
import { invalidArgument, serverError } from '../common/errors'
import { monotonicNow } from '../common/globals'
import { optionsObject, unknownOption, wordOption } from '../common/options'
import { type CdtContext, isContext } from '../expressions/cdt-context'
import { completeBytes, type Expression } from '../expressions/expression'
import { writeBinName } from '../operations/bin-name'
import type { TaskStatus } from '../tasks/task'
import { writeText } from '../values/value'
import type { Writer } from '../wire/wire'
import type { InfoResult } from './info'
import { checkAnswer, infoName, rowsOf } from './info'

/** What the indexed values are. `integer` and `numeric` are the same. */
export type IndexDataType = 'integer' | 'numeric' | 'string' | 'blob' | 'geo2dsphere'

/** Which part of a bin's value is indexed: itself, or each element of a list, key or value of a map. */
export type IndexCollectionType = 'default' | 'list' | 'mapkeys' | 'mapvalues'

/** Where an index is, and its name. */
export interface IndexName {
  /** Namespace. */
  ns: string
  /** Set; without one, the records of all sets are indexed. */
  set?: string | null
  /** The index's name, unique in its namespace. */
  index: string
}

/** An index on a bin. */
export interface BinIndex extends IndexName {
  /** The bin. */
  bin: string
  /** What is indexed of it. Default: itself. */
  type?: IndexCollectionType
  /** The way to the list, map or value inside the bin. */
  context?: CdtContext
}

/** An index on what an expression gives for each record (8.1 and later). */
export interface ExpressionIndex extends IndexName {
  /** The expression. */
  exp: Expression
  /** What is indexed of its result. Default: itself. */
  type?: IndexCollectionType
}

/** An index of any kind on values. */
export type IndexOptions = (BinIndex | ExpressionIndex) & {
  /** What the values are. */
  datatype: IndexDataType
}

/** An index of a set's records (8.1.2 and later). */
export interface SetIndex extends IndexName {
  set: string
}

/** An index, as a node tells of it. */
export interface IndexInfo {
  readonly ns: string
  /** Null for all sets. */
  readonly set: string | null
  readonly index: string
  /** Null for indexes on expressions and sets. */
  readonly bin: string | null
  /** As the server says it, in lower case, such as `numeric`. */
  readonly datatype: string
  /** As the server says it, in lower case, such as `default`, `list`. */
  readonly type: string
  /** Whether queries can use it, such as `RW`, or `WO` while it is being built. */
  readonly state: string
}

const DATATYPE = wordOption({ integer: 0, numeric: 0, string: 1, blob: 2, geo2dsphere: 3 })
const COLLECTION = wordOption({ default: 0, list: 1, mapkeys: 2, mapvalues: 3 })
const KNOWN = ['ns', 'set', 'index', 'bin', 'exp', 'type', 'datatype', 'context']
const What = { BIN: 0, EXPRESSION: 1, SET: 2 } as const

function writeNames(writer: Writer, given: { [name: string]: unknown }, known: readonly string[]): string {
  for (const name of Object.keys(given)) {
    if (!known.includes(name) && given[name] !== undefined) unknownOption(name, 'index', known)
  }
  const { set } = given
  writeText(writer, infoName(given.ns, 'index.ns'), 'index.ns')
  writeText(writer, set === undefined || set === null ? '' : infoName(set, 'index.set'), 'index.set')
  const name = infoName(given.index, 'index.index')
  writeText(writer, name, 'index.index')
  return name
}

function writeBinText(writer: Writer, bin: unknown): void {
  // Checked as a bin name, written as text: it becomes part of an info command.
  const at = writer.length
  writeBinName(writer, bin, 'index.bin')
  writer.length = at
  writeText(writer, infoName(bin, 'index.bin'), 'index.bin')
}

/** Writes what an index on values is made of. */
export function writeIndex(writer: Writer, options: IndexOptions): void {
  const given = optionsObject(options, 'index')
  writeNames(writer, given, KNOWN)
  const { bin, exp, context } = given
  if ((bin === undefined) === (exp === undefined)) {
    throw invalidArgument(
      `index: either a bin or an expression (exp) is needed, not ${bin === undefined ? 'none' : 'both'}`,
    )
  }
  writer.u8(exp === undefined ? What.BIN : What.EXPRESSION)
  writer.u8(DATATYPE(given.datatype, 'index.datatype'))
  writer.u8(given.type === undefined ? 0 : COLLECTION(given.type, 'index.type'))
  if (exp !== undefined) {
    if (context !== undefined) throw invalidArgument('index.context: an index on an expression takes none')
    writeText(writer, '', 'index.bin')
    writer.blob(completeBytes(exp, 'index.exp'))
    return
  }
  writeBinText(writer, bin)
  if (context === undefined) writer.blob(Buffer.alloc(0))
  else if (isContext(context)) writer.blob(context.bytes)
  else throw invalidArgument(`index.context: a CdtContext is needed, not ${describe(context)}`)
}

/** Writes what an index of a set is made of. */
export function writeSetIndex(writer: Writer, options: SetIndex): void {
  const given = optionsObject(options, 'index')
  infoName(given.set, 'index.set')
  writeNames(writer, given, ['ns', 'set', 'index'])
  writer.u8(What.SET)
  writer.u8(0)
  writer.u8(0)
  writeText(writer, '', 'index.bin')
  writer.blob(Buffer.alloc(0))
}

/** A node hears of a new index a moment after the one that was asked to make it. */
const GRACE_MS = 5000

/** How to ask for an index's state, and how to understand what the nodes say. */
export function indexWatch(
  ns: string,
  index: string,
): { request: string; read: (answers: readonly InfoResult[]) => TaskStatus } {
  const until = monotonicNow() + GRACE_MS
  const read = (answers: readonly InfoResult[]): TaskStatus => {
    let progress = 100
    for (const { response, error } of answers) {
      if (error !== null) throw error
      const loaded = /(?:^|[;:])load_pct=(?<percent>\d+)/.exec(response)?.groups
      if (loaded !== undefined) progress = Math.min(progress, Number(loaded.percent))
      else if (!/^(?:ERROR|FAIL):201\b/.test(response)) {
        checkAnswer(response, `createIndex ${index}`)
        progress = 0
      } else if (monotonicNow() < until) progress = 0
      else throw serverError(201, `there is no index ${index} in the namespace ${ns}`, 'createIndex')
    }
    return { done: answers.length > 0 && progress >= 100, progress: answers.length === 0 ? 0 : progress }
  }
  return { request: `sindex-stat:namespace=${ns};indexname=${index}`, read }
}

/** What a removed index's nodes say until the last has forgotten it. */
export function removalWatch(ns: string, index: string): ReturnType<typeof indexWatch> {
  const read = (answers: readonly InfoResult[]): TaskStatus => {
    const gone = answers.filter(({ response, error }) => {
      if (error !== null) throw error
      return response === 'false'
    })
    const progress = answers.length === 0 ? 0 : Math.floor((100 * gone.length) / answers.length)
    return { done: progress === 100, progress }
  }
  return { request: `sindex-exists:namespace=${ns};indexname=${index}`, read }
}

/** Reads a node's list of indexes. */
export function readIndexes(response: string): IndexInfo[] {
  return rowsOf(checkAnswer(response, 'indexList')).map(row => ({
    ns: row.ns ?? '',
    set: absent(row.set),
    index: row.indexname ?? '',
    bin: absent(row.bin),
    datatype: (row.type ?? '').toLowerCase(),
    type: (row.indextype ?? '').toLowerCase(),
    state: row.state ?? '',
  }))
}

function absent(text: string | undefined): string | null {
  return text === undefined || text === '' || text === 'NULL' || text === 'null' ? null : text
}
