/**
 * Runs a load on a cluster while its nodes fail, and compares the records with the answers that callers got.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, type ClientConfig, connect, Key } from 'aerospike-napi'
import { type Cluster, type FaultEvent, injectFaults } from './faults.mjs'
import { Ledger } from './ledger.mjs'
import { COUNTERS, type Counts, callOnce, LISTS, type Load, NAMESPACE, recordKey, setsOf, writeFixed } from './load.mjs'
import { Random } from './random.mjs'

/** Options of {@link runChaos}. */
export interface ChaosOptions {
  /** How long the load and the faults last, in seconds. */
  readonly seconds: number
  /** Seed of the faults and of the calls. The same seed makes the same faults; how calls interleave depends on time. */
  readonly seed: number
  /** Number of calls in flight. */
  readonly inFlight: number
  /** Further configuration of the client. */
  readonly config?: ClientConfig
  /** Called for each fault. */
  readonly onFault?: (event: FaultEvent) => void
}

/** The result of a run. */
export interface ChaosReport {
  readonly seed: number
  readonly seconds: number
  /** Calls by kind. */
  readonly calls: { readonly [kind: string]: Counts }
  /** Errors of calls by code. Faults cause errors: they are no violations. */
  readonly errors: { readonly [code: string]: number }
  readonly faults: readonly FaultEvent[]
  /** Numbers of records, elements of lists and increments that were compared at the end. */
  readonly compared: { readonly records: number; readonly elements: number; readonly increments: number }
  /** What must not happen: lost writes, writes that were said not to be applied, calls that did not settle. */
  readonly violations: readonly string[]
}

/** How long calls in flight may take to settle when the load has ended: above every total timeout. */
const SETTLE_MS = 30_000
const TOTAL_TIMEOUT = 1000

/** Policies of the load: short deadlines, and the retries that a user would have. */
const POLICIES: ClientConfig = {
  connectTimeout: 10_000,
  tendInterval: 250,
  maxConnsPerNode: 100,
  policies: {
    read: { totalTimeout: TOTAL_TIMEOUT },
    write: { totalTimeout: TOTAL_TIMEOUT },
    batch: { totalTimeout: 2 * TOTAL_TIMEOUT },
    query: { totalTimeout: 5 * TOTAL_TIMEOUT },
  },
}

/**
 * Runs the load and the faults, and then compares every record with the answers that its writers got.
 *
 * @param cluster - the cluster: see `localCluster` and `externalCluster`
 * @returns the report; the run passed if it has no violations
 */
export async function runChaos(cluster: Cluster, options: ChaosOptions): Promise<ChaosReport> {
  const { seconds, seed, inFlight } = options
  const config = { ...POLICIES, hosts: cluster.hosts, ...options.config }
  const sets = setsOf(`${seed}-${Date.now().toString(36)}`)
  const ledger = new Ledger(LISTS, COUNTERS)
  const faults: FaultEvent[] = []
  await using client = await connect(config)
  const load: Load = {
    client,
    sets,
    ledger,
    random: new Random(seed ^ 0x5bd1e995),
    consistent: cluster.consistent,
    counts: new Map(),
    errors: new Map(),
  }
  await writeFixed(client, sets)

  const ended = new AbortController()
  let running = 0
  const worker = async (): Promise<void> => {
    running++
    while (!ended.signal.aborted) await callOnce(load)
    running--
  }
  const workers = Array.from({ length: inFlight }, worker)
  const injected = injectFaults(cluster, new Random(seed), ended.signal, event => {
    faults.push(event)
    options.onFault?.(event)
  })
  try {
    await Promise.race([sleep(seconds * 1000), injected])
  } finally {
    // Also if a fault cannot be injected: calls of the closed client would fail one after the other and never let the program end.
    ended.abort()
  }
  await injected
  await cluster.settle()
  await Promise.race([Promise.all(workers), sleep(SETTLE_MS, undefined, { ref: false })])
  if (running > 0) ledger.violation(`${running} calls did not settle within ${SETTLE_MS} ms`)

  await using reader = await connect({ ...config, policies: {} })
  const compared = await compare(reader, load)
  return {
    seed,
    seconds,
    calls: Object.fromEntries(load.counts),
    errors: Object.fromEntries([...load.errors].sort((a, b) => b[1] - a[1])),
    faults,
    compared,
    violations: ledger.violations,
  }
}

const PATIENT = { totalTimeout: 30_000, maxRetries: 20, sleepBetweenRetries: 100 }

/** Reads everything that was written, and compares it. */
async function compare(client: Client, { ledger, sets }: Load): Promise<ChaosReport['compared']> {
  for (let start = 0; start < ledger.records.length; start += 5000) {
    const marks = ledger.records.slice(start, start + 5000)
    const keys = marks.map(({ id }) => recordKey(sets, id))
    const rows = await read(client, keys)
    for (const [index, mark] of marks.entries()) {
      const id = rows[index]?.id
      ledger.checkRecord(mark, id === undefined ? undefined : Number(id))
    }
  }
  const keysOf = (set: string, count: number): Key[] =>
    Array.from({ length: count }, (_, id) => new Key(NAMESPACE, set, id))
  for (const [list, bins] of (await read(client, keysOf(sets.lists, LISTS))).entries()) {
    ledger.checkList(list, Array.isArray(bins?.ids) ? bins.ids.map(Number) : [])
  }
  for (const [counter, bins] of (await read(client, keysOf(sets.counters, COUNTERS))).entries()) {
    ledger.checkCounter(counter, Number(bins?.n ?? 0))
  }
  return {
    records: ledger.records.length,
    elements: ledger.lists.reduce((sum, marks) => sum + marks.length, 0),
    increments: ledger.counters.reduce((sum, { acknowledged, inDoubt }) => sum + acknowledged + inDoubt, 0),
  }
}

/** The bins of each record; undefined for those that do not exist. */
async function read(client: Client, keys: readonly Key[]): Promise<({ [bin: string]: unknown } | undefined)[]> {
  const rows = await client.batchRead(keys, null, PATIENT)
  return [...rows].map(({ record, resultCode, error }) => {
    if (error !== null && resultCode !== 2) throw error
    return record?.bins
  })
}
