/**
 * Parsing of info responses.
 */

import { describe } from '../common/describe'
import { type AerospikeError, badResponse, invalidArgument, serverError } from '../common/errors'
import { setOwn } from '../common/objects'
import { quote } from '../common/shorten'
import { MAX_NAMESPACE, MAX_SET } from '../values/key'
import { writeSpace } from '../values/subject'
import type { Writer } from '../wire/wire'

/** One node's response to an info command. */
export interface InfoResult {
  /** Name of the node. */
  readonly node: string
  /** The response; empty if the node did not answer. */
  readonly response: string
  /** Why the node did not answer, or null. */
  readonly error: AerospikeError | null
}

/** A part of an info response: text, an exact number, or a nested value. */
export type InfoValue = string | number | InfoRecord | InfoValue[]

/** Name -> value. */
export interface InfoRecord {
  [name: string]: InfoValue
}

/** A set, summed over all nodes. */
export interface SetInfo {
  /** Name of the namespace. */
  readonly namespace: string
  /** Name of the set. */
  readonly set: string
  /** Records on all nodes; with replicas, each copy of a record counts. */
  readonly objects: number
  /** Tombstones on all nodes: records that were deleted durably. */
  readonly tombstones: number
  /** Bytes of data on all nodes. */
  readonly bytes: number
  /** Number of secondary indexes. */
  readonly indexes: number
}

/**
 * Info commands that change nothing, without their arguments. The client assumes that any other command may change
 * something.
 */
const QUESTIONS: ReadonlySet<string> = new Set(
  `alumni-clear-std alumni-tls-std best-practices bins build build_ee_sha build_os build_time cluster-name cluster-stable
  cluster-generation compatibility-id digests edition endpoints feature-key features get-config get-stats health-outliers
  health-stats histogram jobs latencies log log-message logs mcast mesh name namespace namespaces node objects
  partition-generation partition-info peers-clear-alt peers-clear-std peers-generation peers-tls-alt peers-tls-std
  query-show rack-ids racks rebalance-generation release replicas roster scan-show service service-clear-alt
  service-clear-std service-tls-alt service-tls-std services services-alternate services-alumni sets sindex sindex-describe
  sindex-exists sindex-list sindex-stat smd-info statistics stats status throughput udf-get udf-list udf-stats version`.split(
    /\s+/,
  ),
)

/** Returns whether an info command, or one of several on separate lines, may change something. */
export function mayChange(command: string): boolean {
  return command.split('\n').some(line => line !== '' && !QUESTIONS.has((line.split(/[:/]/, 1)[0] as string).trim()))
}

function scalar(text: string): string | number {
  if (!/^-?(?:0|[1-9]\d*)$/.test(text)) return text
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}

function fields(text: string, separator: string): InfoRecord | undefined {
  const record: InfoRecord = {}
  for (const part of text.split(separator)) {
    const at = part.indexOf('=')
    // With duplicate names an object would lose a value, so such a response becomes a list.
    if (at <= 0 || Object.hasOwn(record, part.slice(0, at))) return undefined
    setOwn(record, part.slice(0, at), scalar(part.slice(at + 1)))
  }
  return record
}

/**
 * Parses an info response by its format: `a=1;b=2` as an object, `ns=test:set=a;ns=test:set=b` as a list of objects,
 * `a;b` as a list, and anything else as text or an exact integer. A trailing `;` is ignored.
 *
 * @param response - the text of a response
 * @returns the parsed value
 * @throws InvalidArgError if the response is not a string
 */
export function parseInfo(response: string): InfoValue {
  if (typeof response !== 'string') throw invalidArgument(`info.parse: a string is needed, not ${describe(response)}`)
  const text = response.endsWith(';') ? response.slice(0, -1) : response
  const parts = text.split(';')
  const rows = parts.map(part => (part.includes(':') ? fields(part, ':') : undefined))
  if (text !== '' && rows.every(row => row !== undefined)) return rows
  const record = fields(text, ';')
  if (record !== undefined) return record
  return parts.length > 1 ? parts.map(scalar) : scalar(text)
}

/**
 * Returns a response unchanged, or throws if it is an error.
 * @param failed - creates the error: `refusedWrite` if the command writes
 * @throws ServerError with the code in the response
 */
export function checkAnswer(response: string, doing: string, failed = serverError): string {
  const failure = /^(?:ERROR|FAIL)(?:[:=](?<code>\d+))?(?:[:=](?<message>[^;]*))?/i.exec(response)?.groups
  if (failure === undefined) return response
  throw failed(Number(failure.code ?? 1), failure.message ?? response, doing)
}

