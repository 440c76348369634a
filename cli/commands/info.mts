import { info } from 'aerospike-napi'
import type { Command } from 'commander'
import type { CliClient, ConnectionOptions } from '../connection.mjs'
import { EXIT } from '../exit-codes.mjs'
import { recordText, tableText } from '../formats/table.mjs'
import { note, stdout } from '../output.mjs'
import { hasColors, styled, widthOf } from '../terminal.mjs'
import { runs, withClient } from './command.mjs'

interface InfoOptions extends ConnectionOptions {
  readonly node?: string
  readonly raw?: boolean
  readonly json?: boolean
}

/** `info`: the nodes of the cluster, or their responses to an info command. */
export function infoCommand(program: Command): Command {
  const command = program
    .command('info')
    .description('show the cluster, or send an info command to the nodes')
    .argument('[command]', "info command, such as 'statistics' or 'namespace/test'")
    .option('--node <name>', 'send it to this node only')
    .option('--raw', 'the responses as the servers send them')
    .option('--json', 'as JSON')
  return runs<InfoOptions>(command, async ([request], options) => {
    return await withClient(options, async client =>
      request === undefined ? await showCluster(client, options) : await send(client, request, options),
    )
  })
}

const layout = (): { width: number; colors: boolean } => ({
  width: widthOf(process.stdout),
  colors: hasColors(process.stdout),
})

async function showCluster(client: CliClient, options: InfoOptions): Promise<undefined> {
  const [nodes, namespaces] = await Promise.all([client.nodes(), client.namespaces()])
  if (options.json === true) {
    const plain = nodes.map(({ name, address, version, racks, error }) => ({
      name,
      address,
      version,
      racks,
      error: error?.message ?? null,
    }))
    await stdout.write(`${JSON.stringify({ nodes: plain, namespaces })}\n`)
    return undefined
  }
  const rows = nodes.map(({ name, address, version, connections, error }) => {
    return new Map<string, unknown>([
      ['node', name],
      ['address', address],
      ['version', error === null ? version : `failed: ${error.message}`],
      ['connections', BigInt(connections.inUse + connections.idle)],
    ])
  })
  await stdout.write(tableText(rows, layout()))
  await stdout.write(`\nnamespaces: ${namespaces.join(', ')}\n`)
  return undefined
}

async function send(client: CliClient, request: string, options: InfoOptions): Promise<0 | 1> {
  const answers =
    options.node === undefined
      ? await client.infoAll(request)
      : [{ node: options.node, response: await client.infoNode(request, options.node), error: null }]
  if (options.json === true) {
    const plain = answers.map(({ node, response, error }) => ({
      node,
      response: error === null ? info.parse(response) : null,
      error: error?.message ?? null,
    }))
    await stdout.write(`${JSON.stringify(plain)}\n`)
  } else {
    for (const { node, response, error } of answers) {
      if (answers.length > 1) await stdout.write(`${styled(process.stdout, 'bold', node)}\n`)
      if (error !== null) note(`${node}: ${error.message}`)
      else await stdout.write(options.raw === true ? `${response}\n` : readable(response))
    }
  }
  const failed = answers.some(({ response, error }) => error !== null || /^(?:ERROR|FAIL)/i.test(response))
  return failed ? EXIT.FAILURE : EXIT.OK
}

/** A response as lines or as a table, by its format. */
function readable(response: string): string {
  const parsed = info.parse(response)
  if (Array.isArray(parsed) && parsed.every(isRecord)) {
    return tableText(
      parsed.map(row => new Map(Object.entries(row).map(([name, value]) => [name, plain(value)]))),
      layout(),
    )
  }
  if (Array.isArray(parsed)) return parsed.map(item => `${String(item)}\n`).join('')
  if (isRecord(parsed))
    return recordText(new Map(Object.entries(parsed).map(([name, value]) => [name, plain(value)])), layout())
  return `${String(parsed)}\n`
}

function isRecord(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const plain = (value: unknown): unknown => (typeof value === 'number' ? BigInt(value) : value)
