/**
 * Writing to the standard streams: at their pace, and quietly if the reader has closed the pipe.
 */
import { CliError, EXIT } from './exit-codes.mjs'

/** Where a command writes its text. */
export interface Sink {
  /** Writes text. The promise resolves when more can be written. */
  write(text: string | Uint8Array): Promise<void>
}

/** Whether an error means that the reader has closed the pipe, as `head` does. */
export function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EPIPE' || code === 'EOF'
}

/** Handles failures of the standard streams that no write waits for. */
export function watchOutput(): void {
  process.stdout.on('error', (error: Error) => {
    if (isBrokenPipe(error)) process.exit(EXIT.OK)
  })
  // There is nowhere left to report it.
  process.stderr.on('error', () => undefined)
}

/** The error of a file that cannot be written. */
export function writeFailure(error: NodeJS.ErrnoException, name: string): CliError {
  const reason = error.code === 'ENOSPC' ? 'the disk is full' : error.message
  return new CliError(`${name} cannot be written: ${reason}`, EXIT.FAILURE, { cause: error })
}

/** Standard output. If its reader has closed the pipe, the process ends quietly. */
export const stdout: Sink = {
  write: text =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, error => {
        if (!error) resolve()
        else if (isBrokenPipe(error)) process.exit(EXIT.OK)
        else reject(writeFailure(error, 'standard output'))
      })
    }),
}

/** Writes a line to standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}
