import type { Command } from 'commander'
import { parseTarget } from '../keys.mjs'
import { stdout } from '../output.mjs'
import type { ScanOptions } from '../query.mjs'
import { checkWhere, queryOf } from '../query.mjs'
import { addWhere, runs, withClient } from './command.mjs'

/** `count`: counts the records of a set or namespace. */
export function countCommand(program: Command): Command {
  const command = program
    .command('count')
    .description('count the records of a set or namespace')
    .argument('<set...>', 'namespace/set, or the two as words; a namespace alone means all of its sets')
  addWhere(command)
  return runs<ScanOptions>(command, async (words, options) => {
    const target = parseTarget(words, options)
    checkWhere(options)
    const count = await withClient(options, client => queryOf(client, target, options).count())
    await stdout.write(`${count}\n`)
    return undefined
  })
}
