import { writeFileSync } from 'node:fs'
import { LocalServer } from 'aerospike-napi/testing'
import type { Command } from 'commander'
import { externalCluster, localCluster } from '../../chaos/faults.mjs'
import { faultText, reportText, SHOWN_VIOLATIONS } from '../../chaos/report.mjs'
import { type ChaosReport, runChaos } from '../../chaos/run.mjs'
import { integerOption, numberOption } from '../connection.mjs'
import { EXIT, usageError } from '../exit-codes.mjs'
import { note, stdout } from '../output.mjs'
import { runs } from './command.mjs'

interface ChaosOptions {
  readonly minutes: number
  readonly seed?: number
  readonly inFlight: number
  readonly nodes: number
  readonly servers?: string
  readonly command?: string
  readonly json?: string
}

const DAY = 24 * 60

/** `chaos`: a load on a cluster whose nodes fail, and a check of what was written. */
export function chaosCommand(program: Command): Command {
  const command = program
    .command('chaos')
    .description('put a load on a cluster while its nodes fail, and check every record afterwards')
    .option('--minutes <number>', 'duration of the load', numberOption(0.05, DAY), 1)
    .option('--seed <number>', 'seed of the faults (default: random)', integerOption(0, 2 ** 31))
    .option('--in-flight <number>', 'calls in flight', integerOption(1, 10_000), 500)
    .option('--nodes <number>', 'number of nodes', integerOption(2, 9), 3)
    .option('--servers <hosts>', 'your servers (default: aerospike-local, the npm package, which must be installed)')
    .option('--command <program>', 'program that kills and starts your servers; see docs/chaos.md')
    .option('--json <file>', 'write the report as JSON')
  return runs<ChaosOptions>(command, async (_, options) => {
    const { servers, nodes, minutes, inFlight } = options
    if ((servers === undefined) !== (options.command === undefined)) {
      throw usageError('--servers and --command belong together')
    }
    const seed = options.seed ?? Math.floor(Math.random() * 2 ** 31)
    const chaos = {
      seconds: minutes * 60,
      seed,
      inFlight,
      onFault: (event: Parameters<typeof faultText>[0]) => note(faultText(event)),
    }
    note(`seed ${seed}, ${chaos.seconds} s, ${inFlight} calls in flight`)
    let report: ChaosReport
    if (servers !== undefined && options.command !== undefined) {
      report = await runChaos(externalCluster(servers, options.command, nodes), chaos)
    } else {
      await using server = await LocalServer.start({ nodes })
      report = await runChaos(localCluster(server), chaos)
    }
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
    await stdout.write(`${reportText(report)}\n`)
    for (const violation of report.violations.slice(0, SHOWN_VIOLATIONS)) note(`violation: ${violation}`)
    return report.violations.length > 0 ? EXIT.VIOLATION : EXIT.OK
  })
}
