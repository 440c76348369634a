import type { Command } from 'commander'
import { EXIT, usageError } from '../exit-codes.mjs'
import { FailureReport } from '../failures.mjs'
import { chosenFormat, type FormatOptions, isTyped } from '../formats/format.mjs'
import { isFailed, type Row, rowOf } from '../formats/rows.mjs'
import { rowWriter } from '../formats/writers.mjs'
import { Interrupt } from '../interrupt.mjs'
import { parseTarget } from '../keys.mjs'
import { stdout } from '../output.mjs'
import type { ScanOptions } from '../query.mjs'
import { checkWhere, queryOf } from '../query.mjs'
import { hasColors, widthOf } from '../terminal.mjs'
import { addFormats, addScanOptions, runs, withClient } from './command.mjs'

/** Number of rows that determine the columns of CSV, Arrow and Parquet. */
const COLUMN_SAMPLE = 5000

interface ScanCommandOptions extends ScanOptions, FormatOptions {}

/** `scan`: reads the records of a set or namespace. */
export function scanCommand(program: Command): Command {
  const command = program
    .command('scan')
    .description('read the records of a set or namespace')
    .argument('<set...>', 'namespace/set, or the two as words; a namespace alone means all of its sets')
  addFormats(addScanOptions(command), ['table', 'json', 'ndjson', 'csv', 'arrow', 'parquet'])
  return runs<ScanCommandOptions>(command, async (words, options) => {
    const target = parseTarget(words, options)
    const format = chosenFormat(options) ?? (process.stdout.isTTY ? 'table' : 'ndjson')
    if (isTyped(format) && process.stdout.isTTY) throw usageError(`--${format} is binary: redirect it to a file`)
    checkWhere(options)
    const writer = rowWriter(format, {
      sink: stdout,
      width: widthOf(process.stdout),
      colors: hasColors(process.stdout),
      columns: undefined,
    })
    const report = new FailureReport(undefined, false)
    using interrupt = new Interrupt()
    const how = { meta: options.meta === true, withSet: target.set === null }
    const fail = (place: string, reason: string): void => report.add({ place, reason, code: 'ROW' })
    // The first rows determine the columns of CSV, Arrow and Parquet, so that there should be many of them.
    let wanted = format === 'csv' || isTyped(format) ? COLUMN_SAMPLE : 1
    let rows: Row[] = []
    const write = async (): Promise<void> => {
      for (const { record, reason } of await writer.write(rows)) fail(record, reason)
      rows = []
      wanted = 1
    }
    await withClient(options, async client => {
      for await (const records of queryOf(client, target, options).stream().chunks()) {
        if (interrupt.stopped) break
        for (const record of records) {
          const row = rowOf(record, how)
          if (isFailed(row)) fail(row.record, row.reason)
          else rows.push(row)
        }
        if (rows.length >= wanted) await write()
      }
      await write()
      await writer.end()
    })
    report.close()
    return interrupt.exitCode ?? (report.count > 0 ? EXIT.ROWS_FAILED : EXIT.OK)
  })
}
