/** Computes the reported figures from the samples: medians over the rounds, per operation or per record. */
import type { ClientName } from '../clients/names'
import type { Sample } from '../harness/job'
import type { Case } from '../suites/cases'
import { median, type Ratio, spread } from './statistics'

/**
 * A client's figures in a case. Rates and CPU time are per record if the case reads several at once; latencies are
 * per call. A figure that was not measured is NaN.
 */
export interface Figures {
  readonly perSecond: number
  readonly p50Us: number
  readonly p95Us: number
  readonly p99Us: number
  readonly p999Us: number
  readonly cpuUs: number
  readonly jsUs: number
  readonly loopDelayP99Ms: number
  readonly rssMiB: number
  /** Only for queries: time until the first record. */
  readonly firstUs: number
  readonly peakRssMiB: number
}

export type Metric = keyof Figures

/** The results of one case. */
export interface CaseSummary {
  readonly case: Case
  readonly figures: ReadonlyMap<ClientName, Figures>
  /** The figures of each round, by client. */
  readonly rounds: ReadonlyMap<ClientName, ReadonlyMap<number, Figures>>
  /** Spread of each client's throughput over the rounds. */
  readonly spreads: ReadonlyMap<ClientName, number>
}

function figuresOf(sample: Sample, { rows }: Case): Figures {
  const units = sample.operations * Math.max(1, rows)
  const each = (us: number | null | undefined): number => (us ?? Number.NaN) / units
  return {
    perSecond: units / sample.seconds,
    p50Us: sample.p50Us,
    p95Us: sample.p95Us,
    p99Us: sample.p99Us,
    p999Us: sample.p999Us,
    cpuUs: each(sample.cpuUs),
    jsUs: each(sample.jsUs),
    loopDelayP99Ms: sample.loopDelayP99Ms ?? Number.NaN,
    rssMiB: sample.rssMiB ?? Number.NaN,
    firstUs: sample.firstUs ?? Number.NaN,
    peakRssMiB: sample.peakRssMiB ?? Number.NaN,
  }
}

export function summarize(samples: readonly Sample[], cases: readonly Case[]): CaseSummary[] {
  return cases.flatMap(spec => {
    const own = samples.filter(sample => sample.case === spec.name)
    if (own.length === 0) return []
    const rounds = new Map<ClientName, Map<number, Figures>>()
    for (const client of spec.clients) {
      const found = own.filter(sample => sample.client === client)
      if (found.length > 0) {
        rounds.set(client, new Map(found.map(sample => [sample.round, figuresOf(sample, spec)])))
      }
    }
    const figures = new Map([...rounds].map(([client, byRound]) => [client, medians([...byRound.values()])]))
    const spreads = new Map(
      [...rounds].map(([client, byRound]) => [client, spread([...byRound.values()].map(all => all.perSecond))]),
    )
    return [{ case: spec, figures, rounds, spreads }]
  })
}

function medians(all: readonly Figures[]): Figures {
  const of = (metric: Metric): number => median(all.map(figures => figures[metric]))
  return {
    perSecond: of('perSecond'),
    p50Us: of('p50Us'),
    p95Us: of('p95Us'),
    p99Us: of('p99Us'),
    p999Us: of('p999Us'),
    cpuUs: of('cpuUs'),
    jsUs: of('jsUs'),
    loopDelayP99Ms: of('loopDelayP99Ms'),
    rssMiB: of('rssMiB'),
    firstUs: of('firstUs'),
    peakRssMiB: of('peakRssMiB'),
  }
}

/** One client's figure divided by another's; undefined if one of them was not measured. */
export function ratio(summary: CaseSummary, metric: Metric, above: ClientName, below: ClientName): Ratio | undefined {
  const value = quotient(summary.figures.get(above), summary.figures.get(below), metric)
  if (value === undefined) return undefined
  const others = summary.rounds.get(below)
  const each = [...(summary.rounds.get(above) ?? [])]
    .map(([round, figures]) => quotient(figures, others?.get(round), metric))
    .filter(one => one !== undefined)
  return { value, least: Math.min(...each, value), most: Math.max(...each, value) }
}

function quotient(above: Figures | undefined, below: Figures | undefined, metric: Metric): number | undefined {
  if (above === undefined || below === undefined) return undefined
  const value = above[metric] / below[metric]
  return Number.isFinite(value) ? value : undefined
}
