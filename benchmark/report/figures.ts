/** The performance targets of the project, and whether a run reached them. */
import type { ClientName } from '../clients/names'
import type { Report } from './report'
import { type CaseSummary, type Metric, ratio } from './summary'

export interface Figure {
  /** Key in `explanations.json`. */
  readonly id: string
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly reached: boolean
}

type Bound = readonly ['≥' | '≤', number]

interface Target {
  readonly case: string
  readonly label: string
  readonly bound: Bound
  readonly metric: Metric
  readonly above: ClientName
  readonly below: ClientName
}

/** A target of a metric of ours, divided by that of the official client. */
function against(name: string, metric: Metric, bound: Bound, above: ClientName = 'ours'): Target {
  return { case: name, label: LABELS[metric]!, bound, metric, above, below: 'official' }
}

/** A target of our time per operation, divided by that of the core. */
function core(name: string, most: number): Target {
  // The inverse ratio of the rates.
  return {
    case: name,
    label: 'time against the core',
    bound: ['≤', most],
    metric: 'perSecond',
    above: 'core',
    below: 'ours',
  }
}

const LABELS: { readonly [metric in Metric]?: string } = {
  perSecond: 'throughput',
  p50Us: 'p50',
  p99Us: 'p99',
  cpuUs: 'process CPU',
  jsUs: 'JS thread',
}

/** Throughput at least, JavaScript thread at most. */
function both(name: string, throughput: number, jsThread: number, above: ClientName = 'ours'): Target[] {
  return [against(name, 'perSecond', ['≥', throughput], above), against(name, 'jsUs', ['≤', jsThread], above)]
}

const AUTO = 'ours-auto-batch'

const TARGETS: readonly Target[] = [
  ...both('get-50', 1.5, 1 / 8),
  core('get-50', 1.15),
  ...both('get-200', 1.8, 1 / 8),
  core('get-200', 1.15),
  ...both('put-50', 1.3, 1 / 7),
  core('put-50', 1.2),
  ...both('operate-50', 1.3, 1 / 7),
  core('operate-50', 1.2),
  ...['get-1', 'put-1'].flatMap(name => [
    against(name, 'p50Us', ['≤', 1.25]),
    against(name, 'cpuUs', ['≤', 1.5]),
    against(name, 'jsUs', ['≤', 2 / 3]),
  ]),
  ...both('get-50', 3, 1 / 8, AUTO),
  ...both('put-50', 2.5, 1 / 8, AUTO),
  ...both('operate-50', 2.5, 1 / 8, AUTO),
  ...both('mixed-50', 2.5, 1 / 8, AUTO),
  ...both('get-200', 6, 1 / 16, AUTO),
  ...both('batchReadColumns-100', 2.5, 1 / 50),
  ...both('batchReadColumns-1000', 4, 1 / 50),
  core('batchReadColumns-1000', 0.9),
  ...both('batchReadColumns-5000', 5, 1 / 50),
  ...both('batchWrite-1000', 3, 1 / 6),
  ...both('batchWriteColumns-1000', 3.5, 1 / 6),
  ...both('queryRecords-1000000', 3, 1 / 8),
  ...both('queryColumns-1000000', 3.7, 1 / 80),
  ...both('get-wide', 1.5, 1 / 4),
  ...both('get-nested', 1.5, 1 / 4),
  against('service', 'perSecond', ['≥', 1.3]),
  against('service', 'p99Us', ['≤', 1]),
]

/** Milliseconds of `require`, and as a share of the official client's. */
const IMPORT_MS = 20
const IMPORT_SHARE = 0.5

/** The targets that the report has measurements for. */
export function figuresOf(report: Report): Figure[] {
  const found = TARGETS.flatMap(target => {
    const summary = report.cases.find(one => one.case.name === target.case)
    return summary === undefined ? [] : figure(target, summary)
  })
  const cost = (client: string): number | undefined => report.startUps.find(one => one.client === client)?.requireMs
  const [ours, official] = [cost('ours'), cost('official')]
  if (ours !== undefined) found.push(made('import time', 'import', ours, ['≤', IMPORT_MS], ' ms', 1))
  if (ours !== undefined && official !== undefined) {
    const share = ours / official
    found.push(made('import against', 'import, against the official client', share, ['≤', IMPORT_SHARE], '×', 2))
  }
  return found
}

function figure({ label, bound, metric, above, below, case: name }: Target, summary: CaseSummary): Figure[] {
  const value = ratio(summary, metric, above, below)?.value
  if (value === undefined) return []
  const auto = above === AUTO ? ', autoBatch' : ''
  return [made(`${name}${auto}: ${label}`, `${summary.case.title}${auto}: ${label}`, value, bound, '×')]
}

function made(id: string, what: string, value: number, [kind, limit]: Bound, unit: string, digits?: number): Figure {
  const text = (one: number): string => `${one.toFixed(digits ?? digitsFor(limit))}${unit}`
  const reached = kind === '≥' ? value >= limit : value <= limit
  return { id, what, wanted: `${kind} ${text(limit)}`, measured: text(value), reached }
}

/** Small limits need more digits. */
function digitsFor(limit: number): number {
  return limit < 0.1 ? 3 : 2
}
