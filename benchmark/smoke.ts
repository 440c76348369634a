/**
 * A guard against large regressions: the CPU time per operation of the official client divided by ours, for a few cases
 * on aerospike-local, compared with the ratios in `smoke.json`. CPU time, because the throughput on a shared machine
 * depends on its load; of each client, the round with the least.
 *
 *   npx tsx benchmark/smoke.ts [--record]    fails if a ratio is below half of the recorded one; --record writes them
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Target } from './clients/adapter'
import type { JsClientName } from './clients/names'
import type { Measurement, Sample } from './harness/job'
import { measureCase } from './harness/rounds'
import { useServer } from './harness/server'
import { FOLDER, Measured, nodeArguments, runJob } from './harness/spawn'
import { type SmokeRatio, smokeRatios, tooLow } from './report/smoke'
import { table } from './report/tables'
import { type Case, casesOf, operationsOf } from './suites/cases'

const RECORDED = join(FOLDER, 'smoke.json')
const CASES = [
  'get-1',
  'get-50',
  'put-50',
  'operate-50',
  'batchRead-1000',
  'batchReadColumns-1000',
  'batchWriteColumns-1000',
]
const CLIENTS: readonly JsClientName[] = ['ours', 'ours-auto-batch', 'official']
const AMOUNTS = { count: 2000, batchGroups: 10 } as const
const ROUNDS = 8
const WARMUP_MS = 800
const STEP_MS = 60_000

async function measure(spec: Case, target: Target): Promise<Sample[]> {
  const operations = operationsOf(spec, AMOUNTS)
  const clients = CLIENTS.filter(name => spec.clients.includes(name))
  return measureCase(spec, clients, {
    rounds: ROUNDS,
    start: client => {
      const own = { ...target, inFlight: spec.inFlight }
      const job = { kind: 'measure', client: client as JsClientName, case: spec, target: own, operations } as const
      const args = nodeArguments({ ...job, warmupMs: WARMUP_MS })
      return Measured.start<Measurement>(process.execPath, args, STEP_MS)
    },
    onStep: () => {},
    onFailure: (what, error) => {
      throw new Error(`${what}: ${error.message}`)
    },
  })
}

async function main(): Promise<void> {
  const cases = casesOf().filter(({ name }) => CASES.includes(name))
  const server = await useServer(undefined)
  try {
    const { host, port } = server
    const target: Target = { host, port, connections: 100, inFlight: 1, timeoutMs: 10_000 }
    await runJob({ kind: 'load', target, queryRows: 0 }, 2 * STEP_MS)
    const samples: Sample[] = []
    for (const spec of cases) samples.push(...(await measure(spec, target)))
    report(smokeRatios(samples, cases))
  } finally {
    await server.stop()
  }
}

function report(ratios: readonly SmokeRatio[]): void {
  if (process.argv.includes('--record')) {
    const recorded = Object.fromEntries(ratios.map(({ name, value }) => [name, Number(value.toFixed(2))]))
    writeFileSync(RECORDED, `${JSON.stringify(recorded, null, 2)}\n`)
  }
  const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as { readonly [name: string]: number }
  const low = tooLow(ratios, recorded)
  console.log('CPU time of the official client divided by ours; more is better.\n')
  console.log(
    table(
      ['case', 'measured', 'recorded', 'smallest allowed'],
      ratios.map(({ name, value }) => {
        const wanted = recorded[name]
        return [name, value.toFixed(2), wanted?.toFixed(2) ?? '-', wanted === undefined ? '-' : (wanted / 2).toFixed(2)]
      }),
    ),
  )
  for (const line of low) console.error(line)
  if (low.length > 0) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
