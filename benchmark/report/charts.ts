/** The charts of a report. */
import { CLIENT_TITLES, type ClientName } from '../clients/names'
import type { Report } from './report'
import type { CaseSummary, Metric } from './summary'
import { type Bar, barChart } from './svg'

export interface ReportChart {
  /** Part of the file name. */
  readonly id: string
  readonly alternative: string
  readonly svg: string
}

interface Plan {
  readonly id: string
  readonly title: string
  readonly subtitle: string
  readonly metric: Metric
  readonly clients: readonly ClientName[]
  /** Names of the cases, and their labels. */
  readonly cases: readonly (readonly [name: string, label: string])[]
  readonly format: (value: number) => string
}

const COLOURS: { readonly [name in ClientName]: number } = {
  ours: 0,
  'ours-auto-batch': 1,
  'ours-sync': 4,
  official: 2,
  core: 3,
  'aerospike-py': 4,
  none: 3,
}

const rate = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
const micros = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} µs`
const millis = (value: number): string => `${(value / 1000).toFixed(2)} ms`
const JS: readonly ClientName[] = ['ours', 'ours-auto-batch', 'official']
const levels = (suite: string): (readonly [string, string])[] =>
  [1, 10, 50, 200, 1000].map(count => [`${suite}-${count}`, `${count.toLocaleString('en')} in flight`] as const)

const PLANS: readonly Plan[] = [
  {
    id: 'get',
    title: 'get: operations per second',
    subtitle: 'More is better. Lines: the slowest and the fastest round.',
    metric: 'perSecond',
    clients: ['ours', 'ours-auto-batch', 'official', 'core'],
    cases: levels('get'),
    format: rate,
  },
  {
    id: 'put',
    title: 'put: operations per second',
    subtitle: 'More is better. Lines: the slowest and the fastest round.',
    metric: 'perSecond',
    clients: ['ours', 'ours-auto-batch', 'official', 'core'],
    cases: levels('put'),
    format: rate,
  },
  {
    id: 'event-loop',
    title: 'CPU time on the JavaScript thread, per operation',
    subtitle: '50 in flight. Less is better: your application cannot use this time.',
    metric: 'jsUs',
    clients: JS,
    cases: ['get', 'put', 'operate', 'exists', 'mixed'].map(suite => [`${suite}-50`, suite] as const),
    format: micros,
  },
  {
    id: 'latency',
    title: '99th percentile of the latency of get',
    subtitle: 'Less is better. Each client has as many calls in flight as it can serve.',
    metric: 'p99Us',
    clients: JS,
    cases: levels('get').slice(0, 4),
    format: millis,
  },
  {
    id: 'batch',
    title: 'Batches of 1,000 records and queries: records per second',
    subtitle: 'More is better. Records of five numbers; queries of 1,000,000 records of four bins.',
    metric: 'perSecond',
    clients: ['ours', 'official', 'core'],
    cases: [
      ['batchRead-1000', 'read records'],
      ['batchReadColumns-1000', 'read columns'],
      ['batchWrite-1000', 'write records'],
      ['batchWriteColumns-1000', 'write columns'],
      ['queryRecords-1000000', 'query records'],
      ['queryColumns-1000000', 'query columns'],
    ],
    format: rate,
  },
  {
    id: 'service',
    title: 'A Fastify route that reads a record: requests per second',
    subtitle: 'More is better. The route has other JavaScript work, too; the HTTP client is another process.',
    metric: 'perSecond',
    clients: JS,
    cases: [['service', '50 connections']],
    format: rate,
  },
]

/** The charts that the report has measurements for. */
export function charts({ cases }: Pick<Report, 'cases'>): ReportChart[] {
  return PLANS.flatMap(plan => {
    const groups = plan.cases.flatMap(([name, label]) => {
      const summary = cases.find(one => one.case.name === name)
      const bars = summary === undefined ? [] : barsOf(plan, summary)
      return bars.length === 0 ? [] : [{ label, bars }]
    })
    if (groups.length === 0) return []
    const present = new Set(groups.flatMap(({ bars }) => bars.map(bar => bar.series)))
    const series = plan.clients
      .map(client => ({ name: CLIENT_TITLES[client], colour: COLOURS[client] }))
      .filter(({ name }) => present.has(name))
    const { id, title, subtitle, format } = plan
    return [{ id, alternative: title, svg: barChart({ title, subtitle, format, groups, series }) }]
  })
}

function barsOf({ clients, metric }: Plan, { figures, rounds }: CaseSummary): Bar[] {
  return clients.flatMap(client => {
    const value = figures.get(client)?.[metric]
    if (value === undefined || Number.isNaN(value)) return []
    const all = [...(rounds.get(client)?.values() ?? [])].map(one => one[metric])
    return [{ series: CLIENT_TITLES[client], value, range: [Math.min(...all), Math.max(...all)] as const }]
  })
}
