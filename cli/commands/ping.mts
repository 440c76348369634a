import type { Command } from 'commander'
import { type ConnectionOptions, integerOption } from '../connection.mjs'
import { EXIT } from '../exit-codes.mjs'
import { tableText } from '../formats/table.mjs'
import { stdout } from '../output.mjs'
import { hasColors, widthOf } from '../terminal.mjs'
import { runs, withClient } from './command.mjs'

interface PingOptions extends ConnectionOptions {
  readonly count: number
  readonly json?: boolean
}

/** `ping`: sends a small request to each node. */
export function pingCommand(program: Command): Command {
  const command = program
    .command('ping')
    .description('check that each node answers, and measure how fast')
    .option('-c, --count <number>', 'number of pings of each node; the fastest counts', integerOption(1, 10_000), 3)
    .option('--json', 'as JSON')
  return runs<PingOptions>(command, async (_, options) => {
    const nodes = await withClient(options, async client => {
      let fastest = await client.ping()
      for (let count = 1; count < options.count; count++) {
        const pings = await client.ping()
        fastest = pings.map(ping => {
          const earlier = fastest.find(({ node }) => node === ping.node)
          if (ping.error !== null || earlier === undefined || earlier.error !== null) return ping
          return ping.ms < earlier.ms ? ping : earlier
        })
      }
      return fastest
    })
    if (options.json === true) {
      const plain = nodes.map(({ node, address, ms, error }) => ({ node, address, ms, error: error?.message ?? null }))
      await stdout.write(`${JSON.stringify(plain)}\n`)
    } else {
      const rows = nodes.map(
        ({ node, address, ms, error }) =>
          new Map([
            ['node', node],
            ['address', address],
            ['time', error === null ? `${ms.toFixed(2)} ms` : `failed: ${error.message}`],
          ]),
      )
      await stdout.write(tableText(rows, { width: widthOf(process.stdout), colors: hasColors(process.stdout) }))
    }
    return nodes.some(({ error }) => error !== null) ? EXIT.FAILURE : EXIT.OK
  })
}
