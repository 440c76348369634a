import type { Command } from 'commander'
import { runs, withClient } from './command.mjs'
import { addListFormats, type ListOptions, writeList } from './list.mjs'

/** `sets`: lists the sets. */
export function setsCommand(program: Command): Command {
  const command = program
    .command('sets')
    .description('list the sets, with their records on all nodes; each copy of a record counts')
    .argument('[namespace]', 'namespace (default: all)')
  addListFormats(command)
  return runs<ListOptions>(command, async ([namespace], options) => {
    const sets = await withClient(options, client => client.sets(namespace))
    await writeList(
      sets.map(({ namespace, set, objects, tombstones, bytes, indexes }) => {
        return { namespace, set, records: objects, tombstones, bytes, indexes }
      }),
      options,
    )
    return undefined
  })
}
