import type { Command } from 'commander'
import { EXIT } from '../exit-codes.mjs'
import { parseKeys } from '../keys.mjs'
import { note } from '../output.mjs'
import { addKeyType, type KeyOptions, runs, withClient } from './command.mjs'

interface DeleteOptions extends KeyOptions {
  readonly durable?: boolean
}

/** `delete`: deletes records. */
export function deleteCommand(program: Command): Command {
  const command = program
    .command('delete')
    .description('delete records')
    .argument('<key...>', 'namespace/set/key, one or more; or the three as words')
    .option('--durable', 'leave a tombstone (Enterprise)')
  addKeyType(command)
  return runs<DeleteOptions>(command, async (words, options) => {
    const keys = parseKeys(words, options.keyType, options)
    const policy = options.durable === true ? { durableDelete: true } : {}
    const results = await withClient(options, async client => [...(await client.batchRemove(keys, policy))])
    let [missing, failed] = [0, 0]
    for (const { key, error } of results) {
      if (error === null) continue
      if (error.code === 'RECORD_NOT_FOUND') missing++
      else failed++
      note(`${String(key)}: ${error.code === 'RECORD_NOT_FOUND' ? 'there is no such record' : error.message}`)
    }
    if (failed > 0) return EXIT.FAILURE
    return missing > 0 ? EXIT.NOT_FOUND : EXIT.OK
  })
}
