import type { Command } from 'commander'
import { EXIT, usageError } from '../exit-codes.mjs'
import { chosenFormat, type FormatOptions } from '../formats/format.mjs'
import { jsonOfRow } from '../formats/json-writer.mjs'
import { isFailed, type Row, rowOf } from '../formats/rows.mjs'
import { recordText } from '../formats/table.mjs'
import { parseKeys } from '../keys.mjs'
import { note, stdout } from '../output.mjs'
import { hasColors, widthOf } from '../terminal.mjs'
import { addFormats, addKeyType, type KeyOptions, runs, withClient } from './command.mjs'

interface GetOptions extends KeyOptions, FormatOptions {
  readonly bins?: string
  readonly meta?: boolean
}

/** `get`: reads records. */
export function getCommand(program: Command): Command {
  const command = program
    .command('get')
    .description('read records')
    .argument('<key...>', 'namespace/set/key, one or more; or the three as words')
    .option('-b, --bins <names>', 'only these bins, separated by commas')
    .option('--meta', 'with generation and TTL')
  addFormats(addKeyType(command), ['table', 'json', 'ndjson'])
  return runs<GetOptions>(command, async (words, options) => {
    const keys = parseKeys(words, options.keyType, options)
    const format = chosenFormat(options) ?? (process.stdout.isTTY ? 'table' : 'ndjson')
    const bins = options.bins?.split(',').map(name => name.trim())
    if (bins?.some(name => name === '')) throw usageError('--bins: the name of a bin is empty')
    const results = await withClient(options, async client => [...(await client.batchRead(keys, bins))])
    const rows: Row[] = []
    let failed = false
    for (const { key, record, error } of results) {
      const row = record === null ? undefined : rowOf(record, { meta: options.meta === true, withSet: false })
      if (row !== undefined && !isFailed(row)) {
        rows.push(row)
      } else if (error === null || error.code === 'RECORD_NOT_FOUND') {
        note(`${String(key)}: there is no such record`)
      } else {
        failed = true
        note(`${String(key)}: ${row !== undefined && isFailed(row) ? row.reason : error.message}`)
      }
    }
    await stdout.write(textOf(rows, format, keys.length > 1))
    if (failed) return EXIT.FAILURE
    return rows.length < keys.length ? EXIT.NOT_FOUND : EXIT.OK
  })
}

function textOf(rows: readonly Row[], format: string, several: boolean): string {
  if (format === 'ndjson') return rows.map(row => `${jsonOfRow(row)}\n`).join('')
  if (format === 'json') {
    if (several) return `[${rows.map(row => `\n  ${jsonOfRow(row)}`).join(',')}${rows.length > 0 ? '\n' : ''}]\n`
    return rows.map(row => `${jsonOfRow(row)}\n`).join('')
  }
  const options = { width: widthOf(process.stdout), colors: hasColors(process.stdout) }
  return rows.map(row => recordText(row, options)).join('\n')
}
