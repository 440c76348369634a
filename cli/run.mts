/**
 * Runs a command, and reports its error with an exit code.
 */
import { AerospikeError, InvalidArgError, RecordNotFoundError } from 'aerospike-napi'
import { CommanderError } from 'commander'
import { CliError, EXIT, type ExitCode } from './exit-codes.mjs'
import { isBrokenPipe, note } from './output.mjs'
import { buildProgram } from './program.mjs'
import { printable, styled, widthOf } from './terminal.mjs'
import { WhereError } from './where/ast.mjs'

/** Prints an error, and returns its exit code. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE
  if (isBrokenPipe(error)) return EXIT.OK
  const message = error instanceof Error ? error.message : String(error)
  note(`${styled(process.stderr, 'red', 'error:')} ${message.split('\n').map(printable).join('\n')}`)
  if (error instanceof WhereError) {
    note(error.excerpt(widthOf(process.stderr) - 1))
    return EXIT.USAGE
  }
  if (error instanceof CliError) return error.exitCode
  if (error instanceof RecordNotFoundError) return EXIT.NOT_FOUND
  // Refused before anything was sent.
  if (error instanceof InvalidArgError && error.attempts === 0 && error.address === undefined) return EXIT.USAGE
  if (!(error instanceof AerospikeError) && error instanceof Error) note(error.stack ?? '')
  return EXIT.FAILURE
}

/**
 * Runs a command. Its exit code is `process.exitCode`.
 *
 * @param args - the words after the name of the program
 * @param name - the name of the program, for its help and its completion scripts
 */
export async function run(args: readonly string[], name?: string): Promise<void> {
  try {
    await buildProgram(name).parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = report(error)
  }
}
