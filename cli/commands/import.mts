import { type Command, Option } from 'commander'
import { type ConnectionOptions, integerOption } from '../connection.mjs'
import { usageError } from '../exit-codes.mjs'
import { type FormatOptions, formatOfFile } from '../formats/format.mjs'
import { parseNames } from '../import/records.mjs'
import type { ImportOptions } from '../import/run.mjs'
import { delimiterOf, runImport, type SessionOptions, unknownFormat } from '../import/session.mjs'
import { openSource } from '../import/source.mjs'
import { parseTypes } from '../import/types.mjs'
import { parseTarget } from '../keys.mjs'
import { addFormats, runs, withClient } from './command.mjs'

interface ImportCommandOptions extends ConnectionOptions, FormatOptions {
  readonly key?: string
  readonly rowKeys?: boolean
  readonly keepKey?: boolean
  readonly types?: string
  readonly rename?: string
  readonly delimiter?: string
  readonly ttl?: number
  readonly exists: ImportOptions['exists']
  readonly sendKey?: boolean
  readonly resume?: boolean
  readonly state?: string
  readonly failures?: string
  readonly dryRun?: boolean
  readonly concurrency: number
  readonly batchSize: number
  readonly retries: number
  readonly quiet?: boolean
}

/** Deadline of a batch with all of its attempts, unless --timeout is given, in milliseconds. */
const BATCH_TIMEOUT = 30_000

/** `import`: writes the rows of a file as records. */
export function importCommand(program: Command): Command {
  const command = program
    .command('import')
    .description('write the rows of a file as records')
    .argument('<file>', 'file to read; - for standard input')
    .argument('<set...>', 'namespace/set, or the two as words')
    .option('-k, --key <column>', 'column with the keys (default: _key)')
    .option('--row-keys', 'use the numbers of the rows, from 1, as keys')
    .option('--keep-key', 'write the column with the keys as a bin, too')
    .option(
      '--types <types>',
      'types of columns: age:int,zip:string; int, double, string, bool, bytes, json, geo, skip',
    )
    .option('--rename <names>', 'bins with other names than their columns: column=bin,...')
    .option('--delimiter <character>', 'separator of the fields of CSV (default: a comma; a tab for .tsv)')
    .option('--ttl <seconds>', "time to live; 0: the namespace's default, -1: never expires", integerOption(-1))
    .addOption(
      new Option(
        '--exists <mode>',
        'records that exist: merge bins, replace them, or fail; update-only: the others fail',
      )
        .choices(['ignore', 'replace', 'create-only', 'update-only'])
        .default('ignore', 'merge bins'),
    )
    .option('--no-send-key', 'do not store the keys with the records')
    .option('--resume', 'continue an interrupted import of the same file')
    .option('--state <file>', 'file with the state of an interrupted import (default: <file>.import-state)')
    .option('--failures <file>', 'write all failed rows to this file, as NDJSON')
    .option('--dry-run', 'read and check the rows, and write nothing')
    .option('--concurrency <number>', 'batches in flight', integerOption(1, 1000), 4)
    .option('--batch-size <number>', 'rows of a batch', integerOption(1, 5000), 500)
    .option('--retries <number>', 'retries of a batch while a node is lost', integerOption(0, 1000), 10)
    .option('-q, --quiet', 'no progress and no summary')
  addFormats(command, ['json', 'ndjson', 'csv', 'arrow', 'parquet'])
  return runs<ImportCommandOptions>(command, async ([file = '', ...words], options) => {
    if (options.key !== undefined && options.rowKeys === true) {
      throw usageError('--key and --row-keys cannot be used together')
    }
    const format = formatOfFile(file, options)
    if (format === undefined) throw unknownFormat(file)
    const dryRun = options.dryRun === true
    const session: SessionOptions = {
      target: parseTarget(words, options),
      keyColumn: options.key,
      rowKeys: options.rowKeys === true,
      keepKey: options.keepKey === true,
      types: parseTypes(options.types ?? ''),
      names: parseNames(options.rename ?? ''),
      delimiter: delimiterOf(file, options.delimiter),
      ttl: options.ttl,
      exists: options.exists,
      sendKey: options.sendKey !== false,
      concurrency: options.concurrency,
      batchSize: options.batchSize,
      retries: options.retries,
      timeout: options.timeout ?? BATCH_TIMEOUT,
      statePath: dryRun || file === '-' ? undefined : (options.state ?? `${file}.import-state`),
      resume: options.resume === true,
      failuresPath: options.failures,
      quiet: options.quiet === true,
    }
    const source = await openSource(file, format)
    if (dryRun) return await runImport(source, undefined, session)
    return await withClient(options, client => runImport(source, client, session))
  })
}
