/**
 * The entry point `aerospike-napi/prometheus`: adds the client's metrics to a registry of prom-client. Only this module
 * imports prom-client, which is an optional peer dependency.
 */
import { Counter, Gauge, register as globalRegister, Histogram, type Registry } from 'prom-client'
import { setOwn } from './common/objects'
import { checkOptions, optionsObject } from './common/options'
import { metricFamilies, type NativeFamily, type NativePoint } from './native/native'
import { flushStages } from './telemetry/stage-profile'

/** Options of `collectAerospikeMetrics`. */
export interface CollectOptions {
  /** Registry to add the metrics to. Default: `register` of prom-client. */
  register?: Registry | undefined
}

interface Value {
  labels: Record<string, string | number>
  value: number
  metricName?: string | undefined
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

/** Returns the metrics by name. They are cached for one tick, because a registry queries its metrics one by one. */
function families(): ReadonlyMap<string, NativeFamily> {
  if (shared === undefined) {
    flushStages()
    shared = new Map(metricFamilies().map(family => [family.prometheusName, family]))
    // Uses a promise, because the fake timers of test frameworks replace `queueMicrotask`.
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

/** What a metric of prom-client returns to its registry. The metric's own values stay empty. */
interface Told {
  name: string
  help: string
  type: never
  aggregator: 'sum'
  values: Value[]
}

/** The class of each kind. A registry in OpenMetrics format removes the `_total` suffix from the name of a counter. */
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
  // A registry calls one of the two: `getForPromString` for text, `get` for JSON.
  return Object.assign(metric, { get: told, getForPromString: told })
}

/**
 * Adds the client's metrics to a registry, whose `metrics()` and `getMetricsAsJSON()` then include them. The metrics cover the
 * whole process, with the values at the time of the call. Nothing is counted twice, and client calls cost nothing extra.
 *
 * @param options - registry to use
 * @returns a function that removes the metrics from the registry
 * @throws Error if the registry already has one of the metrics; InvalidArgError for an unknown option
 */
export function collectAerospikeMetrics(options: CollectOptions = {}): () => void {
  const given = optionsObject(options, 'collectAerospikeMetrics')
  checkOptions(given, 'collectAerospikeMetrics', ['register'])
  const register = options.register ?? globalRegister
  const metrics = metricFamilies().map(metricOf)
  const names = metrics.map(metric => (metric as unknown as { name: string }).name)
  for (const name of names) {
    // Check all names before adding the first, so that either all metrics are added or none.
    if (register.getSingleMetric(name) !== undefined) {
      throw new Error(`A metric with the name ${name} has already been registered.`)
    }
  }
  for (const metric of metrics) register.registerMetric(metric)
  return () => {
    for (const name of names) register.removeSingleMetric(name)
  }
}
