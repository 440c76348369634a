import type { Command } from 'commander'
import { type BenchResult, type CallStats, runBench } from '../bench/run.mjs'
import { type ConnectionOptions, integerOption, numberOption } from '../connection.mjs'
import { EXIT, usageError } from '../exit-codes.mjs'
import { tableText } from '../formats/table.mjs'
import { Interrupt } from '../interrupt.mjs'
import { parseSet, targetName } from '../keys.mjs'
import { note, stdout } from '../output.mjs'
import { ProgressBar } from '../progress.mjs'
import { count, hasColors, widthOf } from '../terminal.mjs'
import { runs, withClient } from './command.mjs'

interface BenchCommandOptions extends ConnectionOptions {
  readonly seconds: number
  readonly records: number
  readonly size: number
  readonly reads: number
  readonly concurrency: number
  readonly json?: boolean
}

/** `bench`: a quick benchmark. */
export function benchCommand(program: Command): Command {
  const command = program
    .command('bench')
    .description('measure reads and writes of random records; the records are removed at the end')
    .argument('[set]', 'namespace/set of the records', 'test/cli-bench')
    .option('-s, --seconds <number>', 'duration', numberOption(0.1, 3600), 5)
    .option('--records <number>', 'number of records', integerOption(1, 10_000_000), 10_000)
    .option('--size <bytes>', 'size of a record', integerOption(1, 1_000_000), 100)
    .option('--reads <percent>', 'percentage of reads', numberOption(0, 100), 80)
    .option('-c, --concurrency <number>', 'calls in flight', integerOption(1, 10_000), 64)
    .option('--json', 'as JSON')
  return runs<BenchCommandOptions>(command, async ([path = ''], options) => {
    const target = parseSet([path], options)
    using interrupt = new Interrupt()
    const result = await withClient(options, async client => {
      if ((await client.query(target.namespace, target.set).maxRecords(1).count()) > 0) {
        throw usageError(
          `${targetName(target)} has records, which the benchmark would replace; name a set that is empty`,
        )
      }
      let calls = 0
      const started = performance.now()
      const bar = new ProgressBar(process.stderr, () => {
        return { rows: calls, failed: 0, done: (performance.now() - started) / (options.seconds * 1000) }
      })
      try {
        return await runBench(
          client,
          { ...options, target, reads: options.reads / 100, signal: interrupt.signal },
          made => {
            calls = made
          },
        )
      } finally {
        bar.stop()
      }
    })
    if (options.json === true) await stdout.write(`${JSON.stringify(result)}\n`)
    else await show(result)
    const failed = [result.reads, result.writes].some(({ errors }) => Object.keys(errors).length > 0)
    return interrupt.exitCode ?? (failed ? EXIT.FAILURE : EXIT.OK)
  })
}

const ms = (value: number): string => `${value.toFixed(2)} ms`

function row(name: string, { calls, rate, p50, p99, max }: CallStats): Map<string, unknown> {
  const values = {
    calls: BigInt(calls),
    'per second': BigInt(Math.round(rate)),
    median: ms(p50),
    p99: ms(p99),
    max: ms(max),
  }
  return new Map<string, unknown>([['', name], ...Object.entries(values)])
}

async function show({ reads, writes, seconds }: BenchResult): Promise<void> {
  const rows = [row('reads', reads), row('writes', writes)]
  await stdout.write(tableText(rows, { width: widthOf(process.stdout), colors: hasColors(process.stdout) }))
  const calls = reads.calls + writes.calls
  await stdout.write(`\n${count(calls / seconds)} calls per second, for ${seconds.toFixed(1)} s\n`)
  for (const { errors } of [reads, writes]) {
    for (const [code, failed] of Object.entries(errors)) note(`${count(failed)} calls failed with ${code}`)
  }
}
