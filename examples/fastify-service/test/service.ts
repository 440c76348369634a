/**
 * A service under test, with its own server.
 */
import assert from 'node:assert/strict'
import { type Client, type ClientConfig, connect } from 'aerospike-napi'
import { LocalServer, type LocalServerOptions } from 'aerospike-napi/testing'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../src/app.ts'
import { readSettings } from '../src/settings.ts'

export interface Service {
  readonly server: LocalServer
  readonly client: Client
  readonly app: FastifyInstance
  /** The log entries so far. */
  readonly log: readonly Record<string, unknown>[]
  /** Sends a request, checks the status and returns the response. */
  ask(status: number, method: Method, url: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  stop(): Promise<void>
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
// Untyped on purpose: the schemas of the service define the contents.
export type Answer = { body: Record<string, unknown> & unknown[]; headers: Record<string, unknown> }

export async function start(
  variables: NodeJS.ProcessEnv = {},
  config: ClientConfig = {},
  options: LocalServerOptions = {},
): Promise<Service> {
  // A test machine may stall for seconds.
  const settings = readSettings({ APP_LOG_LEVEL: 'silent', APP_TOTAL_TIMEOUT: '10000', ...variables })
  const server = await LocalServer.start({ maxRecordSize: 64 << 10, ...options })
  const client = await connect({ ...server.config, totalTimeout: settings.APP_TOTAL_TIMEOUT, ...config })
  const log: Record<string, unknown>[] = []
  const app = await buildApp(client, settings, { write: line => void log.push(JSON.parse(line)) })
  return {
    server,
    client,
    app,
    log,
    async ask(status, method, url, body, headers = {}) {
      const answer = await app.inject({
        method,
        url,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      assert.equal(answer.statusCode, status, `${method} ${url}: ${answer.body}`)
      return { body: answer.body === '' ? undefined : answer.json(), headers: answer.headers } as Answer
    },
    async stop() {
      await app.close()
      await client.close()
      await server.stop()
    },
  }
}