/** Parses the rows of a response such as `ns=test:set=a:objects=1;ns=...`. */
export function rowsOf(response: string): { [name: string]: string }[] {
  return response
    .split(';')
    .filter(row => row !== '')
    .map(row =>
      Object.fromEntries(
        row.split(':').map(field => {
          const at = field.indexOf('=')
          return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)]
        }),
      ),
    )
}

/** A server's answer about the sets of a namespace that it does not have. */
const UNKNOWN_NAMESPACE = 'ns_type=unknown'

/**
 * Parses the rows of a response about sets. A server accepts set names that contain the separators of fields and rows,
 * so the next field marks the end of a name. A line break in a name ends the response, and with it the list.
 */
function setRows(response: string): { [name: string]: string }[] {
  const rows = /ns=([^:;]*):set=(.*?):(objects=\d+(?::[^:;=]+=[^:;]*)*)(?:;|$)/gsy
  const found: { [name: string]: string }[] = []
  const end = response.replace(/;$/, '').length
  let at = 0
  for (let row = rows.exec(response); row !== null; row = rows.exec(response)) {
    const [, ns = '', set = '', fields = ''] = row
    found.push({ ...rowsOf(fields)[0], ns, set })
    at = rows.lastIndex
  }
  if (response === UNKNOWN_NAMESPACE) throw serverError(20, 'there is no such namespace', 'sets')
  if (at < end) {
    throw badResponse(
      `sets: a node's list ends within the name of a set, which contains a line break: ${quote(response.slice(at))}`,
    )
  }
  return found
}

/** Sums the set statistics of all nodes. */
export function addUpSets(responses: readonly string[]): SetInfo[] {
  const sets = new Map<string, { -readonly [K in keyof SetInfo]: SetInfo[K] }>()
  for (const row of responses.flatMap(setRows)) {
    const [namespace, set] = [row.ns ?? '', row.set ?? '']
    const name = `${namespace}\n${set}`
    const sum = sets.get(name) ?? { namespace, set, objects: 0, tombstones: 0, bytes: 0, indexes: 0 }
    sum.objects += Number(row.objects ?? 0)
    sum.tombstones += Number(row.tombstones ?? 0)
    sum.bytes += Number(row.data_used_bytes ?? row.memory_data_bytes ?? 0)
    sum.indexes = Math.max(sum.indexes, Number(row.sindexes ?? 0))
    sets.set(name, sum)
  }
  return [...sets.values()]
}

/** Returns the lower of two builds. */
export function lowerBuild(one: string, other: string): string {
  const [a, b] = [one.split('.').map(Number), other.split('.').map(Number)]
  for (let part = 0; part < Math.max(a.length, b.length); part++) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0)
    if (difference !== 0) return difference < 0 ? one : other
  }
  return one
}

/** Validates a name that becomes part of an info command; rejects characters that would end it there. */
export function infoName(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') {
    throw invalidArgument(`${where}: a name is needed, not ${value === '' ? 'an empty string' : describe(value)}`)
  }
  // Control characters would end the info command, the others a field of it.
  const wrong = [...value].find(character => ';:='.includes(character) || character < ' ')
  if (wrong !== undefined) {
    throw invalidArgument(`${where}: ${quote(value)} contains ${quote(wrong)}, which is not allowed in a name`)
  }
  return value
}

function boundedName(value: unknown, max: number, where: string): string {
  const name = infoName(value, where)
  if (Buffer.byteLength(name) > max) throw invalidArgument(`${where}: ${quote(name)} is longer than ${max} bytes`)
  return name
}

/**
 * Writes the subject of a command that becomes an info command. A set of null or undefined means none. `where` precedes
 * `namespace` and `set` in errors.
 */
export function writeInfoSpace(writer: Writer, namespace: unknown, set: unknown, where: string): void {
  const space = boundedName(namespace, MAX_NAMESPACE, `${where}namespace`)
  const part = set === null || set === undefined ? '' : boundedName(set, MAX_SET, `${where}set`)
  writeSpace(writer, space, part, where.replace(/\W+$/, ''))
}

/**
 * Helpers for the responses of `infoAll`, `infoNode` and `infoRandomNode`.
 *
 * @example
 * ```ts
 * for (const { node, response } of await client.infoAll('statistics')) console.log(node, info.parse(response))
 * ```
 */
export const info = {
  /** Parses a response by its format; see `parseInfo`. */
  parse: parseInfo,
} as const
