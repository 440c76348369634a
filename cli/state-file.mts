/**
 * The state of a long command in a file, from which a later run continues.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { CliError, usageError } from './exit-codes.mjs'

/** A file with the state of a command. `T` must be plain data. */
export class StateFile<T extends object> {
  readonly path: string
  readonly #kind: string
  #saved = 0

  /**
   * @param path - path of the file
   * @param kind - name of the command, which the file contains
   */
  constructor(path: string, kind: string) {
    this.path = path
    this.#kind = kind
  }

  /** Reads the state; undefined if there is no file. */
  read(): T | undefined {
    let text: string
    try {
      text = readFileSync(this.path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw new CliError(`${this.path} cannot be read: ${(error as Error).message}`)
    }
    try {
      const { command, ...state } = JSON.parse(text) as { command?: unknown }
      if (command === this.#kind) return state as T
    } catch {
      // Reported below.
    }
    throw usageError(`${this.path} is not the state of an interrupted ${this.#kind}; delete it to start again`)
  }

  /** Writes the state so that an interruption leaves either the old or the new one. */
  save(state: T): void {
    const temporary = `${this.path}.new`
    try {
      writeFileSync(temporary, `${JSON.stringify({ command: this.#kind, ...state })}\n`)
      renameSync(temporary, this.path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw new CliError(`${this.path} cannot be written: ${(error as Error).message}`, undefined, { cause: error })
    }
    this.#saved = performance.now()
  }

  /** Saves the state if the last time was `interval` milliseconds ago. */
  saveEvery(interval: number, state: () => T): void {
    if (performance.now() - this.#saved >= interval) this.save(state())
  }

  remove(): void {
    rmSync(this.path, { force: true })
  }
}
