/**
 * Terminal output: styled headings, aligned tables, bars, and progress if the output is a terminal.
 */
import type { WriteStream } from 'node:tty'

function styled(stream: WriteStream | NodeJS.WriteStream, code: number): (text: string) => string {
  const plain = !stream.isTTY || Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb'
  return text => (plain ? text : `\u001b[${code}m${text}\u001b[0m`)
}

/** Bold text, if the terminal supports it. */
export const bold = styled(process.stdout, 1)
/** Dim text, if the terminal supports it. */
export const dim = styled(process.stdout, 2)
/** Whether the output supports colour. */
export const colours = bold('') !== ''

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Formats a whole number: 12345.6 -> `12,346`. */
export function count(number: number): string {
  return whole.format(number)
}

/** Formats a number with a fixed number of decimals. */
export function fixed(number: number, digits: number): string {
  return number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Prints a heading. */
export function heading(text: string): void {
  console.log(`\n${bold(text)}`)
}

/** Alignment of a table column. */
export type Align = 'left' | 'right'

/** Prints rows in aligned columns, below the column names. */
export function table(columns: readonly (readonly [name: string, align: Align])[], rows: readonly string[][]): void {
  const widths = columns.map(([name], index) => Math.max(name.length, ...rows.map(row => row[index]?.length ?? 0)))
  const line = (cells: readonly string[]): string => {
    const padded = columns.map(([, align], index) => {
      const [cell, width] = [cells[index] ?? '', widths[index] ?? 0]
      return align === 'right' ? cell.padStart(width) : cell.padEnd(width)
    })
    return `  ${padded.join('  ').trimEnd()}`
  }
  console.log(dim(line(columns.map(([name]) => name))))
  for (const row of rows) console.log(line(row))
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar that fills `share` (0 to 1) of `width` characters. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8)
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '')
}

/** Progress output: a moving bar on a terminal, otherwise one line at the end. */
export class Progress {
  readonly #stream = process.stderr
  readonly #started = performance.now()
  #drawn = 0

  constructor(
    readonly label: string,
    readonly total: number,
  ) {
    this.#draw(0)
  }

  /** Updates the bar: `done` of the total are done. */
  update(done: number): void {
    if (this.#stream.isTTY && performance.now() - this.#drawn > 50) this.#draw(done)
  }

  #draw(done: number): void {
    if (!this.#stream.isTTY) return
    this.#drawn = performance.now()
    const share = done / this.total
    const percent = `${Math.floor(share * 100)}%`.padStart(4)
    const room = Math.max(10, Math.min(40, (this.#stream.columns ?? 80) - this.label.length - 30))
    const filled = bar(share, room).padEnd(room, ' ')
    this.#stream.write(`\r\u001b[K  ${this.label}  ▕${filled}▏${percent}  ${count(done)} of ${count(this.total)}`)
  }

  /** Removes the bar. Without a terminal, prints a summary. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K')
    else {
      const seconds = (performance.now() - this.#started) / 1000
      this.#stream.write(`  ${this.label}: ${count(this.total)} in ${fixed(seconds, 1)} s\n`)
    }
  }
}
