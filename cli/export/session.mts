/**
 * An export from its query to its summary: pages, state, progress, report.
 */
import type { AerospikeRecord } from 'aerospike-napi'
import type { CliClient } from '../connection.mjs'
import { EXIT, type ExitCode, usageError } from '../exit-codes.mjs'
import { FailureReport } from '../failures.mjs'
import { type FileFormat, isTyped } from '../formats/format.mjs'
import { columnsOf, isFailed, type Row, rowOf } from '../formats/rows.mjs'
import type { RowWriter } from '../formats/writer.mjs'
import { rowWriter } from '../formats/writers.mjs'
import { Interrupt } from '../interrupt.mjs'
import { type Target, targetName } from '../keys.mjs'
import { note, type Sink } from '../output.mjs'
import { ProgressBar } from '../progress.mjs'
import type { ScanOptions } from '../query.mjs'
import { queryOf } from '../query.mjs'
import { StateFile } from '../state-file.mjs'
import { bytes, count, counted, duration } from '../terminal.mjs'
import { type ExportFile, openExportFile } from './file.mjs'

/** Records of a page, between two of which an export can be interrupted and continued. */
const PAGE = 5000

/** What the command sets. */
export interface ExportOptions {
  readonly target: Target
  readonly format: FileFormat
  /** Path of the file; undefined for standard output. */
  readonly path: string | undefined
  readonly scan: ScanOptions
  readonly resume: boolean
  readonly failuresPath: string | undefined
  readonly quiet: boolean
  /** Where rows go if there is no file. */
  readonly stdout: Sink
}

/** The state of an interrupted export. */
interface SavedState {
  readonly target: string
  readonly format: string
  /** The options that choose the records. */
  readonly query: string
  readonly cursor: string
  /** Number of bytes in the file. */
  readonly size: number
  readonly rows: number
  readonly failed: number
  readonly columns: readonly string[] | null
}

/** Runs an export. */
export async function runExport(client: CliClient, options: ExportOptions): Promise<ExitCode> {
  const { path, format, target, scan } = options
  const resumable = path !== undefined && !isTyped(format)
  const state = resumable ? new StateFile<SavedState>(`${path}.export-state`, 'export') : undefined
  const saved = options.resume ? resumed(state, options) : undefined
  const file = path === undefined ? undefined : await openExportFile(path, saved?.size)
  const report = new FailureReport(options.failuresPath, saved !== undefined)
  using interrupt = new Interrupt()
  const run = new Export(client, file ?? options.stdout, report, options, saved)
  const total = options.quiet || scan.where !== undefined ? undefined : await recordsOf(client, target, scan)
  const bar = options.quiet
    ? undefined
    : new ProgressBar(process.stderr, () => {
        const { rows, failed } = run
        return {
          rows: rows + failed,
          failed,
          done: total === undefined || total === 0 ? undefined : (rows + failed) / total,
        }
      })
  const started = performance.now()
  let failure: { readonly error: unknown } | undefined
  try {
    await run.run(interrupt.signal, async cursor => {
      if (file === undefined || state === undefined) return
      await file.sync()
      state.save({ ...identity(options), ...run.state, cursor, size: file.size })
    })
  } catch (error) {
    failure = { error }
  }
  bar?.stop()
  const complete = failure === undefined && !interrupt.stopped
  try {
    await file?.close(complete)
  } catch (error) {
    failure ??= { error }
  }
  if (complete) state?.remove()
  report.close()
  if (!options.quiet) summarize(run, file, performance.now() - started, options)
  if (!complete && path !== undefined) explainPartial(path, state)
  if (failure !== undefined) throw failure.error
  return interrupt.exitCode ?? (report.count > 0 ? EXIT.ROWS_FAILED : EXIT.OK)
}

function identity({ target, format, scan }: ExportOptions): Pick<SavedState, 'target' | 'format' | 'query'> {
  const { where, bins, limit, meta } = scan
  return {
    target: targetName(target),
    format,
    query: JSON.stringify([where ?? null, bins ?? null, limit ?? 0, meta === true]),
  }
}

