import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { AerospikeMetricProducer } from 'aerospike-napi/opentelemetry-metrics'
import { afterAll, beforeEach, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const client = connectBefore(CLIENTS[0]!)
const makeKey = keysOf('otel-metrics')
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({
  exporter,
  exportIntervalMillis: 3_600_000,
  metricProducers: [new AerospikeMetricProducer()],
})
const provider = new MeterProvider({ readers: [reader] })
const requests = provider.getMeter('the application').createCounter('requests')

beforeEach(() => exporter.reset())
afterAll(() => provider.shutdown())

/** What one export has, by scope and name. */
async function exported(): Promise<Map<string, MetricData>> {
  await provider.forceFlush()
  const [all] = exporter.getMetrics()
  return new Map(
    all!.scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.map(metric => [`${scope.name}: ${metric.descriptor.name}`, metric] as const),
    ),
  )
}

const ours = async (name: string): Promise<MetricData> => {
  const metric = (await exported()).get(`aerospike-napi: ${name}`)
  if (metric === undefined) throw new Error(`there is no ${name}`)
  return metric
}

test('operations are a histogram with the attributes of the conventions', async () => {
  const key = makeKey()
  await client().put(key, { a: 1 })
  await rejection(client().get(makeKey()))
  const metric = await ours('db.client.operation.duration')
  expect(metric.descriptor).toMatchObject({ unit: 's', description: 'Duration of database client operations.' })
  expect(metric.dataPointType).toBe(DataPointType.HISTOGRAM)
  expect(metric.aggregationTemporality).toBe(AggregationTemporality.CUMULATIVE)
  const points = metric.dataPoints.filter(({ attributes }) => attributes['db.collection.name'] === key.set)
  const common = { 'db.system.name': 'aerospike', 'db.namespace': 'test', 'db.collection.name': key.set }
  expect(points.map(({ attributes }) => attributes)).toEqual([
    { ...common, 'db.operation.name': 'get', 'error.type': 'RECORD_NOT_FOUND' },
    { ...common, 'db.operation.name': 'put' },
  ])
  for (const { value, startTime, endTime } of points) {
    const { buckets, count, sum } = value as {
      buckets: { boundaries: number[]; counts: number[] }
      count: number
      sum: number
    }
    expect(buckets.boundaries).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10])
    expect(buckets.counts).toHaveLength(10)
    expect([buckets.counts.reduce((all, more) => all + more), count]).toEqual([1, 1])
    expect(sum).toBeGreaterThan(0)
    expect(endTime[0]).toBeGreaterThanOrEqual(startTime[0])
    expect(Math.abs(endTime[0] - Date.now() / 1000)).toBeLessThan(60)
  }
})

test('connections are a sum that goes up and down, tends one that only grows, errors a gauge', async () => {
  const connections = await ours('db.client.connection.count')
  expect(connections).toMatchObject({ dataPointType: DataPointType.SUM, isMonotonic: false })
  const states = connections.dataPoints
    .filter(({ attributes }) => attributes['db.client.connection.pool.name'] === inject('aerospike').address)
    .map(({ attributes }) => attributes['db.client.connection.state'])
  expect(states).toEqual(expect.arrayContaining(['used', 'idle', 'opening', 'recovering']))
  const tends = await ours('aerospike.node.tends')
  expect(tends).toMatchObject({ dataPointType: DataPointType.SUM, isMonotonic: true })
  const nodes = client()
    .stats()
    .nodes.map(({ name, address }) => expect.objectContaining({ node: name, address }))
  expect(nodes.length).toBeGreaterThan(0)
  expect(tends.dataPoints.map(({ attributes }) => attributes)).toEqual(expect.arrayContaining(nodes))
  expect(await ours('aerospike.node.circuit_breaker.errors')).toMatchObject({ dataPointType: DataPointType.GAUGE })
})

test("they go out with the application's own, under its resource", async () => {
  requests.add(1)
  const metrics = await exported()
  expect(metrics.has('the application: requests')).toBe(true)
  expect(metrics.has('aerospike-napi: aerospike.client.info')).toBe(true)
  expect(exporter.getMetrics()[0]!.resource.attributes['telemetry.sdk.name']).toBe('opentelemetry')
})
