/**
 * Secondary indexes: their definition, encoding and progress.
 */

import { IndexSource, IndexType } from '../catalog/formats'
import { describe } from '../common/describe'
import { invalidArgument, serverError } from '../common/errors'
import { monotonicNow } from '../common/globals'
import { checkOptions, optionsObject, wordOption } from '../common/options'
import { collectionNumber } from '../constants/collection-type'
import { type CdtContext, isContext } from '../expressions/cdt-context'
import { completeBytes, type Expression } from '../expressions/expression'
import { writeBinName } from '../operations/bin-name'
import type { TaskStatus } from '../tasks/task'
import { NAMESPACE_NAMES, type Namespaced, namespaceOf } from '../values/namespace'
import { writeText } from '../values/value'
import type { Writer } from '../wire/wire'
import type { InfoResult } from './info'
import { checkAnswer, infoName, rowsOf, writeInfoSpace } from './info'
import type { Watch } from './watch'

/**
 * The data type of the indexed values. `integer` and `numeric` are the same.
 *
 * - `integer`, `numeric`: integers.
 * - `string`: strings.
 * - `blob`: bytes (server 7.0 and later).
 * - `geo2dsphere`: GeoJSON points and regions.
 */
export type IndexDataType = 'integer' | 'numeric' | 'string' | 'blob' | 'geo2dsphere'

/**
 * The part of a bin's value that is indexed.
 *
 * - `default`: the value itself.
 * - `list`: each item of a list.
 * - `mapkeys`: each key of a map.
 * - `mapvalues`: each value of a map.
 */
export type IndexCollectionType = 'default' | 'list' | 'mapkeys' | 'mapvalues'

/** The location and the name of an index. */
export type IndexName = Namespaced & {
  /** Set. Default: the index covers the records of all sets. */
  set?: string | null | undefined
  /** Name of the index, unique in its namespace. */
  index: string
}

/** An index on a bin. */
export type BinIndex = IndexName & {
  /** Name of the bin. */
  bin: string
  /** The part of the bin's value that is indexed. Default `default`: the value itself. */
  type?: IndexCollectionType | undefined
  /** Path to a list, map or value nested inside the bin. */
  context?: CdtContext | undefined
}

/** An index on the result of an expression for each record (server 8.1 and later). */
export type ExpressionIndex = IndexName & {
  /** The expression. */
  exp: Expression
  /** The part of the result that is indexed. Default `default`: the result itself. */
  type?: IndexCollectionType | undefined
}

/** An index on a bin or on an expression. */
export type IndexOptions = (BinIndex | ExpressionIndex) & {
  /** Data type of the indexed values. */
  datatype: IndexDataType
}

/** An index of a set's records (server 8.1.2 and later). */
export type SetIndex = IndexName & {
  /** The set whose records are indexed. */
  set: string
}

/** The definition and state of an index, as a node reports it. */
export interface IndexInfo {
  /** Namespace. */
  readonly namespace: string
  /** Alias of `namespace`: the former name; not enumerable. @deprecated Use `namespace`. */
  readonly ns: string
  /** Set; null if the index covers all sets. */
  readonly set: string | null
  /** Name of the index. */
  readonly index: string
  /** Name of the bin; null for indexes on expressions and sets. */
  readonly bin: string | null
  /** Data type as the server reports it, in lower case, such as `numeric`. */
  readonly datatype: string
  /** Collection type as the server reports it, in lower case, such as `default` or `list`. */
  readonly type: string
  /** State: `RW` if queries can use the index, `WO` while it is being built. */
  readonly state: string
}

const DATATYPE = wordOption({
  integer: IndexType.NUMERIC,
  numeric: IndexType.NUMERIC,
  string: IndexType.STRING,
  blob: IndexType.BLOB,
  geo2dsphere: IndexType.GEO2DSPHERE,
})
const KNOWN = [...NAMESPACE_NAMES, 'set', 'index', 'bin', 'exp', 'type', 'datatype', 'context']

function writeNames(writer: Writer, given: { [name: string]: unknown }, known: readonly string[]): string {
  checkOptions(given, 'index', known)
  writeInfoSpace(writer, namespaceOf(given, 'index'), given.set, 'index.')
  const name = infoName(given.index, 'index.index')
  writeText(writer, name, 'index.index')
  return name
}

function writeBinText(writer: Writer, bin: unknown): void {
  // Validated as a bin name, but written as text: it becomes part of an info command.
  const at = writer.length
  writeBinName(writer, bin, 'index.bin')
  writer.length = at
  writeText(writer, infoName(bin, 'index.bin'), 'index.bin')
}

