/**
 * Interruption by SIGINT and SIGTERM: the first lets a command stop in order, a second one ends the process.
 */
import { EXIT, type ExitCode } from './exit-codes.mjs'

export class Interrupt implements Disposable {
  #code: ExitCode | undefined
  readonly #controller = new AbortController()

  constructor() {
    process.on('SIGINT', this.#onInterrupt)
    process.on('SIGTERM', this.#onTerminate)
  }

  readonly #onInterrupt = (): void => this.#stop(EXIT.INTERRUPTED)
  readonly #onTerminate = (): void => this.#stop(EXIT.TERMINATED)

  #stop(code: ExitCode): void {
    if (this.#code !== undefined) process.exit(code)
    this.#code = code
    this.#controller.abort()
  }

  /** Fires at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get stopped(): boolean {
    return this.#code !== undefined
  }

  /** The exit code of the signal; undefined if there was none. */
  get exitCode(): ExitCode | undefined {
    return this.#code
  }

  /** Restores the default behaviour of the signals. */
  [Symbol.dispose](): void {
    process.off('SIGINT', this.#onInterrupt)
    process.off('SIGTERM', this.#onTerminate)
  }
}
