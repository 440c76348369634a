import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { CliClient, ConnectionOptions } from '../connection.mjs'
import { CliError, EXIT, usageError } from '../exit-codes.mjs'
import { parseTarget, targetName } from '../keys.mjs'
import { note } from '../output.mjs'
import { counted } from '../terminal.mjs'
import { runs, withClient } from './command.mjs'

interface TruncateOptions extends ConnectionOptions {
  readonly yes?: boolean
  readonly before?: Date
}

function dateOption(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('A date is needed, such as 2026-01-31.')
  return date
}

/** `truncate`: deletes all records of a set or namespace. */
export function truncateCommand(program: Command): Command {
  const command = program
    .command('truncate')
    .description('delete all records of a set or namespace')
    .argument('<set...>', 'namespace/set, or the two as words; a namespace alone means all of its sets')
    .option('-y, --yes', 'do not ask')
    .option('--before <date>', 'only records that were last updated before this time', dateOption)
  return runs<TruncateOptions>(command, async (words, options) => {
    const target = parseTarget(words, options)
    if (options.yes !== true && !process.stdin.isTTY) {
      throw usageError('truncate asks first, and standard input is not a terminal: use --yes')
    }
    return await withClient(options, async client => {
      if (options.yes !== true && !(await confirmed(client, target, options.before))) {
        throw new CliError('nothing was deleted', EXIT.FAILURE)
      }
      await client.truncate(target.namespace, target.set, options.before)
      note(`truncated ${targetName(target)}`)
      return undefined
    })
  })
}

async function confirmed(client: CliClient, target: Parameters<typeof targetName>[0], before?: Date): Promise<boolean> {
  const sets = (await client.sets(target.namespace)).filter(({ set }) => target.set === null || set === target.set)
  const records = sets.reduce((sum, { objects }) => sum + objects, 0)
  const which = before === undefined ? 'all' : `those updated before ${before.toISOString()} of the`
  const question = `Delete ${which} ${counted(records, 'record')} of ${targetName(target)}, from ${counted(sets.length, 'set')}? [y/N] `
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(?:es)?$/i.test((await lines.question(question)).trim())
  } finally {
    lines.close()
  }
}
