/**
 * An import from its file to its summary: types, state, progress, report.
 */
import { type CliError, EXIT, type ExitCode, usageError } from '../exit-codes.mjs'
import { FailureReport } from '../failures.mjs'
import { DIGEST_COLUMN, KEY_COLUMN } from '../formats/rows.mjs'
import { Interrupt } from '../interrupt.mjs'
import { targetName } from '../keys.mjs'
import { note } from '../output.mjs'
import { ProgressBar } from '../progress.mjs'
import { StateFile } from '../state-file.mjs'
import { count, counted, duration, fitted, printable } from '../terminal.mjs'
import type { Types } from './column-type.mjs'
import { type BulkWriter, Import, type ImportOptions, type ImportState } from './run.mjs'
import type { Source } from './source.mjs'
import type { SourceRow } from './source-row.mjs'
import { suggestTypes } from './types.mjs'

/** Rows of CSV from which the types of the columns are suggested. */
const CSV_SAMPLE = 1000
/** Rows of other formats, one of which must have a key. */
const SAMPLE = 100
/** Characters of the names of columns in a message. */
const MAX_COLUMNS = 400
/** Pause between two updates of the state file, in milliseconds. */
const SAVE_EVERY = 1000

/** What the command sets. */
export interface SessionOptions extends Omit<ImportOptions, 'from' | 'signal' | 'onProgress'> {
  /** The separator of the fields of CSV. */
  readonly delimiter: string
  /** File with the state; undefined if the import cannot be resumed. */
  readonly statePath: string | undefined
  readonly resume: boolean
  /** File for all failed rows. */
  readonly failuresPath: string | undefined
  /** Without progress and summary. */
  readonly quiet: boolean
}

/** The state of an interrupted import. */
interface SavedState extends ImportState {
  readonly size: number | null
  readonly changed: number | null
  readonly target: string
  readonly types: { readonly [column: string]: string }
}

type Rows = AsyncGenerator<SourceRow, void, undefined>

/** Runs an import. Without a client, it only reads and checks the rows. */
export async function runImport(
  source: Source,
  client: BulkWriter | undefined,
  options: SessionOptions,
): Promise<ExitCode> {
  const { statePath } = options
  const state = statePath === undefined ? undefined : new StateFile<SavedState>(statePath, 'import')
  const saved = options.resume ? resumed(state, source, options) : undefined
  using interrupt = new Interrupt()
  const read = source.rows({ delimiter: options.delimiter, types: options.types, signal: interrupt.signal })
  const types = saved === undefined ? options.types : (new Map(Object.entries(saved.types)) as Types)
  const isCsv = source.format === 'csv'
  const [sample, rows] = await sampled(read, isCsv ? CSV_SAMPLE : SAMPLE)
  if (saved === undefined) checkKeys(sample, options)
  const known = isCsv ? suggestTypes(sample, types) : types
  if (isCsv && sample.length > 0 && !options.quiet) describeTypes(known)

  const report = new FailureReport(options.failuresPath, saved !== undefined)
  const started = performance.now()
  const snapshot = (): SavedState => ({
    size: source.size ?? null,
    changed: source.changed ?? null,
    target: targetName(options.target),
    types: Object.fromEntries(known),
    ...run.state,
  })
  const run: Import = new Import(client, report, {
    ...options,
    types: known,
    from: saved ?? { done: 0, failed: 0 },
    signal: interrupt.signal,
    onProgress: () => state?.saveEvery(SAVE_EVERY, snapshot),
  })
  const bar = options.quiet ? undefined : progressBar(run, source)
  let failure: { readonly error: unknown } | undefined
  try {
    await run.run(rows)
  } catch (error) {
    // A file that an interruption has cut off looks truncated.
    if (!interrupt.stopped) failure = { error }
  }
  bar?.stop()
  const complete = failure === undefined && !interrupt.stopped
  if (complete) state?.remove()
  else state?.save(snapshot())
  report.close()
  if (!options.quiet) summarize(run, complete, performance.now() - started, options, client === undefined)
  if (failure !== undefined) throw failure.error
  return interrupt.exitCode ?? (run.counts.failed > 0 ? EXIT.ROWS_FAILED : EXIT.OK)
}

