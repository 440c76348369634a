/**
 * What a stream can show: colours, its width, and text that fits it.
 */
import { styleText } from 'node:util'
import stringWidth from 'string-width'

/** The parts of `process.stdout` and `process.stderr` that matter here. */
export interface Screen {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  hasColors?(): boolean
}

const DEFAULT_WIDTH = 80
const MIN_WIDTH = 20

/** The number of columns: of the terminal, or of the variable COLUMNS. */
export function widthOf(screen: Screen): number {
  const given = screen.columns ?? Number(process.env.COLUMNS)
  return Number.isInteger(given) && given > 0 ? Math.max(MIN_WIDTH, given) : DEFAULT_WIDTH
}

/** Whether a stream shows colours: a terminal, unless NO_COLOR is set or its type has none. */
export function hasColors(screen: Screen): boolean {
  return screen.isTTY === true && screen.hasColors?.() === true
}

/** Styles text, or returns it unchanged. */
export type Style = (format: 'bold' | 'dim' | 'red', text: string) => string

/** Returns a function that styles text if colours are wanted. */
export function styler(colors: boolean): Style {
  return colors ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text
}

/** Styles text for a stream; without colours, returns it unchanged. */
export function styled(screen: Screen, ...[format, text]: Parameters<Style>): string {
  return styler(hasColors(screen))(format, text)
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Control characters, which could change the terminal, as escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, character => {
    if (character === '\u200d') return character // joins emoji
    return JSON.stringify(character) === `"${character}"`
      ? `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`
      : JSON.stringify(character).slice(1, -1)
  })
}

/** The number of columns that text takes. */
export function textWidth(text: string): number {
  return stringWidth(text)
}

/** Cuts text to a number of columns; a cut text ends with an ellipsis. */
export function fitted(text: string, width: number): string {
  if (text.length <= width / 2 || textWidth(text) <= width) return text
  let [cut, used] = ['', 0]
  for (const { segment } of graphemes.segment(text)) {
    const more = textWidth(segment)
    if (used + more > width - 1) break
    cut += segment
    used += more
  }
  return `${cut}…`
}

/** Fits text and pads it to exactly a number of columns. */
export function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = fitted(text, width)
  const space = ' '.repeat(Math.max(0, width - textWidth(shown)))
  return align === 'left' ? shown + space : space + shown
}

const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A number with separators of thousands. */
export function count(value: number | bigint): string {
  return integers.format(value)
}

/** A number of things: `1 row`, `2 rows`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** A duration: `320 ms`, `12.3 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A number of bytes: `512 B`, `1.5 kB`, `20.1 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let [amount, unit] = [value, 0]
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit++
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`
}
