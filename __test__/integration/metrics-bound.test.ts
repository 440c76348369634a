// In a process of its own: what it counts fills the table of series.
import { getMetrics } from 'aerospike-napi'
import { expect, test } from 'vitest'
import { CLIENTS, connectBefore, rejection } from '../helpers/clients'
import { parseExposition, type Sample } from '../helpers/exposition'

const client = connectBefore(CLIENTS[0]!)
const COUNT = 'db_client_operation_duration_seconds_count'

const counts = (of: (labels: Record<string, string>) => boolean): Sample[] =>
  parseExposition(getMetrics()).filter(({ name, labels }) => name === COUNT && of(labels))
const sum = (samples: readonly Sample[]): number => samples.reduce((all, { value }) => all + value, 0)

test('sets by the thousand are counted together beyond the bound, and nothing is lost', async () => {
  const sets = 3000
  for (let first = 0; first < sets; first += 100) {
    const calls = Array.from({ length: 100 }, (_, number) => client().exists(['test', `bound-${first + number}`, 1]))
    await Promise.all(calls)
  }
  const existing = counts(labels => labels.db_operation_name === 'exists')
  expect(existing.length).toBeGreaterThan(900)
  expect(existing.length).toBeLessThanOrEqual(1001)
  expect(sum(existing)).toBe(sets)
  const others = existing.filter(({ labels }) => labels.db_collection_name === '_OTHER')
  expect(others.map(({ labels }) => labels.db_namespace)).toEqual(['test'])
  expect(sum(others)).toBe(sets - existing.length + 1)
})

test('namespaces that are made up are counted together too', async () => {
  for (let number = 0; number < 50; number++) await rejection(client().get([`made-up-${number}`, 'set', 1]))
  const others = counts(labels => labels.db_namespace === '_OTHER')
  expect(others.map(({ labels, value }) => [labels.db_collection_name, labels.error_type, value])).toEqual([
    ['_OTHER', 'INVALID_NAMESPACE', 50],
  ])
})
