import { getMetrics, InvalidArgError } from 'aerospike-napi'
import { collectAerospikeMetrics } from 'aerospike-napi/prometheus'
import { Counter, register as globalRegister, Registry } from 'prom-client'
import { afterEach, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { parseExposition, type Sample } from '../helpers/exposition'

const client = connectBefore(CLIENTS[0]!)
const makeKey = keysOf('prometheus')

afterEach(() => globalRegister.clear())

/** Samples that do not move by themselves, of one set. */
const ofSet = (text: string, set: string): Sample[] =>
  parseExposition(text)
    .filter(({ labels }) => labels.db_collection_name === set)
    .map(sample => ({ ...sample, labels: Object.fromEntries(Object.entries(sample.labels).sort()) }))

test('a registry tells what getMetrics tells', async () => {
  const register = new Registry()
  collectAerospikeMetrics({ register })
  const key = makeKey('a "quoted" key')
  await client().put(key, { a: 1 })
  await client().batchRead([key])
  await rejection(client().get([key.namespace, `${key.set}"\\`, 1]))
  const text = await register.metrics()
  for (const set of [key.set, `${key.set}"\\`]) {
    expect(ofSet(text, set).length).toBeGreaterThan(10)
    expect(ofSet(text, set)).toEqual(ofSet(getMetrics(), set))
  }
  const names = (of: string): Set<string> => new Set(parseExposition(of).map(({ name }) => name))
  expect(names(text)).toEqual(names(getMetrics()))
})

test('stands beside metrics of the application, with its default labels', async () => {
  const register = new Registry()
  register.setDefaultLabels({ app: 'shop' })
  const requests = new Counter({ name: 'requests', help: 'Requests.', registers: [register] })
  requests.inc()
  collectAerospikeMetrics({ register })
  const samples = parseExposition(await register.metrics())
  expect(samples.find(({ name }) => name === 'requests')).toMatchObject({ value: 1, labels: { app: 'shop' } })
  const ours = samples.filter(({ name }) => name.startsWith('aerospike_'))
  expect(ours.length).toBeGreaterThan(10)
  expect(ours.every(({ labels }) => labels.app === 'shop')).toBe(true)
})

test('goes into the global registry by default, once, and out of it again', async () => {
  const remove = collectAerospikeMetrics()
  expect(await globalRegister.metrics()).toContain('db_client_operation_duration_seconds')
  expect(() => collectAerospikeMetrics()).toThrow(/already been registered/)
  remove()
  expect((await globalRegister.metrics()).trim()).toBe('')
  collectAerospikeMetrics()
})

test('what cannot be registered leaves nothing behind', async () => {
  const register = new Registry()
  new Counter({ name: 'aerospike_node_tends_total', help: 'Mine.', registers: [register] })
  expect(() => collectAerospikeMetrics({ register })).toThrow(/aerospike_node_tends_total/)
  expect(register.getMetricsAsArray()).toHaveLength(1)
})

test('JSON, single metrics and resets work', async () => {
  const register = new Registry()
  collectAerospikeMetrics({ register })
  await client().put(makeKey(), { a: 1 })
  const json = await register.getMetricsAsJSON()
  const duration = json.find(({ name }) => name === 'db_client_operation_duration_seconds')
  expect(duration).toMatchObject({ type: 'histogram', aggregator: 'sum' })
  expect(duration?.values.some(({ labels }) => (labels as { le?: unknown }).le === 0.001)).toBe(true)
  expect(await register.getSingleMetricAsString('aerospike_client_info')).toContain('aerospike_client_info{version=')
  register.resetMetrics()
  expect(await register.metrics()).toContain('db_operation_name="put"')
})

test('OpenMetrics has its own format', async () => {
  const register = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>()
  register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  collectAerospikeMetrics({ register: register as unknown as Registry })
  for (let round = 0; round < 2; round++) {
    const text = await register.metrics()
    expect(text).toContain('# TYPE aerospike_node_tends counter')
    expect(text).toMatch(/^aerospike_node_tends_total\{/m)
    expect(text.endsWith('# EOF\n')).toBe(true)
  }
})

test('refuses options that it does not know', () => {
  const call = (options: unknown) => () => Reflect.apply(collectAerospikeMetrics, undefined, [options])
  expect(call({ registry: globalRegister })).toThrow(InvalidArgError)
  expect(call({ registry: globalRegister })).toThrow(/unknown option "registry"/)
  expect(call(null)).toThrow(/an object is needed/)
})
