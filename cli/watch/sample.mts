/**
 * The metrics of a cluster's nodes at one time, and the rates between two times.
 */
import { info } from 'aerospike-napi'
import type { CliClient } from '../connection.mjs'

/** Counters and states of a node. */
export interface NodeSample {
  readonly node: string
  readonly address: string
  /** Why the node did not answer; undefined if it did. */
  readonly failure: string | undefined
  readonly connections: number
  readonly records: number
  readonly dataBytes: number
  readonly migrations: number
  /** Namespaces that refuse writes. */
  readonly stopWrites: readonly string[]
  /** Counters since the start of the node; undefined if the server does not count them. */
  readonly reads: number | undefined
  readonly writes: number | undefined
  readonly errors: number | undefined
}

export interface ClusterSample {
  /** Time in milliseconds, of a clock that does not jump. */
  readonly at: number
  readonly nodes: readonly NodeSample[]
}

/** Metrics of a node for people: rates per second where the server has counters. */
export interface NodeRates {
  readonly node: string
  readonly address: string
  readonly failure: string | undefined
  readonly connections: number
  readonly records: number
  readonly dataBytes: number
  readonly migrations: number
  readonly stopWrites: readonly string[]
  readonly readsPerSecond: number | undefined
  readonly writesPerSecond: number | undefined
  readonly errorsPerSecond: number | undefined
}

type Fields = { readonly [name: string]: unknown }

const READS = ['client_read_success', 'client_read_not_found', 'batch_sub_read_success', 'batch_sub_read_not_found']
const WRITES = ['client_write_success', 'client_delete_success', 'batch_sub_write_success', 'batch_sub_delete_success']
const ERRORS = [
  'client_read_error',
  'client_read_timeout',
  'client_write_error',
  'client_write_timeout',
  'batch_sub_read_error',
  'batch_sub_write_error',
]

function fieldsOf(response: string): Fields {
  const parsed = info.parse(response)
  return typeof parsed === 'object' && !Array.isArray(parsed) ? parsed : {}
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** The sum of the counters that a server has; undefined if it has none of them. */
function sum(namespaces: readonly Fields[], names: readonly string[]): number | undefined {
  const found = namespaces.flatMap(fields => names.filter(name => name in fields).map(name => number(fields[name])))
  return found.length === 0 ? undefined : found.reduce((all, each) => all + each, 0)
}

async function sampleNode(
  client: CliClient,
  node: string,
  address: string,
  namespaces: readonly string[],
): Promise<NodeSample> {
  try {
    const statistics = fieldsOf(await client.infoNode('statistics', node))
    const spaces = await Promise.all(
      namespaces.map(async name => fieldsOf(await client.infoNode(`namespace/${name}`, node))),
    )
    const total = (name: string): number => sum(spaces, [name]) ?? 0
    return {
      node,
      address,
      failure: undefined,
      connections: number(statistics.client_connections),
      records: total('objects'),
      dataBytes: total('data_used_bytes'),
      migrations: number(statistics.migrate_partitions_remaining),
      stopWrites: namespaces.filter((_, index) => spaces[index]?.stop_writes === 'true'),
      reads: sum(spaces, READS),
      writes: sum(spaces, WRITES),
      errors: sum(spaces, ERRORS),
    }
  } catch (error) {
    const none = { connections: 0, records: 0, dataBytes: 0, migrations: 0, stopWrites: [] }
    return {
      node,
      address,
      failure: (error as Error).message,
      ...none,
      reads: undefined,
      writes: undefined,
      errors: undefined,
    }
  }
}

/** Asks all nodes that the client knows. */
export async function sampleCluster(client: CliClient, namespaces: readonly string[]): Promise<ClusterSample> {
  const nodes = client.stats().nodes.map(({ name, address }) => sampleNode(client, name, address, namespaces))
  return { at: performance.now(), nodes: await Promise.all(nodes) }
}

/** The metrics of a sample, with the rates since an earlier one. */
export function ratesOf(sample: ClusterSample, earlier: ClusterSample | undefined): NodeRates[] {
  const seconds = earlier === undefined ? 0 : (sample.at - earlier.at) / 1000
  return sample.nodes.map(({ reads, writes, errors, ...rest }) => {
    const before = earlier?.nodes.find(({ node }) => node === rest.node)
    const rate = (now: number | undefined, then: number | undefined): number | undefined =>
      // A node that was restarted counts from 0 again.
      now === undefined || then === undefined || now < then || seconds <= 0 ? undefined : (now - then) / seconds
    return {
      ...rest,
      readsPerSecond: rate(reads, before?.reads),
      writesPerSecond: rate(writes, before?.writes),
      errorsPerSecond: rate(errors, before?.errors),
    }
  })
}
