/** All cases of the benchmark, by name. */
import type { ClientName } from '../clients'
import { batchReadEmbeddings, batchReadWide, batchWriteColumns } from './batch-columns'
import { batchRead } from './batch-read'
import { batchReadColumns } from './batch-read-columns'
import { batchWrite } from './batch-write'
import { QUERY_ROWS } from './data'
import { get } from './get'
import { operate } from './operate'
import { put } from './put'
import { queryColumns, queryRecords } from './query'
import type { Spec, Suite } from './suite'

export const SUITES = {
  get,
  put,
  operate,
  batchRead,
  batchReadColumns,
  batchWrite,
  batchReadWide,
  batchReadEmbeddings,
  batchWriteColumns,
  queryRecords,
  queryColumns,
} satisfies Record<string, Suite>
export type SuiteName = keyof typeof SUITES

export interface Case extends Spec {
  /** Name in reports and for `--only`. */
  readonly name: string
  readonly title: string
  readonly suite: SuiteName
  readonly clients: readonly ClientName[]
}

const IN_FLIGHT = [1, 50, 200]
const ROWS = [100, 1000, 5000]
const ALL: readonly ClientName[] = ['ours', 'official', 'core']

/** Simulated application work per operation, in microseconds. */
const BUSY_US = 20

function single(suite: SuiteName, inFlight: number): Case {
  return {
    name: `${suite}-${inFlight}`,
    title: `${suite}, ${inFlight} in flight`,
    suite,
    inFlight,
    rows: 0,
    busyUs: 0,
    gathers: false,
    clients: ALL,
  }
}

function batch(suite: SuiteName, rows: number): Case {
  return { ...single(suite, 1), name: `${suite}-${rows}`, title: `${suite}, ${rows} x 5 numbers`, rows }
}

function query(suite: SuiteName, rows: number, how: string): Case {
  const title = `query of ${rows.toLocaleString('en')} records of 4 bins, ${how}`
  return { ...batch(suite, rows), title }
}

/** Whether a case is a query, with a separate set. */
export function isQuery({ suite }: Case): boolean {
  return suite === 'queryRecords' || suite === 'queryColumns'
}

export const CASES: readonly Case[] = [
  ...IN_FLIGHT.map(count => single('get', count)),
  {
    ...single('get', 50),
    name: 'get-50-busy',
    title: `get, 50 in flight, ${BUSY_US} us of other work each`,
    busyUs: BUSY_US,
    clients: ['ours', 'official'],
  },
  ...[50, 200].map(count => ({
    ...single('get', count),
    name: `get-${count}-auto`,
    title: `get, ${count} in flight, autoBatch`,
    gathers: true,
  })),
  ...IN_FLIGHT.map(count => single('put', count)),
  { ...single('operate', 50), title: 'operate on a list and a map, 50 in flight' },
  ...ROWS.map(rows => batch('batchRead', rows)),
  ...ROWS.map(rows => batch('batchReadColumns', rows)),
  { ...batch('batchReadWide', 1000), title: 'batchReadColumns, 1000 x 10 strings of 100 bytes' },
  { ...batch('batchReadEmbeddings', 1000), title: 'batchReadColumns, 1000 embeddings of 384 floats' },
  batch('batchWriteColumns', 1000),
  ...ROWS.map(rows => batch('batchWrite', rows)),
  ...QUERY_ROWS.flatMap(rows => [
    query('queryRecords', rows, 'record by record'),
    query('queryColumns', rows, 'into columns'),
  ]),
  {
    ...single('get', 50),
    name: 'harness',
    title: 'the benchmark itself, without any client',
    clients: ['none'],
  },
]

export function caseNamed(name: string): Case {
  const found = CASES.find(({ name: candidate }) => candidate === name)
  if (found === undefined) throw new Error(`There is no case ${name}`)
  return found
}
