/** The server to measure against: a given one, or a new aerospike-local. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from './spawn'

export interface Server {
  readonly host: string
  readonly port: number
  /** Description of the server for the report. */
  readonly label: string
  /** Whether this process started the server and stops it at the end. */
  readonly own: boolean
  stop(): Promise<void>
}

const DEFAULT_PORT = 3000
const ROOT = join(FOLDER, '..')

export async function useServer(address: string | undefined): Promise<Server> {
  if (address !== undefined) {
    const { host, port } = parseAddress(address)
    return { host, port, label: `${host}:${port}`, own: false, stop: async () => {} }
  }
  const profile = chooseBinary()
  const { LocalServer } = require('../../dist/testing.js') as typeof import('../../testing')
  const server = await LocalServer.start({ namespaces: ['test'] })
  const label = `aerospike-local${profile === undefined ? '' : ` (profile ${profile})`}`
  return { host: server.host, port: server.port, label, own: true, stop: () => server.stop() }
}

/** By default, the package uses the newest build, which may be one for tests. */
function chooseBinary(): string | undefined {
  if (process.env.AEROSPIKE_LOCAL) return undefined
  const name = process.platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'
  for (const folder of [process.env.CARGO_TARGET_DIR ?? '', join(ROOT, 'target')]) {
    for (const profile of ['release', 'fast']) {
      const path = join(folder, profile, name)
      if (!existsSync(path)) continue
      process.env.AEROSPIKE_LOCAL = path
      return profile
    }
  }
  return undefined
}

export function parseAddress(address: string): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(address)
  if (match === null) throw new Error(`${address} is no host:port`)
  return { host: (match[1] ?? match[2])!, port: match[3] === undefined ? DEFAULT_PORT : Number(match[3]) }
}
