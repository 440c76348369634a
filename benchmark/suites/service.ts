/**
 * A web service under load: a Fastify route reads a record and renders it as JSON, and competes with other JavaScript
 * work of the same process. Another process sends the requests and measures them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { FOLDER } from '../harness/spawn'
import { GET_SET, RECORDS, userId } from './data'
import type { Suite } from './suite'

/** What `harness/http-load.ts` prints for each round. */
export interface HttpRound {
  readonly seconds: number
  /** In ms. */
  readonly latencies: readonly number[]
  readonly failed: number
}

/** Other work of each request: parse and serialize a document, as for a session or a template. */
const DOCUMENT = JSON.stringify(
  Array.from({ length: 30 }, (_, index) => ({
    id: index,
    name: `article ${index}`,
    price: index / 7,
    tags: ['a', 'b'],
  })),
)

function otherWork(): number {
  const articles = JSON.parse(DOCUMENT) as { price: number }[]
  return JSON.stringify(articles.filter(({ price }) => price > 1)).length
}

export const service: Suite = async (adapter, { inFlight }) => {
  const { fastify } = await import('fastify')
  const app = fastify()
  app.get<{ Params: { id: string } }>('/users/:id', async ({ params: { id } }) => {
    const { bins } = await adapter.get(GET_SET, id)
    return { user: bins, related: otherWork() }
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const paths = Array.from({ length: 200 }, (_, index) => `/users/${userId((index * 7919) % RECORDS)}`)

  const load = spawn(process.execPath, ['--require', 'tsx/cjs', 'harness/http-load.ts'], {
    cwd: FOLDER,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(load.stdout)
  load.stdin.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, paths, connections: inFlight })}\n`)
  await once(lines, 'line')
  return {
    run: async (_inFlight, operations, record) => {
      const reply = once(lines, 'line') as Promise<[string]>
      load.stdin.write(`${operations}\n`)
      const { seconds, latencies, failed } = JSON.parse((await reply)[0]) as HttpRound
      if (failed > 0) throw new Error(`${failed} requests failed`)
      for (const latency of latencies) record(latency)
      return { seconds }
    },
    verify: async () => {
      load.kill()
      await app.close()
    },
  }
}
