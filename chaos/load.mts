/**
 * The load: calls of every family, each checked against what may be true of its result.
 */
import { AerospikeError, batchRow, type Client, Key, lists, RecordNotFoundError } from 'aerospike-napi'
import type { Ledger, Mark, Outcome } from './ledger.mjs'
import type { Random } from './random.mjs'

export const NAMESPACE = 'test'
/** Number of records that never change, for queries and batches of reads. */
export const FIXED = 2000
export const LISTS = 200
export const COUNTERS = 50

/** Names of the sets of one run. */
export interface Sets {
  readonly records: string
  readonly lists: string
  readonly counters: string
  readonly fixed: string
}

/** Names sets that no other run uses. */
export function setsOf(run: string): Sets {
  const name = (kind: string): string => `chaos-${run}-${kind}`
  return { records: name('records'), lists: name('lists'), counters: name('counters'), fixed: name('fixed') }
}

/** How many calls of a kind succeeded and failed. */
export interface Counts {
  ok: number
  failed: number
  inDoubt: number
}

/** The state that all calls of a run share. */
export interface Load {
  readonly client: Client
  readonly sets: Sets
  readonly ledger: Ledger
  readonly random: Random
  /** Whether a read must return what was acknowledged before: see `Cluster.consistent`. */
  readonly consistent: boolean
  readonly counts: Map<string, Counts>
  /** Number of errors of each kind, by code. */
  readonly errors: Map<string, number>
}

type Kind = (load: Load) => Promise<void>

/** The kinds of calls, with their share of the load. */
const KINDS: readonly (readonly [string, number, Kind])[] = [
  ['put', 20, put],
  ['get', 25, get],
  ['operate', 20, append],
  ['increment', 10, increment],
  ['remove', 5, remove],
  ['batchWrite', 3, batchWrite],
  ['batchOperate', 3, batchOperate],
  ['batchWriteColumns', 3, batchWriteColumns],
  ['batchRead', 5, batchRead],
  ['batchReadColumns', 3, batchReadColumns],
  ['batchStream', 1, batchStream],
  ['query', 1, query],
]
/** Each kind as often as its share says. */
const CHOICES = KINDS.flatMap(([name, share, kind]) => Array.from({ length: share }, () => [name, kind] as const))

/** Makes one call of a random kind. Never rejects. */
export async function callOnce(load: Load): Promise<void> {
  const [name, kind] = load.random.pick(CHOICES)
  const counts = load.counts.get(name) ?? { ok: 0, failed: 0, inDoubt: 0 }
  load.counts.set(name, counts)
  try {
    await kind(load)
    counts.ok++
  } catch (error) {
    counts.failed++
    if (!(error instanceof AerospikeError)) {
      load.ledger.violation(`${name} rejected with ${String(error)}`)
      return
    }
    if (error.inDoubt) counts.inDoubt++
    load.errors.set(error.code, (load.errors.get(error.code) ?? 0) + 1)
  }
}

/** Key of a record with one write. */
export function recordKey({ records }: Sets, id: number): Key {
  return new Key(NAMESPACE, records, id)
}

/** Awaits a write, and sets its outcome. */
async function tracked(mark: Mark, write: Promise<unknown>): Promise<void> {
  try {
    await write
    mark.outcome = 'acknowledged'
  } catch (error) {
    mark.outcome = outcomeOf(error)
    mark.error = String(error)
    throw error
  }
}

function outcomeOf(error: unknown): Outcome {
  return error instanceof AerospikeError && !error.inDoubt ? 'refused' : 'in doubt'
}

async function put({ client, sets, ledger, random }: Load): Promise<void> {
  const maxRetries = random.chance(0.2) ? 2 : 0
  const mark = ledger.record(maxRetries > 0)
  await tracked(
    mark,
    client.put(recordKey(sets, mark.id), { id: mark.id, text: 'x'.repeat(mark.id % 200) }, null, { maxRetries }),
  )
}

/** A record that was acknowledged, and that nobody removes. */
function acknowledged({ ledger, random }: Load): Mark | undefined {
  for (let attempt = 0; attempt < 5 && ledger.records.length > 0; attempt++) {
    const mark = random.pick(ledger.records)
    if (mark.outcome === 'acknowledged' && mark.removal === undefined) return mark
  }
  return undefined
}

async function get(load: Load): Promise<void> {
  const mark = acknowledged(load)
  if (mark === undefined) return
  try {
    const { bins } = await load.client.get(recordKey(load.sets, mark.id))
    if (bins.id !== mark.id) load.ledger.violation(`get of record ${mark.id} returned ${JSON.stringify(bins.id)}`)
  } catch (error) {
    if (error instanceof RecordNotFoundError && load.consistent && mark.removal === undefined) {
      load.ledger.violation(`get did not find record ${mark.id}, which was acknowledged`)
    }
    throw error
  }
}

async function append({ client, sets, ledger, random }: Load): Promise<void> {
  const list = random.between(0, LISTS - 1)
  const maxRetries = random.chance(0.2) ? 2 : 0
  const mark = ledger.element(list, maxRetries > 0)
  await tracked(
    mark,
    client.operate([NAMESPACE, sets.lists, list], [lists.append('ids', mark.id)], null, { maxRetries }),
  )
}

async function increment({ client, sets, ledger, random }: Load): Promise<void> {
  const number = random.between(0, COUNTERS - 1)
  const counter = ledger.counters[number]
  if (counter === undefined) return
  try {
    await client.increment([NAMESPACE, sets.counters, number], 'n', 1)
    counter.acknowledged++
  } catch (error) {
    if (outcomeOf(error) === 'in doubt') counter.inDoubt++
    throw error
  }
}

