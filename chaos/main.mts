/**
 * Runs the chaos kit: a mixed load on three nodes while nodes are killed, paused, cut off and delayed.
 *
 *   make chaos                                              one minute on a cluster of aerospike-local
 *   make chaos MINUTES=10 SEED=7                            longer, with the faults of another seed
 *   make chaos ARGS='--hosts 10.0.0.1,10.0.0.2,10.0.0.3 --command ./cluster.sh'
 *                                                           on your servers, which your command kills and starts
 *
 * Exits with 1 if something happened that must not happen.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { LocalServer } from 'aerospike-napi/testing'
import { externalCluster, type FaultEvent, localCluster } from './faults.mjs'
import { type ChaosReport, runChaos } from './run.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    'in-flight': { type: 'string', default: '500' },
    nodes: { type: 'string', default: '3' },
    hosts: { type: 'string' },
    command: { type: 'string' },
    json: { type: 'string' },
  },
})

function number(name: 'minutes' | 'seed' | 'in-flight' | 'nodes', lowest: number): number {
  const value = Number(values[name])
  if (!Number.isFinite(value) || value < lowest) throw new RangeError(`--${name} must be a number from ${lowest} on`)
  return value
}

function onFault({ at, fault, node, ms }: FaultEvent): void {
  console.log(`${(at / 1000).toFixed(1).padStart(7)} s  node ${node + 1}: ${fault}${ms > 0 ? ` for ${ms} ms` : ''}`)
}

function print(report: ChaosReport): void {
  console.log('\ncalls                 ok    failed  in doubt')
  for (const [kind, { ok, failed, inDoubt }] of Object.entries(report.calls)) {
    console.log(`${kind.padEnd(18)}${[ok, failed, inDoubt].map(count => String(count).padStart(8)).join('  ')}`)
  }
  console.log('\nerrors:', report.errors)
  const { records, elements, increments } = report.compared
  console.log(`compared: ${records} records, ${elements} elements of lists, ${increments} increments`)
  for (const violation of report.violations.slice(0, 20)) console.error(`violation: ${violation}`)
  console.log(`${report.faults.length} faults, ${report.violations.length} violations; seed ${report.seed}`)
}

async function main(): Promise<void> {
  const options = {
    seconds: number('minutes', 0.05) * 60,
    seed: number('seed', 0),
    inFlight: number('in-flight', 1),
    onFault,
  }
  console.log(`seed ${options.seed}, ${options.seconds} s, ${options.inFlight} calls in flight`)
  let report: ChaosReport
  if (values.hosts !== undefined) {
    if (values.command === undefined)
      throw new Error('--hosts needs --command, the program that kills and starts nodes')
    report = await runChaos(externalCluster(values.hosts, values.command, number('nodes', 1)), options)
  } else {
    await using server = await LocalServer.start({ nodes: number('nodes', 2) })
    report = await runChaos(localCluster(server), options)
  }
  print(report)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  process.exitCode = report.violations.length > 0 ? 1 : 0
}

await main()
