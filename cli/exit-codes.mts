/**
 * Exit codes of the command. docs/cli.md lists them.
 */
export const EXIT = {
  /** Success. */
  OK: 0,
  /** The command failed: the server refused it, a file could not be read or written, or a node was lost. */
  FAILURE: 1,
  /** Invalid arguments, options or variables. Nothing was sent. */
  USAGE: 2,
  /** No server could be reached, or the login was refused. */
  CONNECTION: 3,
  /** A record that `get` or `delete` names does not exist. */
  NOT_FOUND: 4,
  /** Some rows failed; all others were processed. */
  ROWS_FAILED: 5,
  /** `chaos` found a violation. */
  VIOLATION: 6,
  /** Ended by SIGINT. */
  INTERRUPTED: 130,
  /** Ended by SIGTERM. */
  TERMINATED: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** An error with an exit code of its own. The message is for the user. */
export class CliError extends Error {
  override readonly name = 'CliError'

  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.FAILURE,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** An error about the arguments of the command. */
export function usageError(message: string): CliError {
  return new CliError(message, EXIT.USAGE)
}