/** Writes the definition of an index on values. */
export function writeIndex(writer: Writer, options: IndexOptions): void {
  const given = optionsObject(options, 'index')
  writeNames(writer, given, KNOWN)
  const { bin, exp, context } = given
  if ((bin === undefined) === (exp === undefined)) {
    throw invalidArgument(
      `index: either a bin or an expression (exp) is needed, not ${bin === undefined ? 'none' : 'both'}`,
    )
  }
  writer.u8(exp === undefined ? IndexSource.BIN : IndexSource.EXPRESSION)
  writer.u8(DATATYPE(given.datatype, 'index.datatype'))
  writer.u8(collectionNumber(given.type, 'index.type'))
  if (exp !== undefined) {
    if (context !== undefined) throw invalidArgument('index.context: an index on an expression has no context')
    writeText(writer, '', 'index.bin')
    writer.blob(completeBytes(exp, 'index.exp'))
    return
  }
  writeBinText(writer, bin)
  if (context === undefined) writer.blob(Buffer.alloc(0))
  else if (isContext(context)) writer.blob(context.bytes)
  else throw invalidArgument(`index.context: a CdtContext is needed, not ${describe(context)}`)
}

/** Writes the definition of a set index. */
export function writeSetIndex(writer: Writer, options: SetIndex): void {
  const given = optionsObject(options, 'index')
  infoName(given.set, 'index.set')
  writeNames(writer, given, [...NAMESPACE_NAMES, 'set', 'index'])
  writer.u8(IndexSource.SET)
  writer.u8(0)
  writer.u8(0)
  writeText(writer, '', 'index.bin')
  writer.blob(Buffer.alloc(0))
}

/** Other nodes learn of a new index shortly after the node that created it. */
const GRACE_MS = 5000

/**
 * The namespace and the name of an index to create, as they are when the call is made. Invalid ones are rejected when the
 * options are written.
 */
export function indexIn(options: IndexOptions | SetIndex): { readonly namespace: string; readonly index: string } {
  const { namespace, ns, index } = (options ?? {}) as Partial<SetIndex>
  return { namespace: String(namespace ?? ns), index: String(index) }
}

/** How to poll the state of an index: an info request, and a parser of the nodes' answers. */
export function indexWatch(namespace: string, index: string): Watch {
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
      else throw serverError(201, `there is no index ${index} in the namespace ${namespace}`, 'createIndex')
    }
    return { done: answers.length > 0 && progress >= 100, progress: answers.length === 0 ? 0 : progress }
  }
  // A node loads all entries of an index before it lets queries use it.
  const confirm = {
    request: `sindex-list:namespace=${namespace}`,
    read: (answers: readonly InfoResult[]): TaskStatus => {
      const rows = answers.flatMap(({ response, error }) => {
        if (error !== null) throw error
        return readIndexes(response)
      })
      const done = !rows.some(row => row.index === index && row.state === 'WO')
      return { done, progress: done ? 100 : 99 }
    },
  }
  return { request: `sindex-stat:namespace=${namespace};indexname=${index}`, read, confirm }
}

/** How to poll a removed index until no node has it any more. */
export function removalWatch(namespace: string, index: string): Watch {
  const read = (answers: readonly InfoResult[]): TaskStatus => {
    const gone = answers.filter(({ response, error }) => {
      if (error !== null) throw error
      return response === 'false'
    })
    const progress = answers.length === 0 ? 0 : Math.floor((100 * gone.length) / answers.length)
    return { done: progress === 100, progress }
  }
  return { request: `sindex-exists:namespace=${namespace};indexname=${index}`, read }
}

/** Parses a node's list of indexes. */
export function readIndexes(response: string): IndexInfo[] {
  return rowsOf(checkAnswer(response, 'indexList')).map(row => {
    const { ns = '' } = row
    const found = {
      namespace: ns,
      set: absent(row.set),
      index: row.indexname ?? '',
      bin: absent(row.bin),
      datatype: (row.type ?? '').toLowerCase(),
      type: (row.indextype ?? '').toLowerCase(),
      state: row.state ?? '',
    }
    return Object.defineProperty(found, 'ns', { value: ns }) as IndexInfo
  })
}

function absent(text: string | undefined): string | null {
  return text === undefined || text === '' || text === 'NULL' || text === 'null' ? null : text
}
