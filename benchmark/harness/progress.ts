/** Progress on standard error: one line that is rewritten on a terminal, otherwise a line for each case. */

export class Progress {
  readonly #start = performance.now()
  #done = 0

  constructor(
    readonly total: number,
    readonly out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  ) {}

  /** A step of the case `what` begins. */
  step(what: string): void {
    if (this.out.isTTY) this.out.write(`\r\x1b[K${this.#bar()} ${what}`)
    this.#done++
  }

  /** A line that stays. */
  line(text: string): void {
    if (this.out.isTTY) this.out.write(`\r\x1b[K${text}\n`)
    else this.out.write(`${this.#percent()} ${text}\n`)
  }

  #bar(): string {
    const width = 24
    const filled = Math.round(this.#share() * width)
    return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${this.#percent()} ${this.#left()}`
  }

  #share(): number {
    return Math.min(1, this.#done / Math.max(1, this.total))
  }

  #percent(): string {
    return `${String(Math.floor(this.#share() * 100)).padStart(3)}%`
  }

  #left(): string {
    const share = this.#share()
    if (share < 0.02) return ''
    const seconds = ((performance.now() - this.#start) / 1000) * (1 / share - 1)
    return `about ${Math.ceil(seconds / 60)} min left,`
  }
}
