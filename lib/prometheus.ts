/**
 * The entry point `aerospike-napi/prometheus`: the client's metrics in a registry of prom-client. This module is the only
 * one that imports prom-client, which is an optional peer.
 */
import { Counter, Gauge, register as globalRegister, Histogram, type Registry } from 'prom-client'
import { setOwn } from './common/objects'
import { optionsObject, unknownOption } from './common/options'
import { metricFamilies, type NativeFamily, type NativePoint } from './native/native'
import { flushStages } from './telemetry/stage-profile'

/** Where the metrics go. */
export interface CollectOptions {
  /** The registry. Default: prom-client's `register`. */
  register?: Registry
}

interface Value {
  labels: Record<string, string | number>
  value: number
  metricName?: string
}

const underscored = (name: string): string => name.replaceAll('.', '_')

function labelsOf({ labels }: NativePoint): Record<string, string> {
  const named: Record<string, string> = {}
  for (let at = 0; at < labels.length; at += 2) {
    setOwn(named, underscored(labels[at] as string), labels[at + 1] as string)
  }
  return named
}

let shared: ReadonlyMap<string, NativeFamily> | undefined

/** The metrics by name. All that asks within one tick gets the same: a registry asks its metrics one by one. */
function families(): ReadonlyMap<string, NativeFamily> {
  if (shared === undefined) {
    flushStages()
    shared = new Map(metricFamilies().map(family => [family.prometheusName, family]))
    // By a promise: the timers of a test framework replace `queueMicrotask`.
    void Promise.resolve().then(() => {
      shared = undefined
    })
  }
  return shared
}

const pointsOf = (name: string): readonly NativePoint[] => families().get(name)?.points ?? []

function numbers(name: string): Value[] {
  return pointsOf(name).map(point => ({ labels: labelsOf(point), value: point.value }))
}

function distributions(name: string): Value[] {
  const bounds: (number | string)[] = [...(families().get(name)?.bounds ?? []), '+Inf']
  return pointsOf(name).flatMap(point => {
    const labels = labelsOf(point)
    let count = 0
    const values: Value[] = (point.counts ?? []).map((more, place) => {
      count += more
      return { labels: { le: bounds[place] as number | string, ...labels }, value: count, metricName: `${name}_bucket` }
    })
    values.push({ labels, value: point.value, metricName: `${name}_sum` })
    values.push({ labels, value: count, metricName: `${name}_count` })
    return values
  })
}

/** What prom-client's metrics give to their registry. Their own values stay empty. */
interface Told {
  name: string
  help: string
  type: never
  aggregator: 'sum'
  values: Value[]
}

/** The name that a registry in OpenMetrics' format gives to a counter lacks its end. */
const TYPES = { counter: Counter, updown: Gauge, gauge: Gauge, histogram: Histogram } as const

function metricOf(family: NativeFamily): Counter | Gauge | Histogram {
  const { prometheusName: name, help } = family
  const kind = family.kind as keyof typeof TYPES
  const metric = new TYPES[kind]({ name, help, registers: [] })
  const values = kind === 'histogram' ? distributions : numbers
  const told = async (): Promise<Told> => {
    const { type } = metric as unknown as { type: never }
    return { name: (metric as unknown as { name: string }).name, help, type, aggregator: 'sum', values: values(name) }
  }
  // A registry asks for one of the two, for text and for JSON.
  return Object.assign(metric, { get: told, getForPromString: told })
}

/**
 * Puts the client's metrics into a registry, whose `metrics()` and `getMetricsAsJSON()` tell of them from then on: those of
 * the whole process, as they are at that moment. Nothing is counted twice, and no call costs more.
 *
 * @returns takes them out again
 * @throws Error of prom-client when the registry has one of them already; InvalidArgError for an unknown option
 */
export function collectAerospikeMetrics(options: CollectOptions = {}): () => void {
  const given = optionsObject(options, 'collectAerospikeMetrics')
  for (const name of Object.keys(given)) {
    if (name !== 'register') unknownOption(name, 'collectAerospikeMetrics', ['register'])
  }
  const register = options.register ?? globalRegister
  const metrics = metricFamilies().map(metricOf)
  const names = metrics.map(metric => (metric as unknown as { name: string }).name)
  for (const name of names) {
    // Before the first of them is in: all or nothing.
    if (register.getSingleMetric(name) !== undefined) {
      throw new Error(`A metric with the name ${name} has already been registered.`)
    }
  }
  for (const metric of metrics) register.registerMetric(metric)
  return () => {
    for (const name of names) register.removeSingleMetric(name)
  }
}
