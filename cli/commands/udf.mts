import type { Command } from 'commander'
import type { ConnectionOptions } from '../connection.mjs'
import { note, stdout } from '../output.mjs'
import { runs, withClient } from './command.mjs'
import { addListFormats, type ListOptions, writeList } from './list.mjs'

/** `udf`: lists, shows, registers and removes modules of Lua functions. */
export function udfCommand(program: Command): Command {
  const group = program.command('udf').description('list, show, register and remove modules of Lua functions')
  const list = addListFormats(group.command('list', { isDefault: true }).description('list the modules'))
  runs<ListOptions>(list, async (_, options) => {
    const modules = await withClient(options, client => client.udfList())
    await writeList(
      modules.map(({ name, type, hash }) => ({ name, type, hash })),
      options,
    )
    return undefined
  })
  const get = group.command('get').description('show the source of a module').argument('<module>', 'name of the module')
  runs<ConnectionOptions>(get, async ([module = ''], options) => {
    const source = await withClient(options, client => client.udfGet(module))
    await stdout.write(source.endsWith('\n') ? source : `${source}\n`)
    return undefined
  })
  const put = group
    .command('put')
    .description('register a module on all nodes; a module of the same name is replaced')
    .argument('<file>', 'a .lua file')
  runs<ConnectionOptions>(put, async ([file = ''], options) => {
    await withClient(options, client => client.udfRegister(file, { wait: true }))
    note(`registered ${file}`)
    return undefined
  })
  const remove = group.command('remove').description('remove a module').argument('<module>', 'name of the module')
  runs<ConnectionOptions>(remove, async ([module = ''], options) => {
    await withClient(options, client => client.udfRemove(module, { wait: true }))
    note(`removed ${module}`)
    return undefined
  })
  return group
}
