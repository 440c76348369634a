import { batchRow, getMetrics, InvalidArgError, op, setMetricsEnabled } from 'aerospike-napi'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { parseExposition, type Sample, sampleOf } from '../helpers/exposition'
import { startProxy } from '../helpers/proxy'

const DURATION = 'db_client_operation_duration_seconds'
const BUCKETS = ['0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '1', '5', '10', '+Inf']

afterEach(() => setMetricsEnabled(true))

/** How often an operation was counted for a set. */
function counted(set: string, operation: string, error = ''): number {
  const labels = { db_system_name: 'aerospike', db_namespace: 'test', db_collection_name: set }
  return sampleOf(getMetrics(), `${DURATION}_count`, { ...labels, db_operation_name: operation, error_type: error })
}

const samples = (name: string, of: (labels: Record<string, string>) => boolean): Sample[] =>
  parseExposition(getMetrics()).filter(sample => sample.name === name && of(sample.labels))

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const makeKey = keysOf('metrics')

  test('counts the operations of aerospike-py by their names', async () => {
    const key = makeKey()
    const { set } = key
    const before = counted(set, 'put')
    await client().put(key, { a: 1, text: 'x' })
    await client().get(key)
    await client().select(key, ['a'])
    await client().exists(key)
    await client().touch(key)
    await client().append(key, 'text', 'y')
    await client().prepend(key, 'text', 'w')
    await client().increment(key, 'a', 1)
    await client().operate(key, [op.read('a')])
    await client().batchRead([key])
    await client().batchOperate([key], [op.read('a')])
    await client().query('test', set).results()
    await client().batchRemove([key])
    await rejection(client().remove(key))
    expect(counted(set, 'put')).toBe(before + 1)
    for (const operation of ['get', 'select', 'exists', 'touch', 'append', 'prepend', 'increment', 'operate']) {
      expect([operation, counted(set, operation)]).toEqual([operation, 1])
    }
    for (const operation of ['batch_read', 'batch_operate', 'batch_remove', 'query']) {
      expect([operation, counted(set, operation)]).toEqual([operation, 1])
    }
    expect(counted(set, 'remove', 'RECORD_NOT_FOUND')).toBe(1)
  })

  test('counts its own operations too', async () => {
    const key = makeKey()
    await client().getOrNull(key)
    await client().getMeta(key)
    await client().operateOrdered(key, [op.write('a', 1)])
    await client().removeBin(key, 'a')
    await client().batchWrite([{ key, bins: { a: 1 } }])
    await client().batch([batchRow.read(key)])
    await client().batchReadColumns([key], { a: 'i32' })
    for (const operation of ['get_or_null', 'get_meta', 'operate_ordered', 'remove_bin', 'batch_write', 'batch']) {
      expect([operation, counted(key.set, operation)]).toEqual([operation, 1])
    }
    expect(counted(key.set, 'batch_read_columns')).toBe(1)
  })

  test('a missing record is a success of exists, and a failure of get', async () => {
    const key = keysOf('metrics-missing')()
    expect(await client().exists(key)).toBe(false)
    await rejection(client().get(key))
    expect(counted(key.set, 'exists')).toBe(1)
    expect(counted(key.set, 'get')).toBe(0)
    expect(counted(key.set, 'get', 'RECORD_NOT_FOUND')).toBe(1)
  })

  test('has the buckets of aerospike-py, cumulated', async () => {
    const key = makeKey()
    await client().put(key, { a: 1 })
    const buckets = samples(`${DURATION}_bucket`, labels => labels.db_collection_name === key.set)
    const first = buckets.slice(0, BUCKETS.length)
    expect(first.map(({ labels }) => labels.le)).toEqual(BUCKETS)
    const values = first.map(({ value }) => value)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect(values.at(-1)).toBeGreaterThanOrEqual(1)
    expect(sampleOf(getMetrics(), `${DURATION}_sum`, first[0]!.labels)).toBe(0)
  })

  test('odd namespaces and sets are labels all the same', async () => {
    const namespace = 'a"b\\c\nd'
    const set = `ü☃"\\${kind.name}`
    await rejection(client().get([namespace, set, 1]))
    const found = samples(`${DURATION}_count`, labels => labels.db_collection_name === set)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ value: 1, labels: { db_namespace: namespace, error_type: 'INVALID_NAMESPACE' } })
  })

  test('tells of rows of batches and of streams', async () => {
    const keys = makeKey.many(30)
    const { set } = keys[0]!
    await client().batchWrite(keys.map(key => ({ key, bins: { a: 1 } })))
    await client().batchRead(keys)
    const rows = await client().query('test', set).results()
    const labels = { db_collection_name: set }
    const size = { ...labels, db_operation_name: 'batch_read' }
    expect(sampleOf(getMetrics(), 'aerospike_client_batch_size_sum', size) % 1).toBe(0)
    expect(sampleOf(getMetrics(), 'aerospike_client_batch_size_bucket', { ...size, le: '20' })).toBeLessThan(
      sampleOf(getMetrics(), 'aerospike_client_batch_size_bucket', { ...size, le: '50' }),
    )
    const returned = { ...labels, db_operation_name: 'query' }
    expect(sampleOf(getMetrics(), 'db_client_response_returned_rows_sum', returned)).toBeGreaterThanOrEqual(rows.length)
  })

  test('a stream that is left is counted once, with what it gave', async () => {
    const keys = makeKey.many(50)
    const set = `${keys[0]!.set}-left`
    const left = keys.map(({ userKey }) => ['test', set, userKey as string] as const)
    await client().batchWrite(left.map(key => ({ key, bins: { a: 1 } })))
    for await (const _ of client().query('test', set)) break
    await expect.poll(() => counted(set, 'query')).toBe(1)
    await client().batchRemove(left)
  })

  test('counts nothing while it is off, and keeps what there was', async () => {
    const key = makeKey()
    await client().put(key, { a: 1 })
    const before = counted(key.set, 'put')
    setMetricsEnabled(false)
    await client().put(key, { a: 2 })
    expect(counted(key.set, 'put')).toBe(before)
    setMetricsEnabled(true)
    await client().put(key, { a: 3 })
    expect(counted(key.set, 'put')).toBe(before + 1)
  })
})

