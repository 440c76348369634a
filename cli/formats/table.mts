/**
 * Rows as a table for people. Where the columns do not fit the width, each row becomes a block of lines.
 */

import { padded, printable, type Style, styler, textWidth } from '../terminal.mjs'
import { displayText } from '../values.mjs'
import { columnsOf, type FailedRecord, type Row } from './rows.mjs'
import type { RowWriter, WriterOptions } from './writer.mjs'

const GAP = '  '
/** A column that is cut is not narrower than this. */
const MIN_COLUMN = 6
const MAX_COLUMN = 40

export interface TableOptions {
  readonly width: number
  readonly colors: boolean
}

/** A column of a table. */
interface Column {
  readonly name: string
  readonly align: 'left' | 'right'
  readonly width: number
}

const cell = (value: unknown): string => printable(displayText(value))

function columnsFor(names: readonly string[], rows: readonly Row[]): Column[] {
  return names.map(name => {
    let [width, numeric] = [textWidth(printable(name)), true]
    for (const row of rows) {
      const value = row.get(name)
      if (value === undefined) continue
      numeric &&= typeof value === 'number' || typeof value === 'bigint'
      width = Math.max(width, textWidth(cell(value)))
    }
    return { name, align: numeric ? 'right' : 'left', width }
  })
}

const total = (columns: readonly Column[]): number =>
  columns.reduce((sum, { width }) => sum + width, GAP.length * Math.max(0, columns.length - 1))

/** Narrows the widest columns until all fit. Returns undefined if they cannot. */
function narrowed(columns: readonly Column[], width: number): Column[] | undefined {
  const result = columns.map(column => ({ ...column, width: Math.min(column.width, Math.max(MAX_COLUMN, MIN_COLUMN)) }))
  // With room to spare, long columns get it back.
  if (total(columns) <= width) return [...columns]
  while (total(result) > width) {
    const widest = result.reduce((one, other) => (other.width > one.width ? other : one))
    if (widest.width <= MIN_COLUMN) return undefined
    widest.width--
  }
  return result
}

function headerLines(columns: readonly Column[], style: Style): string[] {
  const names = columns.map(({ name, width, align }) => padded(printable(name), width, align))
  return [
    style('bold', names.join(GAP).trimEnd()),
    style('dim', columns.map(({ width }) => '─'.repeat(width)).join(GAP)),
  ]
}

function line(row: Row, columns: readonly Column[]): string {
  return columns
    .map(({ name, width, align }) => padded(cell(row.get(name)), width, align))
    .join(GAP)
    .trimEnd()
}

/** A row as a block: one line for each column that it has. */
function block(row: Row, names: readonly string[], width: number, style: Style): string {
  const present = names.filter(name => row.has(name))
  const label = Math.min(Math.max(...present.map(name => textWidth(name)), 0), Math.max(8, Math.floor(width / 3)))
  const room = Math.max(8, width - label - GAP.length)
  return present
    .map(name => `${style('bold', padded(printable(name), label))}${GAP}${padded(cell(row.get(name)), room).trimEnd()}`)
    .join('\n')
}

/** Lays out rows of known columns. Without a header, the caller has written it already. */
function layout(names: readonly string[], rows: readonly Row[], options: TableOptions, withHeader: boolean): string {
  if (rows.length === 0) return ''
  const style = styler(options.colors)
  const columns = narrowed(columnsFor(names, rows), options.width)
  if (columns === undefined) {
    const separator = style('dim', '─'.repeat(Math.min(options.width, 20)))
    const blocks = rows.map(row => block(row, names, options.width, style)).join(`\n${separator}\n`)
    return `${withHeader ? '' : `${separator}\n`}${blocks}\n`
  }
  const head = withHeader ? headerLines(columns, style) : []
  return `${[...head, ...rows.map(row => line(row, columns))].join('\n')}\n`
}

/** Lays out a whole table. */
export function tableText(rows: readonly Row[], options: TableOptions): string {
  return layout(columnsOf(rows), rows, options, true)
}

/** Lays out one record: a line for each bin. */
export function recordText(row: Row, options: TableOptions): string {
  return `${block(row, columnsOf([row]), options.width, styler(options.colors))}\n`
}

/** Rows of this many records are laid out together. */
const SECTION = 1000

/** Writes tables. Rows arrive in sections, each with the widths that it needs; a header precedes changed columns. */
export class TableWriter implements RowWriter {
  readonly #options: WriterOptions
  #waiting: Row[] = []
  #columns: string[] = []

  constructor(options: WriterOptions) {
    this.#options = options
  }

  async write(rows: readonly Row[]): Promise<FailedRecord[]> {
    this.#waiting.push(...rows)
    if (this.#waiting.length >= SECTION) await this.end()
    return []
  }

  async end(): Promise<void> {
    const rows = this.#waiting
    this.#waiting = []
    if (rows.length === 0) return
    const columns = columnsOf([new Map(this.#columns.map(name => [name, undefined])), ...rows])
    const same = columns.length === this.#columns.length
    this.#columns = columns
    await this.#options.sink.write(layout(columns, rows, this.#options, !same))
  }
}
