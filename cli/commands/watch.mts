import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { type ConnectionOptions, integerOption, numberOption } from '../connection.mjs'
import { tableText } from '../formats/table.mjs'
import { Interrupt } from '../interrupt.mjs'
import { stdout } from '../output.mjs'
import { bytes, count, hasColors, widthOf } from '../terminal.mjs'
import { type ClusterSample, type NodeRates, ratesOf, sampleCluster } from '../watch/sample.mjs'
import { runs, withClient } from './command.mjs'

interface WatchOptions extends ConnectionOptions {
  readonly interval: number
  readonly count?: number
  readonly json?: boolean
}

/** `watch`: the metrics of a cluster, refreshed. */
export function watchCommand(program: Command): Command {
  const command = program
    .command('watch')
    .description('show the metrics of the nodes, and refresh them until you press Ctrl+C')
    .option('-i, --interval <seconds>', 'pause between two refreshes', numberOption(0.1, 3600), 2)
    .option('-c, --count <number>', 'end after this number of refreshes', integerOption(1))
    .option('--json', 'as NDJSON: an object for each refresh')
  return runs<WatchOptions>(command, async (_, options) => {
    using interrupt = new Interrupt()
    await withClient(options, async client => {
      const namespaces = await client.namespaces()
      let earlier: ClusterSample | undefined
      for (let shown = 0; !interrupt.stopped; ) {
        const sample = await sampleCluster(client, namespaces)
        await stdout.write(frame(ratesOf(sample, earlier), options))
        earlier = sample
        if (++shown === options.count) break
        await sleep(options.interval * 1000, undefined, { signal: interrupt.signal }).catch(() => undefined)
      }
    })
    return undefined // Ctrl+C is the usual end.
  })
}

/** Moves the cursor to the top, and clears what was below it. */
const CLEAR = '\u001b[H\u001b[J'

function frame(nodes: readonly NodeRates[], options: WatchOptions): string {
  const time = new Date()
  if (options.json === true) return `${JSON.stringify({ time: time.toISOString(), nodes })}\n`
  const screen = process.stdout
  const text = tableText(nodes.map(row), { width: widthOf(screen), colors: hasColors(screen) })
  const title = `${time.toLocaleTimeString('en-GB')}  ${nodes.length} node${nodes.length === 1 ? '' : 's'}`
  return `${screen.isTTY ? CLEAR : ''}${title}\n\n${text}${screen.isTTY ? '' : '\n'}`
}

const rate = (value: number | undefined): string => (value === undefined ? '-' : count(value))

function row(node: NodeRates): Map<string, unknown> {
  if (node.failure !== undefined) {
    return new Map<string, unknown>([
      ['node', node.address],
      ['state', `failed: ${node.failure}`],
    ])
  }
  return new Map<string, unknown>([
    ['node', node.address],
    ['state', stateOf(node)],
    ['clients', BigInt(node.connections)],
    ['records', BigInt(node.records)],
    ['data', bytes(node.dataBytes)],
    ['reads/s', rate(node.readsPerSecond)],
    ['writes/s', rate(node.writesPerSecond)],
    ['errors/s', rate(node.errorsPerSecond)],
  ])
}

function stateOf({ stopWrites, migrations }: NodeRates): string {
  if (stopWrites.length > 0) return `stop-writes: ${stopWrites.join(', ')}`
  return migrations > 0 ? `migrating ${count(migrations)} partitions` : 'ok'
}
