import type { Command } from 'commander'
import { usageError } from '../exit-codes.mjs'
import { checkFree, isSpecialFile } from '../export/file.mjs'
import { runExport } from '../export/session.mjs'
import { type FormatOptions, formatOfFile, isTyped } from '../formats/format.mjs'
import { unknownFormat } from '../import/session.mjs'
import { parseTarget } from '../keys.mjs'
import { stdout } from '../output.mjs'
import type { ScanOptions } from '../query.mjs'
import { checkWhere } from '../query.mjs'
import { addFormats, addScanOptions, runs, withClient } from './command.mjs'

interface ExportCommandOptions extends ScanOptions, FormatOptions {
  readonly output?: string
  readonly force?: boolean
  readonly resume?: boolean
  readonly failures?: string
  readonly quiet?: boolean
}

/** `export`: writes the records of a set or namespace to a file. */
export function exportCommand(program: Command): Command {
  const command = program
    .command('export')
    .description('write the records of a set or namespace to a file')
    .argument('<set...>', 'namespace/set, or the two as words; a namespace alone means all of its sets')
    .option('-o, --output <file>', 'file to write (default: standard output); its ending is the format')
    .option('-f, --force', 'replace the file if it exists')
    .option('--resume', 'continue an interrupted export to the same file')
    .option('--failures <file>', 'write all records that were left out to this file, as NDJSON')
    .option('-q, --quiet', 'no progress and no summary')
  addFormats(addScanOptions(command), ['json', 'ndjson', 'csv', 'arrow', 'parquet'])
  return runs<ExportCommandOptions>(command, async (words, options) => {
    const path = options.output === '-' ? undefined : options.output
    const target = parseTarget(words, options)
    const format = formatOfFile(path ?? '', options) ?? (path === undefined ? 'ndjson' : undefined)
    if (format === undefined) throw unknownFormat(path ?? '-')
    if (isTyped(format) && path === undefined && process.stdout.isTTY) {
      throw usageError(`--${format} is binary: use --output, or redirect it to a file`)
    }
    checkWhere(options)
    if (path !== undefined && !(await isSpecialFile(path))) await checkFree(path, options.force === true)
    return await withClient(options, client =>
      runExport(client, {
        target,
        format,
        path,
        scan: options,
        resume: options.resume === true,
        failuresPath: options.failures,
        quiet: options.quiet === true,
        stdout,
      }),
    )
  })
}
