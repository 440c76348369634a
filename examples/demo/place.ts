/**
 * The server of the demo: a new aerospike-local, or the server in AEROSPIKE_HOST.
 */
import { type Client, connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

export const NAMESPACE = 'test'

/** The sets that the demo writes. */
export const SETS = { airports: 'demo-airports', flights: 'demo-flights', volume: 'demo-flights-200k' } as const

/** A connected client, and a function that cleans up. */
export interface Place {
  readonly client: Client
  /** Description of the server for the heading. */
  readonly server: string
  /** Whether the demo started the server, so that its records disappear with it. */
  readonly own: boolean
  /** Removes the records, closes the client and stops the server. */
  leave(): Promise<void>
}

/** An error that the user can fix. It is printed in one line. */
export class DemoError extends Error {}

/** Truncates the demo's sets. */
async function removeSets(client: Client): Promise<void> {
  for (const set of Object.values(SETS)) {
    for (const { node, response, error } of await client.infoAll(`truncate:namespace=${NAMESPACE};set=${set}`)) {
      if (error !== null || !/^ok/i.test(response)) {
        throw new DemoError(`the set ${set} could not be removed (${node}: ${error?.message ?? response}); ${byHand()}`)
      }
    }
  }
}

/** Instructions for removing the sets by hand. */
export function byHand(): string {
  const commands = Object.values(SETS).map(set => `asinfo -v 'truncate:namespace=${NAMESPACE};set=${set}'`)
  return `remove the demo's sets by: ${commands.join('; ')}`
}

async function checkNamespace(client: Client, address: string): Promise<void> {
  const namespaces = (await client.infoRandomNode('namespaces')).split(';')
  if (namespaces.includes(NAMESPACE)) return
  throw new DemoError(`the server at ${address} has no namespace '${NAMESPACE}'; it has: ${namespaces.join(', ')}`)
}

async function connected(address: string, name: string, own: boolean, stop: () => Promise<void>): Promise<Place> {
  // Ten seconds are enough for every read and write, even on a slow server.
  const client = await connect({ hosts: address, totalTimeout: 10_000 })
  try {
    await checkNamespace(client, address)
    const [build, nodes] = [await client.infoRandomNode('build'), client.getNodeNames().length]
    const server = `${name} ${build} at ${address}${nodes > 1 ? `, ${nodes} nodes` : ''}`
    const leave = async (): Promise<void> => {
      try {
        if (!own) await removeSets(client)
      } finally {
        await client.close()
        await stop()
      }
    }
    return { client, server, own, leave }
  } catch (error) {
    await client.close()
    throw error
  }
}

/** Starts the server or uses the existing one, and connects to it. */
export async function enter(): Promise<Place> {
  const named = process.env.AEROSPIKE_HOST
  if (named !== undefined && named !== '') return connected(named, 'Aerospike', false, async () => {})
  const server = await LocalServer.start({ namespaces: [NAMESPACE] })
  try {
    return await connected(server.address, 'aerospike-local', true, () => server.stop())
  } catch (error) {
    await server.stop()
    throw error
  }
}
