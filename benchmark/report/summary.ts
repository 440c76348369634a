/** Computes the reported figures from the samples: medians over the rounds, per operation or per record. */
import type { ClientName } from '../clients'
import type { Sample } from '../harness/job'
import { CASES, type Case } from '../suites/cases'
import { median, type Ratio } from './statistics'

/**
 * A client's figures in a case. Rates and CPU time are per record if the case reads several at once; latencies are
 * per call.
 */
export interface Figures {
  readonly perSecond: number
  readonly p50Us: number
  readonly p99Us: number
  readonly cpuUs: number
  readonly jsUs: number
  readonly loopDelayP99Ms: number
  readonly rssMiB: number
  /** Only for queries: time until the first record. */
  readonly firstUs: number
  readonly peakRssMiB: number
}

type Metric = keyof Figures

/** The results of one case. */
export interface CaseSummary {
  readonly case: Case
  readonly figures: ReadonlyMap<ClientName, Figures>
  /** The figures of each round, by client. */
  readonly rounds: ReadonlyMap<ClientName, ReadonlyMap<number, Figures>>
}

function figuresOf(sample: Sample, { rows }: Case): Figures {
  const units = sample.operations * Math.max(1, rows)
  const each = (us: number | null | undefined): number => (us ?? Number.NaN) / units
  return {
    perSecond: units / sample.seconds,
    p50Us: sample.p50Us,
    p99Us: sample.p99Us,
    cpuUs: each(sample.cpuUs),
    jsUs: each(sample.jsUs),
    loopDelayP99Ms: sample.loopDelayP99Ms ?? Number.NaN,
    rssMiB: sample.rssMiB ?? Number.NaN,
    firstUs: sample.firstUs ?? Number.NaN,
    peakRssMiB: sample.peakRssMiB ?? Number.NaN,
  }
}

export function summarize(samples: readonly Sample[]): CaseSummary[] {
  return CASES.flatMap(spec => {
    const own = samples.filter(sample => sample.case === spec.name)
    if (own.length === 0) return []
    const rounds = new Map<ClientName, Map<number, Figures>>()
    for (const sample of own) {
      const byRound = rounds.get(sample.client) ?? new Map<number, Figures>()
      rounds.set(sample.client, byRound.set(sample.round, figuresOf(sample, spec)))
    }
    const figures = new Map([...rounds].map(([client, byRound]) => [client, medians([...byRound.values()])]))
    return [{ case: spec, figures, rounds }]
  })
}

function medians(all: readonly Figures[]): Figures {
  const of = (metric: Metric): number => median(all.map(figures => figures[metric]))
  return {
    perSecond: of('perSecond'),
    p50Us: of('p50Us'),
    p99Us: of('p99Us'),
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
