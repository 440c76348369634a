import type { Value } from 'aerospike-napi'
import { type Command, Option } from 'commander'
import { integerOption } from '../connection.mjs'
import { usageError } from '../exit-codes.mjs'
import { splitKey } from '../keys.mjs'
import { decodeJson } from '../values.mjs'
import { addKeyType, type KeyOptions, runs, withClient } from './command.mjs'

interface PutOptions extends KeyOptions {
  readonly ttl?: number
  readonly gen?: number
  readonly exists?: 'update' | 'update-only' | 'replace' | 'replace-only' | 'create-only'
  readonly sendKey?: boolean
}

/** The value of a bin: JSON, or else the text itself. */
export function parseBinValue(text: string): Value {
  try {
    return decodeJson(text) as Value
  } catch {
    return text
  }
}

/** Parses `name=value` and JSON objects of bins. */
export function parseBins(words: readonly string[]): { [bin: string]: Value } {
  const bins: { [bin: string]: Value } = {}
  const set = (name: string, value: Value): void => {
    if (Object.hasOwn(bins, name)) throw usageError(`the bin ${name} is there twice`)
    Object.defineProperty(bins, name, { value, enumerable: true, writable: true, configurable: true })
  }
  for (const word of words) {
    if (word.startsWith('{')) {
      let object: unknown
      try {
        object = decodeJson(word)
      } catch (error) {
        throw usageError(`'${word}' is not a JSON object: ${(error as Error).message}`)
      }
      for (const [name, value] of Object.entries(object as object)) set(name, value as Value)
      continue
    }
    const at = word.indexOf('=')
    if (at < 1) throw usageError(`'${word}' is not a bin: write name=value, or a JSON object`)
    set(word.slice(0, at), parseBinValue(word.slice(at + 1)))
  }
  if (Object.keys(bins).length === 0) throw usageError('at least one bin is needed: name=value')
  return bins
}

/** `put`: writes bins of a record. */
export function putCommand(program: Command): Command {
  const command = program
    .command('put')
    .description('write bins of a record; other bins stay')
    .argument('<key>', 'namespace/set/key, or the three as words')
    .argument('[bins...]', 'name=value, where the value is JSON or else a string; or a JSON object')
    .option(
      '--ttl <seconds>',
      "time to live; 0: the namespace's default, -1: never expires, -2: unchanged",
      integerOption(-2),
    )
    .option('--gen <number>', 'write only if the record has this generation', integerOption(1))
    .addOption(
      new Option('--exists <mode>', 'whether the record must exist').choices([
        'update',
        'update-only',
        'replace',
        'replace-only',
        'create-only',
      ]),
    )
    .option('--no-send-key', 'do not store the key with the record')
  addKeyType(command)
  return runs<PutOptions>(command, async (words, options) => {
    const { key, rest } = splitKey(words, options.keyType, options)
    const bins = parseBins(rest)
    const meta = {
      ...(options.ttl !== undefined && { ttl: options.ttl }),
      ...(options.gen !== undefined && { gen: options.gen }),
    }
    await withClient(options, client =>
      client.put(key, bins, meta, {
        key: options.sendKey === false ? 'digest' : 'send',
        ...(options.exists !== undefined && { exists: options.exists }),
      }),
    )
    return undefined
  })
}