describe('the metrics', () => {
  const client = connectBefore(CLIENTS[0]!)
  const makeKey = keysOf('metrics-text')

  test('calls that share a batch are counted one by one, as what they are', async () => {
    const gathering = await CLIENTS[0]!.connect({ autoBatch: true })
    const keys = keysOf('metrics-gathered').many(60)
    const { set } = keys[0]!
    await Promise.all(keys.slice(0, 40).map((key, a) => gathering.put(key, { a })))
    await Promise.allSettled(keys.map(key => gathering.get(key)))
    expect(counted(set, 'put')).toBe(40)
    expect(counted(set, 'get')).toBe(40)
    expect(counted(set, 'get', 'RECORD_NOT_FOUND')).toBe(20)
    expect(counted(set, 'batch_read')).toBe(0)
    await gathering.close()
  })

  test('a timeout is an error of its own name', async () => {
    const key = makeKey()
    await using proxy = await startProxy()
    const slow = await CLIENTS[0]!.connect({ hosts: proxy.address, seedOnlyCluster: true })
    try {
      proxy.mute()
      await rejection(slow.get(key, { totalTimeout: 50, maxRetries: 0 }))
      expect(counted(key.set, 'get', 'TIMEOUT')).toBe(1)
    } finally {
      await slow.close({ timeout: 0 })
    }
  })

  test('has a help and a type for every metric, each once, before its samples', async () => {
    await client().put(makeKey(), { a: 1 })
    const lines = getMetrics().trimEnd().split('\n')
    const named = (kind: string): string[] =>
      lines.filter(line => line.startsWith(`# ${kind} `)).map(line => line.split(' ')[2] as string)
    expect(named('HELP')).toEqual(named('TYPE'))
    expect(new Set(named('TYPE')).size).toBe(named('TYPE').length)
    let current = ''
    for (const line of lines) {
      if (line.startsWith('# TYPE ')) current = line.split(' ')[2] as string
      else if (!line.startsWith('#')) expect(line.startsWith(current)).toBe(true)
    }
  })

  test('tells of the pools of every node, and of what became of their connections', async () => {
    await client().put(makeKey(), { a: 1 })
    const text = getMetrics()
    const pool = { db_client_connection_pool_name: inject('aerospike').address }
    const of = (state: string): number => {
      const states = parseExposition(text).filter(
        ({ name, labels }) => name === 'db_client_connection_count' && labels.db_client_connection_state === state,
      )
      expect(states.map(({ labels }) => labels.db_client_connection_pool_name)).toContain(
        pool.db_client_connection_pool_name,
      )
      return states.reduce((all, { value }) => all + value, 0)
    }
    expect(of('idle') + of('used') + of('opening') + of('recovering')).toBeGreaterThan(0)
    expect(of('opening')).toBeGreaterThanOrEqual(0)
    const names = new Set(parseExposition(text).map(({ name }) => name))
    for (const name of [
      'db_client_connection_max',
      'aerospike_client_commands',
      'aerospike_client_command_limit',
      'aerospike_client_nodes',
      'aerospike_node_connections_opened_total',
      'aerospike_node_connections_closed_total',
      'aerospike_node_connections_failed_total',
      'aerospike_node_tends_total',
      'aerospike_node_circuit_breaker_errors',
      'aerospike_client_queue_wait_seconds_count',
      'aerospike_client_event_loop_delay_seconds_count',
      'aerospike_client_info',
    ]) {
      expect(names).toContain(name)
    }
    const ofNodes = parseExposition(text).filter(({ name }) => name.startsWith('aerospike_node_'))
    const known = client()
      .stats()
      .nodes.map(({ name, address }) => `${name} ${address}`)
    const labelled = new Set(ofNodes.map(({ labels }) => `${labels.node} ${labels.address}`))
    expect([...labelled]).toEqual(expect.arrayContaining(known))
    expect(labelled).not.toContain('undefined undefined')
    expect(names).not.toContain('aerospike_node_retries_total')
    expect(names).not.toContain('aerospike_client_stage_duration_seconds_count')
  })

  test('tells no more of a client that is closed', async () => {
    const clients = (): number => samples('aerospike_client_nodes', () => true).length
    const before = clients()
    const other = await CLIENTS[0]!.connect()
    expect(clients()).toBe(before + 1)
    await other.close()
    expect(clients()).toBe(before)
  })

  test('details and stages are reported while they are enabled', async () => {
    const key = makeKey()
    setMetricsEnabled(true, { details: true, stages: true })
    for (let round = 0; round < 20; round++) await client().put(key, { a: round })
    const text = getMetrics()
    const sent = parseExposition(text).filter(({ name }) => name === 'aerospike_node_sent_bytes_total')
    expect(sent.some(({ labels, value }) => labels.db_namespace === 'test' && value > 1000)).toBe(true)
    for (const stage of ['submit', 'queue', 'network', 'wake', 'decode', 'settle']) {
      const count = sampleOf(text, 'aerospike_client_stage_duration_seconds_count', { stage })
      expect([stage, count > 10]).toEqual([stage, true])
    }
    const settled = sampleOf(text, 'aerospike_client_stage_duration_seconds_count', { stage: 'settle' })
    setMetricsEnabled(true)
    for (let round = 0; round < 20; round++) await client().put(key, { a: round })
    expect(getMetrics()).not.toContain('aerospike_node_sent_bytes_total')
    expect(sampleOf(getMetrics(), 'aerospike_client_stage_duration_seconds_count', { stage: 'settle' })).toBe(settled)
  })
})

describe('setMetricsEnabled refuses', () => {
  test.each([
    [[undefined], /enabled: true or false is needed, not undefined/],
    [['true'], /enabled: true or false is needed, not the string "true"/],
    [[1], /enabled: true or false is needed, not 1/],
    [[null], /enabled: true or false is needed, not null/],
    [[true, { details: 'yes' }], /details: true or false is needed/],
    [[true, { stages: 1 }], /stages: true or false is needed/],
    [[true, { stage: true }], /unknown option "stage"/],
    [[true, null], /an object is needed, not null/],
  ])('%j', (args, message) => {
    const call = (): void => Reflect.apply(setMetricsEnabled, undefined, args)
    expect(call).toThrow(InvalidArgError)
    expect(call).toThrow(message)
  })
})
