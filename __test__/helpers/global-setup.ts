// The server that the integration and lifecycle tests share: the one named by AEROSPIKE_HOST, else an aerospike-local
// started here, once a project. Tests get its address by `inject('aerospike')`.
import { LocalServer } from 'aerospike-napi/testing'
import type {} from 'vitest'
import type { TestProject } from 'vitest/node'
import { serverBinary } from './server-binary.js'

/** Where the tests' server is. */
export interface TestServer {
  /** `host:port`, as `hosts` in a client's config takes it. */
  address: string
  host: string
  port: number
  /** Whether it is the project's own server, and not one named by AEROSPIKE_HOST. */
  local: boolean
}

declare module 'vitest' {
  export interface ProvidedContext {
    aerospike: TestServer
  }
}

export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // For tests that start a server of their own, too.
  process.env.AEROSPIKE_LOCAL = serverBinary()
  const named = process.env.AEROSPIKE_HOST
  if (named) {
    const { host, port } = parseAddress(named)
    project.provide('aerospike', { address: `${host}:${port}`, host, port, local: false })
    return undefined
  }
  const server = await LocalServer.start({ namespaces: ['test', 'demo'] })
  project.provide('aerospike', { address: server.address, host: server.host, port: server.port, local: true })
  return () => server.stop()
}

function parseAddress(text: string): { host: string; port: number } {
  const match = /^(?<host>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/.exec(text)
  if (!match?.groups?.host) throw new Error(`AEROSPIKE_HOST must be host or host:port, not '${text}'`)
  return { host: match.groups.host, port: Number(match.groups.port ?? 3000) }
}
