import { type Command, Option } from 'commander'
import type { ConnectionOptions } from '../connection.mjs'
import { parseSet } from '../keys.mjs'
import { note } from '../output.mjs'
import { runs, withClient } from './command.mjs'
import { addListFormats, type ListOptions, writeList } from './list.mjs'

interface CreateOptions extends ConnectionOptions {
  readonly name?: string
  readonly type: 'integer' | 'string' | 'blob' | 'geo2dsphere'
  readonly of: 'default' | 'list' | 'mapkeys' | 'mapvalues'
}

/** `indexes`: lists, creates and drops secondary indexes. */
export function indexesCommand(program: Command): Command {
  const group = program.command('indexes').description('list, create and drop secondary indexes')
  const list = addListFormats(
    group
      .command('list', { isDefault: true })
      .description('list the indexes')
      .argument('[namespace]', 'namespace (default: all)'),
  )
  runs<ListOptions>(list, async ([namespace], options) => {
    const indexes = await withClient(options, client => client.indexList(namespace))
    await writeList(
      indexes.map(({ namespace, set, index, bin, datatype, type, state }) => {
        return { namespace, set, index, bin, datatype, type, state }
      }),
      options,
    )
    return undefined
  })
  const create = group
    .command('create')
    .description('create an index on a bin, and wait until queries can use it')
    .argument('<set>', 'namespace/set')
    .argument('<bin>', 'name of the bin')
    .option('--name <name>', 'name of the index (default: <set>_<bin>)')
    .addOption(
      new Option('--type <type>', 'type of the values')
        .choices(['integer', 'string', 'blob', 'geo2dsphere'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--of <part>', 'part of the bin')
        .choices(['default', 'list', 'mapkeys', 'mapvalues'])
        .default('default', 'the value itself'),
    )
  runs<CreateOptions>(create, async ([path = '', bin = ''], options) => {
    const { namespace, set } = parseSet([path], options)
    const index = options.name ?? `${set}_${bin}`
    await withClient(options, client =>
      client.createIndex({ namespace, set, bin, index, datatype: options.type, type: options.of }, { wait: true }),
    )
    note(`created the index ${index}`)
    return undefined
  })
  const drop = group
    .command('drop')
    .description('drop an index')
    .argument('<namespace>', 'namespace')
    .argument('<index>', 'name of the index')
  runs<ConnectionOptions>(drop, async ([namespace = '', index = ''], options) => {
    await withClient(options, client => client.dropIndex(namespace, index, { wait: true }))
    note(`dropped the index ${index}`)
    return undefined
  })
  return group
}