/** The state to continue from. */
function resumed(
  state: StateFile<SavedState> | undefined,
  source: Source,
  options: SessionOptions,
): SavedState | undefined {
  if (state === undefined) throw usageError(`--resume: an import of ${source.name} cannot be continued`)
  const saved = state.read()
  if (saved === undefined) {
    note(`there is no ${state.path}: starting with the first row`)
    return undefined
  }
  if (saved.size !== (source.size ?? null) || saved.changed !== (source.changed ?? null)) {
    throw usageError(`${source.name} has changed since the import was interrupted; delete ${state.path} to start again`)
  }
  if (saved.target !== targetName(options.target)) {
    throw usageError(`the interrupted import wrote to ${saved.target}; delete ${state.path} to start again`)
  }
  if (!options.quiet) note(`continuing after row ${count(saved.done)}`)
  return saved
}

/** Reads the first rows, and returns them and all rows. An error after the first row comes when that row is read again. */
async function sampled(rows: Rows, size: number): Promise<readonly [readonly SourceRow[], Rows]> {
  const sample: SourceRow[] = []
  let ended = false
  let failure: { readonly error: unknown } | undefined
  try {
    while (sample.length < size && !ended) {
      const next = await rows.next()
      if (next.done === true) ended = true
      else sample.push(next.value)
    }
  } catch (error) {
    if (sample.length === 0) throw error
    failure = { error }
  }
  const unread = [...sample]
  async function* all(): Rows {
    yield* unread.splice(0)
    if (failure !== undefined) throw failure.error
    if (!ended) yield* rows
  }
  return [sample, all()]
}

/** Refuses rows of which none has a key, before each of them fails for this reason. */
function checkKeys(sample: readonly SourceRow[], { rowKeys, keyColumn = KEY_COLUMN }: SessionOptions): void {
  const readable = sample.flatMap(({ values }) => values ?? [])
  if (rowKeys || readable.length === 0) return
  if (readable.some(values => values.has(keyColumn) || values.has(DIGEST_COLUMN))) return
  const columns = [...new Set(readable.flatMap(values => [...values.keys()]))].map(printable).join(', ')
  throw usageError(
    `no row has the column ${printable(keyColumn)}: name the column with the keys by --key, or number the rows with ` +
      `--row-keys. The columns are: ${fitted(columns, MAX_COLUMNS)}`,
  )
}

function describeTypes(types: Types): void {
  note(`columns: ${[...types].map(([name, type]) => `${name}:${type}`).join(', ')}`)
}

function progressBar(run: Import, source: Source): ProgressBar {
  return new ProgressBar(process.stderr, () => {
    const { written, failed } = run.counts
    const done = source.size === undefined || source.size === 0 ? undefined : source.bytesRead() / source.size
    return { rows: written + failed, failed, done }
  })
}

function summarize(run: Import, complete: boolean, ms: number, options: SessionOptions, dryRun: boolean): void {
  const { written, failed } = run.counts
  const rows = counted(written, 'row')
  const what = dryRun ? `${rows} can be written` : `${rows} written to ${targetName(options.target)}`
  note(`${what}, ${count(failed)} failed, in ${duration(ms)}`)
  if (complete) return
  note(
    options.statePath === undefined
      ? `stopped after row ${count(run.state.done)}`
      : `stopped after row ${count(run.state.done)}; run the same command with --resume to continue`,
  )
}

/** The separator of the fields of a file. */
export function delimiterOf(file: string, given: string | undefined): string {
  if (given === undefined) return /\.tsv$/i.test(file) ? '\t' : ','
  const delimiter = given === '\\t' ? '\t' : given
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) throw usageError('--delimiter: one character is needed')
  return delimiter
}

/** An error about a file whose format is unknown. */
export function unknownFormat(file: string): CliError {
  return usageError(
    `the format of ${file === '-' ? 'standard input' : file} is unknown: use --csv, --ndjson, --json, --arrow or --parquet`,
  )
}
