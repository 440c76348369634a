/** All cases of the benchmark, by name. */
import type { ClientName } from '../clients/names'
import { QUERY_ROWS } from './data'
import { SHAPES } from './shapes'
import type { Spec } from './suite'

export const SUITE_NAMES = [
  'get',
  'put',
  'operate',
  'exists',
  'mixed',
  'getShape',
  'putShape',
  'batchRead',
  'batchReadColumns',
  'batchReadArrow',
  'batchReadWide',
  'batchReadEmbeddings',
  'batchWrite',
  'batchWriteColumns',
  'queryRecords',
  'queryColumns',
  'workers',
  'service',
  'baseline',
  'threadWake',
] as const
export type SuiteName = (typeof SUITE_NAMES)[number]

export interface Case extends Spec {
  /** Name in reports and for `--suites`. */
  readonly name: string
  readonly title: string
  readonly suite: SuiteName
  readonly clients: readonly ClientName[]
}

/** Calls in flight of the cases that do not vary them. */
export const CONCURRENCY = 50
const BATCH_ROWS = [10, 100, 1000, 5000, 10_000]
const THREADS = [1, 2, 4]
/** Simulated application work per operation, in microseconds. */
const BUSY_US = 20

const BOTH: readonly ClientName[] = ['ours', 'official']
const COMPARED: readonly ClientName[] = [...BOTH, 'core']
/** Clients of the cases of single records. */
const SINGLE: readonly ClientName[] = ['ours', 'ours-auto-batch', 'official', 'core', 'aerospike-py']

function single(suite: SuiteName, inFlight: number, clients: readonly ClientName[] = SINGLE): Case {
  return {
    name: `${suite}-${inFlight}`,
    title: `${suite}, ${inFlight.toLocaleString('en')} in flight`,
    suite,
    inFlight,
    rows: 0,
    busyUs: 0,
    clients,
  }
}

function batch(suite: SuiteName, rows: number, clients = COMPARED): Case {
  const title = `${suite}, ${rows.toLocaleString('en')} x 5 numbers`
  return { ...single(suite, 1, clients), name: `${suite}-${rows}`, title, rows }
}

function query(suite: SuiteName, rows: number, how: string): Case {
  return { ...batch(suite, rows), title: `query of ${rows.toLocaleString('en')} records of 4 bins, ${how}` }
}

/** Whether a case is a query, with a separate set. */
export function isQuery({ suite }: Spec & { readonly suite: string }): boolean {
  return suite === 'queryRecords' || suite === 'queryColumns'
}

/** Calls in flight of the suites that vary them. */
function levels(concurrency: number): number[] {
  return [...new Set([1, 10, concurrency, 200, 1000])].sort((a, b) => a - b)
}

/** Clients of `suite` with this number of calls in flight. ClientSync has one. */
function clientsOf(suite: SuiteName, inFlight: number): readonly ClientName[] {
  const synchronous = inFlight === 1 && (suite === 'get' || suite === 'put')
  return synchronous ? [...SINGLE, 'ours-sync'] : SINGLE
}

/** All cases. `concurrency` is the number of calls in flight where a case does not vary it. */
export function casesOf(concurrency: number = CONCURRENCY): readonly Case[] {
  return [
    { ...single('baseline', 1, ['none']), name: 'cpu-baseline', title: 'fixed JavaScript work, without any client' },
    {
      ...single('threadWake', 1, ['none']),
      name: 'thread-wake',
      title: 'waking another thread and being woken by it, without any client',
    },
    {
      ...single('get', concurrency, ['none']),
      name: 'harness',
      title: 'the benchmark itself, without any client',
    },
    ...(['get', 'put', 'operate', 'exists', 'mixed'] as const).flatMap(suite =>
      levels(concurrency).map(count => single(suite, count, clientsOf(suite, count))),
    ),
    {
      ...single('get', concurrency, [...BOTH, 'ours-auto-batch']),
      name: 'get-busy',
      title: `get, ${concurrency} in flight, ${BUSY_US} µs of other work each`,
      busyUs: BUSY_US,
    },
    ...SHAPES.flatMap(shape => [
      {
        ...single('getShape', concurrency, [...COMPARED, 'ours-auto-batch']),
        name: `get-${shape.name}`,
        title: `get of ${shape.title}, ${concurrency} in flight`,
        shape: shape.name,
      },
      {
        ...single('putShape', concurrency, BOTH),
        name: `put-${shape.name}`,
        title: `put of ${shape.title}, ${concurrency} in flight`,
        shape: shape.name,
      },
    ]),
    ...BATCH_ROWS.map(rows => batch('batchRead', rows)),
    ...BATCH_ROWS.map(rows => batch('batchReadColumns', rows)),
    ...BATCH_ROWS.map(rows => batch('batchReadArrow', rows, ['ours'])),
    { ...batch('batchReadWide', 1000), title: 'batchReadColumns, 1,000 x 10 strings of 100 bytes' },
    { ...batch('batchReadEmbeddings', 1000), title: 'batchReadColumns, 1,000 embeddings of 384 floats' },
    ...BATCH_ROWS.map(rows => batch('batchWrite', rows)),
    ...BATCH_ROWS.map(rows => batch('batchWriteColumns', rows)),
    ...THREADS.map(threads => ({
      ...single('workers', concurrency, ['ours']),
      name: `workers-${threads}`,
      title: `get in ${threads} worker ${threads === 1 ? 'thread' : 'threads'}, ${concurrency} in flight in each`,
      threads,
    })),
    {
      ...single('service', concurrency, [...BOTH, 'ours-auto-batch']),
      name: 'service',
      title: `a Fastify route that reads a record, ${concurrency} connections`,
    },
    ...QUERY_ROWS.flatMap(rows => [
      query('queryRecords', rows, 'record by record'),
      query('queryColumns', rows, 'into columns'),
    ]),
  ]
}

/** What one round of a case runs. */
export interface Amounts {
  /** Operations per round, of single records. */
  readonly count: number
  /** Calls per round of batches. */
  readonly batchGroups: number
}

/** Fewest waves of operations in a round: its first and last wave are not at full concurrency. */
const WAVES = 20
/** Records of 100 KiB are so much larger that a round has a fraction of the operations. */
const LARGE = 'blob-100k'

/** Number of operations of a case in one round. */
export function operationsOf(spec: Case, { count, batchGroups }: Amounts): number {
  if (isQuery(spec)) return 1
  // Small batches are fast: run as many as contain `count` rows.
  if (spec.rows > 0) return Math.max(batchGroups, Math.ceil(count / spec.rows))
  const all = spec.shape === LARGE ? Math.ceil(count / 10) : count
  return Math.max(all, WAVES * spec.inFlight)
}
