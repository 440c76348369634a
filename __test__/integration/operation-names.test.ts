// The names of commands in metrics and traces: the addon has a table of them by number, which must match the definitions.
import { type Client, connect, getMetrics } from 'aerospike-napi'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Command } from '../../lib/boundary/command'
import * as commands from '../../lib/commands'
import { queryAggregate } from '../../lib/commands/aggregate'
import { operationName } from '../../lib/telemetry/diagnostics'
import { parseExposition } from '../helpers/exposition'

const COUNT = 'db_client_operation_duration_seconds_count'
/** Not counted: what begins and ends connections. */
const UNCOUNTED = ['connect', 'reconnect', 'close']

type AnyCommand = Command<readonly unknown[], unknown>

const all = [...Object.values(commands), queryAggregate] as unknown as readonly AnyCommand[]

let client: Client
beforeAll(async () => {
  client = await connect({ hosts: inject('aerospike').address })
})
afterAll(() => client.close())

/** Sends a command without its arguments: the addon refuses it, under its name. */
function sendEmpty({ name, id, variant, kind, decode }: AnyCommand): Promise<unknown> {
  const empty: AnyCommand = {
    name,
    id,
    variant,
    kind,
    decode,
    writes: () => false,
    encode: () => undefined,
    policy: () => undefined,
  }
  const { run } = client as unknown as { run(command: AnyCommand, args: readonly unknown[]): Promise<unknown> }
  return run.call(client, empty, [])
}

/** How often each operation was counted. */
function counts(): Map<string, number> {
  const operations = new Map<string, number>()
  for (const { name, labels, value } of parseExposition(getMetrics())) {
    const operation = labels.db_operation_name
    if (name === COUNT && operation !== undefined) operations.set(operation, (operations.get(operation) ?? 0) + value)
  }
  return operations
}

test.each(all.filter(({ name }) => !UNCOUNTED.includes(name)))('$name is counted under its name', async command => {
  const before = counts()
  await expect(sendEmpty(command)).rejects.toMatchObject({ name: 'ClientError', code: 'CLIENT' })
  const counted = [...counts()].filter(([operation, count]) => count !== (before.get(operation) ?? 0))
  expect(counted.map(([operation]) => operation)).toEqual([operationName(command.name).toLowerCase()])
})
