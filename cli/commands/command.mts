/**
 * What the commands share: reading their options, connecting, and the options of keys, filters and formats.
 */
import type { ClientConfig } from 'aerospike-napi'
import { type Command, Option } from 'commander'
import { type CliClient, type ConnectionOptions, connectTo, integerOption } from '../connection.mjs'
import type { ExitCode } from '../exit-codes.mjs'
import type { FormatOptions } from '../formats/format.mjs'
import { KEY_TYPES, type KeyType } from '../keys.mjs'

/** The options of a command, with those of the commands above it. Options of the command itself take precedence. */
export function optionsOf<T>(command: Command): T {
  const chain: Command[] = []
  for (let each: Command | null = command; each !== null; each = each.parent) chain.unshift(each)
  const merged: { [name: string]: unknown } = {}
  for (const each of chain) {
    for (const [name, value] of Object.entries(each.opts())) {
      if (!(name in merged) || each.getOptionValueSource(name) !== 'default') merged[name] = value
    }
  }
  return merged as T
}

/** The work of a command. It may return an exit code. */
export type Work<T> = (words: readonly string[], options: T) => Promise<ExitCode | undefined>

/** Sets the work of a command. The words are its arguments; those of a list are given one by one. */
export function runs<T>(command: Command, work: Work<T>): Command {
  return command.action(async (...given: unknown[]) => {
    const words = given
      .slice(0, -2)
      .flat()
      .filter(word => word !== undefined) as string[]
    const code = await work(words, optionsOf<T>(command))
    if (code !== undefined) process.exitCode = code
  })
}

/** Connects, works, and closes the client. */
export async function withClient<T>(
  options: ConnectionOptions,
  work: (client: CliClient) => Promise<T>,
  config?: ClientConfig,
): Promise<T> {
  const client = await connectTo(options, config)
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** Options of commands that take keys. */
export interface KeyOptions extends ConnectionOptions {
  readonly keyType: KeyType
}

export function addKeyType(command: Command): Command {
  return command.addOption(
    new Option('-k, --key-type <type>', 'how keys are read; auto: digits are an integer, all else is a string')
      .choices(KEY_TYPES)
      .default('auto'),
  )
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')

export function addWhere(command: Command): Command {
  return command.addOption(
    new Option('-w, --where <condition>', `only records that match, such as 'age > 21 and city == "Seoul"'`),
  )
}

export function addScanOptions(command: Command): Command {
  return addWhere(command)
    .addOption(new Option('-b, --bins <names>', 'only these bins, separated by commas').argParser(list))
    .addOption(new Option('-l, --limit <number>', 'maximum number of records').argParser(integerOption(1)))
    .addOption(
      new Option('--rate <number>', 'maximum number of records per second of each node').argParser(integerOption(1)),
    )
    .addOption(new Option('--meta', 'with generation and TTL'))
}

const DESCRIPTIONS = {
  table: 'as a table (default on a terminal)',
  json: 'as a JSON array',
  ndjson: 'as NDJSON: an object on each line (default for pipes and files)',
  csv: 'as CSV',
  arrow: 'as an Arrow file',
  parquet: 'as a Parquet file',
} as const

export function addFormats(command: Command, formats: readonly (keyof FormatOptions)[]): Command {
  for (const format of formats) command.addOption(new Option(`--${format}`, DESCRIPTIONS[format]).helpGroup('Formats:'))
  return command
}
