/**
 * The cost of TLS and of a user: the time to connect, and gets with 50 in flight, with this package and with the official
 * client, on aerospike-local. Rounds of all variants take turns, so that a machine that slows down favours none. Not one of
 * the suites: runs once.
 *
 *   npx tsx benchmark/security.ts --rounds 6 --gets 20000 --connects 10
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { connect } from '..'
import { median } from './report/statistics'

// As built in this repository. The declarations are at the root.
const { LocalServer } = require('../dist/testing.js') as typeof import('../testing')
type Server = Awaited<ReturnType<typeof LocalServer.start>>

const IN_FLIGHT = 50
const CONNECTIONS = 50
const KEY = ['test', 'bench-security', 'one'] as const
const BINS = { name: 'Ada', visits: 7 }
/** Hashing the password of a login takes long on a busy machine. */
const PATIENCE_MS = 20_000

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    gets: { type: 'string', default: '20000' },
    connects: { type: 'string', default: '10' },
  },
})
const [rounds, gets, connects] = [Number(values.rounds), Number(values.gets), Number(values.connects)]

/** A connected client. */
interface Connected {
  put(): Promise<unknown>
  get(): Promise<unknown>
  close(): Promise<void> | void
}

interface Variant {
  readonly client: string
  readonly security: string
  open(): Promise<Connected>
}

async function ours(server: Server, tls: boolean, user: boolean): Promise<Connected> {
  const client = await connect({
    hosts: tls ? (server.tlsAddress as string) : server.address,
    ...(tls && { tls: { ca: server.ca as string } }),
    ...(user && { user: server.user as string, password: server.password as string }),
    maxConnsPerNode: CONNECTIONS,
    timeout: PATIENCE_MS,
    loginTimeout: PATIENCE_MS,
  })
  return { put: () => client.put(KEY, BINS), get: () => client.get(KEY), close: () => client.close() }
}

async function official(server: Server, caFile: string, tls: boolean, user: boolean): Promise<Connected> {
  const { Client, Key } = await import('aerospike')
  const [node] = server.nodes
  if (node === undefined) throw new Error('the server has no node')
  const config = {
    hosts: [
      { addr: node.host, port: tls ? (node.tlsPort as number) : node.port, ...(tls && { tlsname: 'localhost' }) },
    ],
    ...(tls && { tls: { enable: true, cafile: caFile } }),
    ...(user && { user: server.user, password: server.password }),
    maxConnsPerNode: CONNECTIONS,
    connTimeoutMs: PATIENCE_MS,
    loginTimeoutMs: PATIENCE_MS,
  }
  const client = new Client(config as ConstructorParameters<typeof Client>[0])
  await client.connect()
  const key = new Key(...KEY)
  return { put: () => client.put(key, BINS), get: () => client.get(key), close: () => client.close(false) }
}

/** Seconds for a number of gets, with a number of them in flight. */
async function time(client: Connected, count: number): Promise<number> {
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) await client.get()
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
  return (performance.now() - start) / 1000
}

/** Milliseconds until a client has connected and read a record. */
async function timeConnect(variant: Variant): Promise<number> {
  const start = performance.now()
  const client = await variant.open()
  await client.get()
  const ms = performance.now() - start
  await client.close()
  return ms
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-security-'))
  const open = await LocalServer.start({ tls: true })
  const secured = await LocalServer.start({ tls: true, security: true })
  const clients: { variant: Variant; client: Connected; rates: number[]; connects: number[] }[] = []
  const missing: string[] = []
  try {
    const caFiles = [open, secured].map((server, index) => {
      const file = join(folder, `ca-${index}.pem`)
      writeFileSync(file, server.ca as string)
      return file
    })
    for (const [tls, user] of [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      const [server, caFile] = user ? [secured, caFiles[1] as string] : [open, caFiles[0] as string]
      const security = [tls ? 'TLS' : 'no TLS', user ? 'user' : 'no user'].join(', ')
      for (const variant of [
        { client: 'aerospike-napi', security, open: () => ours(server, tls, user) },
        { client: 'official client', security, open: () => official(server, caFile, tls, user) },
      ]) {
        try {
          const client = await variant.open()
          await client.put()
          await time(client, gets / 4)
          clients.push({ variant, client, rates: [], connects: [] })
        } catch (error) {
          missing.push(`${variant.client}, ${security}: ${(error as Error).message}`)
        }
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const entry of round % 2 === 0 ? clients : [...clients].reverse()) {
        entry.rates.push(gets / (await time(entry.client, gets)))
      }
    }
    for (let at = 0; at < connects; at++) {
      for (const entry of clients) entry.connects.push(await timeConnect(entry.variant))
    }
    console.log('| client | security | gets per second, 50 in flight | connect and first get, ms |')
    console.log('| --- | --- | ---: | ---: |')
    for (const { variant, rates, connects } of clients) {
      const cells = [variant.client, variant.security, median(rates).toFixed(0), median(connects).toFixed(1)]
      console.log(`| ${cells.join(' | ')} |`)
    }
    for (const line of missing) console.log(`not measured: ${line}`)
  } finally {
    for (const { client } of clients) await client.close()
    await open.stop()
    await secured.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

void main()