/** The state to continue from. */
function resumed(state: StateFile<SavedState> | undefined, options: ExportOptions): SavedState | undefined {
  if (state === undefined) {
    const reason = isTyped(options.format) ? 'a file of this format cannot be continued' : 'the export needs --output'
    throw usageError(`--resume: ${reason}`)
  }
  const saved = state.read()
  if (saved === undefined) {
    note(`there is no ${state.path}: starting with the first record`)
    return undefined
  }
  const asked = identity(options)
  if (saved.target !== asked.target || saved.format !== asked.format || saved.query !== asked.query) {
    throw usageError(`the interrupted export had other arguments; delete ${state.path} to start again`)
  }
  if (!options.quiet) note(`continuing after ${counted(saved.rows, 'row')}`)
  return saved
}

/** The number of records of the target, as far as the servers know it. */
async function recordsOf(client: CliClient, target: Target, { limit }: ScanOptions): Promise<number | undefined> {
  try {
    const sets = (await client.sets(target.namespace)).filter(({ set }) => target.set === null || set === target.set)
    const records = sets.reduce((sum, { objects }) => sum + objects, 0)
    return limit === undefined ? records : Math.min(limit, records)
  } catch {
    return undefined // Only the progress bar needs it, and the user may not be allowed to ask.
  }
}

/** The pages of a query, as rows of a file. */
class Export {
  readonly #client: CliClient
  readonly #writer: RowWriter
  readonly #report: FailureReport
  readonly #options: ExportOptions
  readonly #cursor: string | null
  #columns: readonly string[] | null
  #rows: number
  #failed: number

  constructor(
    client: CliClient,
    sink: Sink,
    report: FailureReport,
    options: ExportOptions,
    saved: SavedState | undefined,
  ) {
    this.#client = client
    this.#report = report
    this.#options = options
    this.#cursor = saved?.cursor ?? null
    this.#rows = saved?.rows ?? 0
    this.#failed = saved?.failed ?? 0
    this.#columns = saved?.columns ?? null
    const continued = saved !== undefined
    const columns = this.#columns ?? undefined
    this.#writer = rowWriter(options.format, { sink, width: 0, colors: false, columns, continued })
  }

  get rows(): number {
    return this.#rows
  }

  get failed(): number {
    return this.#failed
  }

  get state(): Pick<SavedState, 'rows' | 'failed' | 'columns'> {
    return { rows: this.#rows, failed: this.#failed, columns: this.#columns }
  }

  /**
   * Writes all pages.
   *
   * @param signal - stops after the current page
   * @param onPage - called after each page but the last, with the cursor of the next
   */
  async run(signal: AbortSignal, onPage: (cursor: string) => Promise<void>): Promise<void> {
    const { target, scan } = this.#options
    const limit = scan.limit === undefined ? {} : { maxRecords: scan.limit - this.#rows - this.#failed }
    if (limit.maxRecords === undefined || limit.maxRecords > 0) {
      const { limit: _, ...rest } = scan
      for await (const { records, cursor } of queryOf(this.#client, target, rest).pages(PAGE, this.#cursor, limit)) {
        await this.#page(records)
        if (cursor === null) break
        await onPage(cursor)
        if (signal.aborted) return
      }
    }
    await this.#writer.end()
  }

  async #page(records: readonly AerospikeRecord[]): Promise<void> {
    const { scan, target } = this.#options
    const how = { meta: scan.meta === true, withSet: target.set === null }
    const rows: Row[] = []
    for (const record of records) {
      const row = rowOf(record, how)
      if (isFailed(row)) this.#fail(row.record, row.reason)
      else rows.push(row)
    }
    if (this.#columns === null && rows.length > 0) {
      this.#columns = [...new Set([...columnsOf(rows), ...(scan.bins ?? [])])]
      this.#writer.setColumns?.(this.#columns)
    }
    const failed = await this.#writer.write(rows)
    for (const { record, reason } of failed) this.#fail(record, reason)
    this.#rows += rows.length - failed.length
  }

  #fail(place: string, reason: string): void {
    this.#failed++
    this.#report.add({ place, reason, code: 'ROW' })
  }
}

function summarize(run: Export, file: ExportFile | undefined, ms: number, { path }: ExportOptions): void {
  const size = file === undefined ? '' : `, ${bytes(file.size)}`
  note(
    `${counted(run.rows, 'row')} written to ${path ?? 'standard output'}${size}, ${count(run.failed)} failed, in ${duration(ms)}`,
  )
}

function explainPartial(path: string, state: StateFile<SavedState> | undefined): void {
  if (state?.read() !== undefined)
    note(`the rows so far are in ${path}.partial; run the same command with --resume to continue`)
}
