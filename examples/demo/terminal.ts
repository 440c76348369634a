/**
 * What the demo prints: styled headings, aligned tables, bars, and progress where somebody watches.
 */
import type { WriteStream } from 'node:tty'

function styled(stream: WriteStream | NodeJS.WriteStream, code: number): (text: string) => string {
  const plain = !stream.isTTY || Boolean(process.env.NO_COLOR) || process.env.TERM === 'dumb'
  return text => (plain ? text : `\u001b[${code}m${text}\u001b[0m`)
}

/** Bold, where the terminal can. */
export const bold = styled(process.stdout, 1)
/** Dim, where the terminal can. */
export const dim = styled(process.stdout, 2)
/** Whether values may be printed in colour. */
export const colours = bold('') !== ''

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 12345.6 -> `12,346`. */
export function count(number: number): string {
  return whole.format(number)
}

/** A number with so many digits behind the point. */
export function fixed(number: number, digits: number): string {
  return number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Prints a heading. */
export function heading(text: string): void {
  console.log(`\n${bold(text)}`)
}

/** How a column of a table is aligned. */
export type Align = 'left' | 'right'

/** Prints rows in aligned columns, the names of the columns above them. */
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

/** A bar that is `share` (0 to 1) of `width` characters long. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8)
  return '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '')
}

/** Tells how far something has come: a bar that moves on a terminal, else one line at the end. */
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

  /** Tells that `done` of the total are done. */
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

  /** Takes the bar away; where there was none, says what was done. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K')
    else {
      const seconds = (performance.now() - this.#started) / 1000
      this.#stream.write(`  ${this.label}: ${count(this.total)} in ${fixed(seconds, 1)} s\n`)
    }
  }
}
