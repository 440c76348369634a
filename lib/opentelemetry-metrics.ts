/**
 * The entry point `aerospike-napi/opentelemetry-metrics`: exports the client's metrics with the application's MeterProvider.
 * Only this module uses @opentelemetry/sdk-metrics, an optional peer dependency, and it needs only its types.
 */
import type { HrTime } from '@opentelemetry/api'
import type { CollectionResult, DataPoint, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics'
import { timeOrigin, wallNow } from './common/globals'
import { setOwn } from './common/objects'
import { VERSION } from './common/version'
import { metricFamilies, type NativeFamily, type NativePoint } from './native/native'
import { flushStages } from './telemetry/stage-profile'

type Resource = CollectionResult['resourceMetrics']['resource']

// The numbers of the SDK, which are part of its interface. They are copied so that this module loads without the SDK.
const DATA_POINT = { HISTOGRAM: 0, GAUGE: 2, SUM: 3 } as const
const CUMULATIVE = 1
const VALUE_TYPE = { INT: 0, DOUBLE: 1 } as const

function hrTime(ms: number): HrTime {
  const seconds = Math.trunc(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}

/** The approximate time when counting started: the addon is loaded at the first import in the process. */
const START = hrTime(timeOrigin)

function attributesOf({ labels }: NativePoint): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (let at = 0; at < labels.length; at += 2) {
    const [name, value] = [labels[at] as string, labels[at + 1] as string]
    // By the semantic conventions, an attribute without a value is omitted; Prometheus uses an empty label instead.
    if (value !== '') setOwn(attributes, name, value)
  }
  return attributes
}

function dataOf(family: NativeFamily, endTime: HrTime): MetricData {
  const { name, help: description, unit, kind, bounds, points } = family
  const point = <T>(of: NativePoint, value: T): DataPoint<T> => {
    return { startTime: START, endTime, attributes: attributesOf(of), value }
  }
  const valueType = unit === 's' ? VALUE_TYPE.DOUBLE : VALUE_TYPE.INT
  const common = { descriptor: { name, description, unit, valueType }, aggregationTemporality: CUMULATIVE } as const
  if (kind === 'histogram') {
    const dataPoints = points.map(of => {
      const counts = of.counts ?? []
      const count = counts.reduce((all, more) => all + more, 0)
      return point(of, { buckets: { boundaries: bounds, counts }, sum: of.value, count })
    })
    return { ...common, dataPointType: DATA_POINT.HISTOGRAM, dataPoints }
  }
  const dataPoints = points.map(of => point(of, of.value))
  if (kind === 'gauge') return { ...common, dataPointType: DATA_POINT.GAUGE, dataPoints }
  return { ...common, dataPointType: DATA_POINT.SUM, dataPoints, isMonotonic: kind === 'counter' }
}

/**
 * Provides the client's metrics to a reader of a MeterProvider, which exports them with those of the application:
 * `new PeriodicExportingMetricReader({ exporter, metricProducers: [new AerospikeMetricProducer()] })`. The metrics cover the
 * whole process and are cumulative since it started. They are read when the reader collects, so client calls cost nothing
 * extra.
 */
export class AerospikeMetricProducer implements MetricProducer {
  /** Returns the current metrics. Called by the reader. */
  async collect(): Promise<CollectionResult> {
    flushStages()
    const now = hrTime(wallNow())
    const metrics = metricFamilies()
      .filter(family => family.points.length > 0)
      .map(family => dataOf(family, now))
    // A reader with a MeterProvider uses the provider's resource, and takes only the scopes from here.
    const resource: Resource = { attributes: {}, merge: other => other ?? resource, getRawAttributes: () => [] }
    return {
      resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'aerospike-napi', version: VERSION }, metrics }] },
      errors: [],
    }
  }
}
