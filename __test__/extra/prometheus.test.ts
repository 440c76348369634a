// A real Prometheus server scrapes the client, by its own server and through prom-client.
import { createServer } from 'node:http'
import { type Client, connect, getMetrics, startMetricsServer, stopMetricsServer } from 'aerospike-napi'
import { collectAerospikeMetrics } from 'aerospike-napi/prometheus'
import { register } from 'prom-client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { havePrometheus, lint, Prometheus } from '../helpers/prometheus'

const { address } = inject('aerospike')
const SET = 'extra "prometheus" \\ ☃'
const COUNT = 'db_client_operation_duration_seconds_count'

let client: Client
beforeAll(async () => {
  havePrometheus()
  client = await connect({ hosts: address })
  for (let number = 0; number < 20; number++) await client.put(['test', SET, number], { a: number })
  await client.batchRead(Array.from({ length: 20 }, (_, number) => ['test', SET, number] as const))
  for (let number = 0; number < 3; number++) await client.get(['test', SET, `missing ${number}`]).catch(() => {})
  await client.query('test', SET).results()
})
afterAll(async () => {
  await stopMetricsServer()
  await client?.truncate('test', SET)
  await client?.close()
})

/** The one value of a query, once it is there. */
async function oneValue(prometheus: Prometheus, query: string): Promise<number> {
  await expect.poll(async () => (await prometheus.query(query)).length, { timeout: 20_000 }).toBe(1)
  return Number((await prometheus.query(query))[0]!.value[1])
}

async function check(prometheus: Prometheus): Promise<void> {
  const [node] = client.getNodeNames()
  await expect.poll(() => prometheus.target(), { timeout: 20_000 }).toMatchObject({ health: 'up', lastError: '' })
  const set = JSON.stringify(SET)
  expect(await oneValue(prometheus, `${COUNT}{db_collection_name=${set}, db_operation_name="put"}`)).toBe(20)
  const errors = `sum by (error_type) (${COUNT}{db_collection_name=${set}, error_type!=""})`
  expect((await prometheus.query(errors)).map(({ metric, value }) => [metric, value[1]])).toEqual([
    [{ error_type: 'RECORD_NOT_FOUND' }, '3'],
  ])
  const bucket = `db_client_operation_duration_seconds_bucket{db_collection_name=${set}, db_operation_name="put"}`
  expect(await oneValue(prometheus, `histogram_quantile(0.99, ${bucket})`)).toBeGreaterThan(0)
  expect(await oneValue(prometheus, `aerospike_client_batch_size_sum{db_collection_name=${set}}`)).toBe(20)
  const pool = `{db_client_connection_pool_name="${address}"}`
  const full = `sum(db_client_connection_count${pool}) / sum(db_client_connection_max${pool})`
  expect(await oneValue(prometheus, full)).toBeGreaterThan(0)
  const tends = `sum(aerospike_node_tends_total{node="${node}", address="${address}", outcome="ok"})`
  const before = await oneValue(prometheus, tends)
  await expect.poll(() => oneValue(prometheus, tends), { timeout: 20_000 }).toBeGreaterThan(before)
}

test('scrapes the metrics server, whatever the labels are', async () => {
  const { host, port } = await startMetricsServer({ port: 0 })
  await using prometheus = await Prometheus.scraping(`${host}:${port}`)
  await check(prometheus)
  await stopMetricsServer()
  await expect.poll(async () => (await prometheus.target()).health, { timeout: 20_000 }).toBe('down')
  await startMetricsServer({ port })
  await expect.poll(async () => (await prometheus.target()).health, { timeout: 20_000 }).toBe('up')
})

test('scrapes a registry of prom-client that has them', async () => {
  const remove = collectAerospikeMetrics()
  const server = createServer(async (_, response) => {
    response.setHeader('content-type', register.contentType).end(await register.metrics())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  try {
    await using prometheus = await Prometheus.scraping(`127.0.0.1:${port}`)
    await check(prometheus)
  } finally {
    server.closeAllConnections()
    server.close()
    remove()
  }
})

test("Prometheus' own linter finds nothing in the text but a name that OpenTelemetry gives", () => {
  const name = 'db_client_connection_count'
  expect(lint(getMetrics())).toBe(`${name} non-histogram and non-summary metrics should not have "_count" suffix`)
})
