/**
 * A progress bar on standard error, for terminals only.
 */
import { count, counted, duration, fitted, type Screen, textWidth, widthOf } from './terminal.mjs'

/** Pause between two updates of the bar, in milliseconds. */
const INTERVAL = 100

/** The state of a long command. */
export interface ProgressState {
  /** Number of rows that are done. */
  readonly rows: number
  /** Number of rows that failed. */
  readonly failed: number
  /** Part of the work that is done, from 0 to 1; undefined if the total is unknown. */
  readonly done: number | undefined
}

/** The text of a bar for a width: the bar itself is left out where there is no room for it. */
export function progressLine(state: ProgressState, elapsed: number, width: number): string {
  const { rows, failed, done } = state
  const rate = elapsed > 0 ? (rows / elapsed) * 1000 : 0
  const parts = [counted(rows, 'row')]
  if (failed > 0) parts.push(`${count(failed)} failed`)
  const share = done === undefined ? undefined : Math.min(1, Math.max(0, done))
  if (rate >= 1) parts.push(`${count(rate)}/s`)
  if (share !== undefined && share > 0.01 && share < 1) {
    parts.push(`${duration(Math.ceil((elapsed / share - elapsed) / 1000) * 1000)} left`)
  }
  const text = parts.join('  ')
  if (share === undefined) return fitted(text, width - 1)
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`
  const room = Math.min(30, width - 1 - textWidth(text) - percent.length - 5)
  if (room < 8) return fitted(`${percent}  ${text}`, width - 1)
  const filled = Math.round(share * room)
  return `${percent} [${'#'.repeat(filled)}${'-'.repeat(room - filled)}]  ${text}`
}

/** A bar that updates itself until it is stopped. */
export class ProgressBar {
  readonly #screen: Screen & { write(text: string): unknown }
  readonly #state: () => ProgressState
  readonly #timer: NodeJS.Timeout | undefined
  readonly #started = performance.now()

  /**
   * @param screen - `process.stderr`; nothing is shown unless it is a terminal
   * @param state - returns the current state
   */
  constructor(screen: Screen & { write(text: string): unknown }, state: () => ProgressState) {
    this.#screen = screen
    this.#state = state
    if (screen.isTTY === true) this.#timer = setInterval(() => this.#draw(), INTERVAL).unref()
  }

  #draw(): void {
    const line = progressLine(this.#state(), performance.now() - this.#started, widthOf(this.#screen))
    this.#screen.write(`\r\u001b[K${line}`)
  }

  /** Removes the bar. */
  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#screen.write('\r\u001b[K')
  }
}
