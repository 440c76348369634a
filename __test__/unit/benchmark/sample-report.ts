/** A report with made-up figures: each client of each case has the same latency, and a speed of its own. */
import type { ClientName } from '../../../benchmark/clients/names'
import type { Sample } from '../../../benchmark/harness/job'
import type { Report } from '../../../benchmark/report/report'
import { summarize } from '../../../benchmark/report/summary'
import { casesOf } from '../../../benchmark/suites/cases'

/** Operations per second. */
const SPEEDS: { readonly [name in ClientName]: number } = {
  ours: 40_000,
  'ours-auto-batch': 80_000,
  'ours-sync': 10_000,
  official: 20_000,
  core: 50_000,
  'aerospike-py': 5_000,
  none: 1_000_000,
}

export function sample(name: string, client: ClientName, round: number, speed = SPEEDS[client]): Sample {
  const js = client === 'official' ? 40 : 5
  return {
    case: name,
    client,
    round,
    operations: 1000,
    seconds: 1000 / speed,
    p50Us: 100,
    p95Us: 200,
    p99Us: 300,
    p999Us: 400,
    cpuUs: 20_000,
    rssMiB: 80,
    peakRssMiB: 90,
    jsUs: js * 1000,
    jsClock: 'schedstat',
    loopDelayP99Ms: 0.5,
  }
}

export function sampleReport(changes: Partial<Report> = {}): Report {
  const cases = casesOf()
  const samples = cases.flatMap(({ name, clients }) =>
    clients.flatMap(client => [1, 2, 3].map(round => sample(name, client, round))),
  )
  return {
    date: '2026-01-02',
    quick: false,
    server: { build: '8.1.2.0', edition: 'Aerospike Community Edition', label: '127.0.0.1:3000', own: false },
    environment: {
      cpu: 'A processor',
      cores: 4,
      memoryGiB: 8,
      system: 'Linux',
      node: 'v20.0.0',
      ours: '0.1.0',
      profile: 'release',
      official: '6.7.1',
      core: '3.0.0',
      commit: 'abc',
    },
    conditions: {
      count: 1000,
      rounds: 3,
      concurrency: 50,
      batchGroups: 10,
      warmupMs: 500,
      connections: 100,
    },
    quiet: { loadBefore: 0.1, steal: 0, priority: 0 },
    samples,
    cases: summarize(samples, cases),
    rss: [],
    startUps: [
      { client: 'none', requireMs: 0, firstGetMs: 0, processMs: 40 },
      { client: 'ours', requireMs: 15, firstGetMs: 5, processMs: 60 },
      { client: 'official', requireMs: 45, firstGetMs: 6, processMs: 95 },
    ],
    installs: [],
    failures: [],
    ...changes,
  }
}
