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
import { faultText, reportText, SHOWN_VIOLATIONS } from './report.mjs'
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

function onFault(event: FaultEvent): void {
  console.log(faultText(event))
}

function print(report: ChaosReport): void {
  console.log(`\n${reportText(report)}`)
  for (const violation of report.violations.slice(0, SHOWN_VIOLATIONS)) console.error(`violation: ${violation}`)
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