async function remove(load: Load): Promise<void> {
  const mark = acknowledged(load)
  if (mark === undefined) return
  mark.removal = 'pending'
  try {
    await load.client.remove(recordKey(load.sets, mark.id))
    mark.removal = 'acknowledged'
  } catch (error) {
    mark.removal = outcomeOf(error)
    if (error instanceof RecordNotFoundError && load.consistent) {
      load.ledger.violation(`remove did not find record ${mark.id}, which was acknowledged`)
    }
    throw error
  }
}

/** The outcome of a row of a batch of writes. */
interface WrittenRow {
  readonly index: number
  readonly error: AerospikeError | null
  readonly inDoubt: boolean
}

/** Awaits a batch of writes, and sets the outcome of each row. */
async function trackedRows(marks: readonly Mark[], batch: Promise<Iterable<WrittenRow>>): Promise<void> {
  try {
    for (const { index, error, inDoubt } of await batch) {
      const mark = marks[index]
      if (mark === undefined) throw new RangeError(`a batch of ${marks.length} rows has a row ${index}`)
      mark.outcome = error === null ? 'acknowledged' : inDoubt ? 'in doubt' : 'refused'
      if (error !== null) mark.error = `${error}`
    }
  } catch (error) {
    for (const mark of marks) {
      mark.outcome = outcomeOf(error)
      mark.error = String(error)
    }
    throw error
  }
}

function newRecords({ ledger, random }: Load): Mark[] {
  return Array.from({ length: random.between(1, 40) }, () => ledger.record(false))
}

async function batchWrite(load: Load): Promise<void> {
  const marks = newRecords(load)
  const records = marks.map(({ id }) => ({ key: recordKey(load.sets, id), bins: { id } }))
  await trackedRows(marks, load.client.batchWrite(records))
}

async function batchOperate({ client, sets, ledger, random }: Load): Promise<void> {
  const chosen = new Set(Array.from({ length: 20 }, () => random.between(0, LISTS - 1)))
  const rows = [...chosen].map(list => ({ list, mark: ledger.element(list, false) }))
  const requests = rows.map(({ list, mark }) =>
    batchRow.operate([NAMESPACE, sets.lists, list], [lists.append('ids', mark.id)]),
  )
  await trackedRows(
    rows.map(({ mark }) => mark),
    client.batch(requests),
  )
}

async function batchWriteColumns(load: Load): Promise<void> {
  const marks = newRecords(load)
  const id = Int32Array.from(marks, mark => mark.id)
  const data = { namespace: NAMESPACE, set: load.sets.records, keys: id, columns: { id } }
  const written = load.client
    .batchWriteColumns(data)
    .then(rows => marks.map((_, index) => ({ index, error: rows.error(index), inDoubt: rows.inDoubt(index) })))
  await trackedRows(marks, written)
}

function fixedKeys({ sets, random }: Load): { ids: number[]; keys: Key[] } {
  const ids = Array.from({ length: random.between(1, 200) }, () => random.between(0, FIXED - 1))
  return { ids, keys: ids.map(id => new Key(NAMESPACE, sets.fixed, id)) }
}

async function batchRead(load: Load): Promise<void> {
  const { ids, keys } = fixedKeys(load)
  const rows = await load.client.batchRead(keys)
  for (const { index, record, error } of rows) checkFixed(load, 'batchRead', ids[index], record?.bins.id, error)
}

async function batchReadColumns(load: Load): Promise<void> {
  const { ids, keys } = fixedKeys(load)
  const columns = await load.client.batchReadColumns(keys, { id: 'i32' })
  for (const [index, id] of ids.entries()) {
    if (columns.resultCodes[index] === 0 && columns.columns.id[index] !== id) {
      load.ledger.violation(`batchReadColumns returned ${columns.columns.id[index]} for the fixed record ${id}`)
    }
  }
}

async function batchStream(load: Load): Promise<void> {
  const { ids, keys } = fixedKeys(load)
  const seen = new Set<number>()
  for await (const { index, record, error } of load.client.batchStream(keys.map(key => batchRow.read(key)))) {
    if (seen.has(index)) load.ledger.violation(`batchStream returned the row ${index} twice`)
    seen.add(index)
    checkFixed(load, 'batchStream', ids[index], record?.bins.id, error)
  }
  if (seen.size !== ids.length) load.ledger.violation(`batchStream returned ${seen.size} of ${ids.length} rows`)
}

function checkFixed(
  { ledger, consistent }: Load,
  what: string,
  id: number | undefined,
  found: unknown,
  error: AerospikeError | null,
): void {
  if (error === null && found !== id) ledger.violation(`${what} returned ${String(found)} for the fixed record ${id}`)
  if (error instanceof RecordNotFoundError && consistent)
    ledger.violation(`${what} did not find the fixed record ${id}`)
}

async function query({ client, sets, ledger, consistent }: Load): Promise<void> {
  const seen = new Uint8Array(FIXED)
  let count = 0
  for await (const { bins } of client.query(NAMESPACE, sets.fixed)) {
    const id = Number(bins.id)
    if (seen[id] !== 0) ledger.violation(`a query returned the fixed record ${id} twice`)
    seen[id] = 1
    count++
  }
  if (count !== FIXED && consistent) ledger.violation(`a query returned ${count} of ${FIXED} records, without an error`)
}

/** Writes the records that never change. */
export async function writeFixed(client: Client, sets: Sets): Promise<void> {
  const records = Array.from({ length: FIXED }, (_, id) => ({ key: new Key(NAMESPACE, sets.fixed, id), bins: { id } }))
  for (const { error } of await client.batchWrite(records, { totalTimeout: 30_000 })) if (error !== null) throw error
}
