/** The performance targets of the project, and whether this run met them. */
import { QUERY_ROWS } from '../suites/data'
import type { Report } from './report'
import { type CaseSummary, ratio } from './summary'

export interface Target {
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly met: boolean
}

type Bound = readonly ['at least' | 'at most', number]

const fulfils = (value: number, [kind, bound]: Bound): boolean =>
  kind === 'at least' ? value >= bound : value <= bound

export function targets(report: Report): Target[] {
  const found: Target[] = []
  const add = (what: string, value: number | undefined, bound: Bound, unit: string, digits: number): void => {
    if (value === undefined || Number.isNaN(value)) return
    const wanted = `${bound[0]} ${bound[1]}${unit}`
    found.push({ what, wanted, measured: `${value.toFixed(digits)}${unit}`, met: fulfils(value, bound) })
  }
  const named = (name: string): CaseSummary | undefined => report.cases.find(summary => summary.case.name === name)
  const compare = (
    name: string,
    label: string,
    bound: Bound,
    of: (summary: CaseSummary) => number | undefined,
  ): void => {
    const summary = named(name)
    if (summary !== undefined) add(`${summary.case.title}: ${label}`, of(summary), bound, 'x', 2)
  }

  for (const suite of ['get', 'put']) {
    compare(`${suite}-50`, 'throughput against the official client', ['at least', 1.3], summary =>
      value(summary, 'perSecond', 'ours', 'official'),
    )
    compare(`${suite}-50`, 'JavaScript thread per operation against it', ['at most', 0.25], summary =>
      value(summary, 'jsUs', 'ours', 'official'),
    )
    compare(`${suite}-1`, 'latency (p50) against it', ['at most', 1.3], summary =>
      value(summary, 'p50Us', 'ours', 'official'),
    )
  }
  compare('get-200-auto', 'throughput against the official client', ['at least', 3.5], summary =>
    value(summary, 'perSecond', 'ours', 'official'),
  )
  compare('get-200-auto', 'JavaScript thread per operation against it', ['at most', 0.125], summary =>
    value(summary, 'jsUs', 'ours', 'official'),
  )
  compare('operate-50', 'throughput against the official client', ['at least', 1.3], summary =>
    value(summary, 'perSecond', 'ours', 'official'),
  )
  compare('batchReadColumns-1000', 'throughput against the official client', ['at least', 3.3], summary =>
    value(summary, 'perSecond', 'ours', 'official'),
  )
  // Time per record: the inverse ratio of the rates.
  compare('batchReadColumns-1000', 'time against aerospike-core alone', ['at most', 1.15], summary =>
    value(summary, 'perSecond', 'core', 'ours'),
  )
  for (const [name, least] of [
    ['batchRead-1000', 2],
    ['batchWriteColumns-1000', 2.5],
  ] as const) {
    compare(name, 'throughput against the official client', ['at least', least], summary =>
      value(summary, 'perSecond', 'ours', 'official'),
    )
  }
  for (const rows of QUERY_ROWS) {
    for (const [suite, faster, busy] of [
      ['queryRecords', 2, 1 / 2],
      ['queryColumns', 3, 1 / 20],
    ] as const) {
      compare(`${suite}-${rows}`, 'throughput against the official client', ['at least', faster], summary =>
        value(summary, 'perSecond', 'ours', 'official'),
      )
      compare(`${suite}-${rows}`, 'JavaScript thread per record against it', ['at most', busy], summary =>
        value(summary, 'jsUs', 'ours', 'official'),
      )
    }
  }
  const growth = report.rss.find(({ client, fullYoung }) => client === 'ours' && !fullYoung)
  if (growth !== undefined) {
    const [before, after] = growth.marks
    const marks = `${before.operations.toLocaleString('en')} to ${after.operations.toLocaleString('en')}`
    add(`memory growth from operation ${marks}`, after.collectedMiB - before.collectedMiB, ['at most', 5], ' MiB', 1)
  }
  add('import', report.imports.find(({ what }) => what === 'ours')?.requireMs, ['at most', 30], ' ms', 1)
  return found
}

function value(...args: Parameters<typeof ratio>): number | undefined {
  return ratio(...args)?.value
}
