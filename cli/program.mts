/**
 * The command with all of its commands.
 */
import { createRequire } from 'node:module'
import { Command, Help } from 'commander'
import { benchCommand } from './commands/bench.mjs'
import { chaosCommand } from './commands/chaos.mjs'
import { completionCommand } from './commands/completion.mjs'
import { countCommand } from './commands/count.mjs'
import { deleteCommand } from './commands/delete.mjs'
import { exportCommand } from './commands/export.mjs'
import { getCommand } from './commands/get.mjs'
import { importCommand } from './commands/import.mjs'
import { indexesCommand } from './commands/indexes.mjs'
import { infoCommand } from './commands/info.mjs'
import { pingCommand } from './commands/ping.mjs'
import { putCommand } from './commands/put.mjs'
import { scanCommand } from './commands/scan.mjs'
import { setsCommand } from './commands/sets.mjs'
import { truncateCommand } from './commands/truncate.mjs'
import { udfCommand } from './commands/udf.mjs'
import { watchCommand } from './commands/watch.mjs'
import { addConnectionOptions } from './connection.mjs'
import { hasColors, styled, widthOf } from './terminal.mjs'

/** The command and the client have the same version. */
const { version } = createRequire(import.meta.url)('aerospike-napi/package.json') as { version: string }

const COMMANDS = [
  pingCommand,
  infoCommand,
  getCommand,
  putCommand,
  deleteCommand,
  scanCommand,
  countCommand,
  setsCommand,
  indexesCommand,
  udfCommand,
  truncateCommand,
  importCommand,
  exportCommand,
  watchCommand,
  benchCommand,
]

const NOTES = [
  'Keys are namespace/set/key, such as test/users/ada, or the three as words.',
  'The connection is that of the options, of AEROSPIKE_URI, or of AEROSPIKE_HOSTS, AEROSPIKE_USER, AEROSPIKE_PASSWORD and AEROSPIKE_TLS.',
]

/** Below this width, the descriptions of options stand below them instead of beside them. */
const NARROW = 60
const INDENT = 6

/** Lays out an option or a command of the help. */
function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const width = helper.helpWidth ?? NARROW
  if (width >= NARROW) return new Help().formatItem.call(helper, term, termWidth, description, helper)
  const lines = helper.boxWrap(description, width - INDENT).split('\n')
  return [`  ${term}`, ...lines.filter(line => line !== '').map(line => ' '.repeat(INDENT) + line)].join('\n')
}

function notes(program: Command): string {
  const help = new Help()
  const lines = [...NOTES, `Each command has more options: ${program.name()} <command> --help`]
  return `\n${lines.map(text => help.boxWrap(text, widthOf(process.stdout))).join('\n')}`
}

/** Applies settings to a command and the commands below it; subcommands do not inherit them. */
function configure(command: Command): void {
  command
    .exitOverride()
    .helpOption('--help', 'show the options')
    .helpCommand(false)
    .showHelpAfterError(`(${command.name()} --help shows the options)`)
    .configureHelp({ formatItem, minWidthToWrap: 10 })
    .configureOutput({
      getOutHelpWidth: () => widthOf(process.stdout),
      getErrHelpWidth: () => widthOf(process.stderr),
      getOutHasColors: () => hasColors(process.stdout),
      getErrHasColors: () => hasColors(process.stderr),
      outputError: (text, write) => write(text.replace(/^error:/, styled(process.stderr, 'red', 'error:'))),
    })
  for (const each of command.commands) configure(each)
}

/** Commands with subcommands have no connection of their own. */
function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves)
}

/**
 * Builds the program.
 *
 * @param name - the command by which it was started
 */
export function buildProgram(name = 'aerospike-napi'): Command {
  const program = new Command(name)
    .description('The command line of aerospike-napi, the Aerospike client for Node.js')
    .version(version, '-V, --version', 'show the version')
    .addHelpText('after', ({ command }) => notes(command))
  addConnectionOptions(program)
  for (const command of COMMANDS.flatMap(add => leaves(add(program)))) addConnectionOptions(command)
  chaosCommand(program)
  completionCommand(program)
  configure(program)
  return program
}
