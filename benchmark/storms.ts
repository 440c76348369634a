/**
 * Storms: what a client does when very many calls end, or begin, at the same time. Each case runs in a process of its own,
 * on a node of aerospike-local. Not one of the suites: runs once.
 *
 *   npx tsx benchmark/storms.ts                     all cases
 *   npx tsx benchmark/storms.ts --only aborts,burst some of them
 */
import { fork } from 'node:child_process'
import { loadavg } from 'node:os'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Client, type ClientConfig, connect, Key } from '..'

// As built in this repository. The declarations are at the root.
const { LocalServer } = require('../dist/testing.js') as typeof import('../testing')
type Server = Awaited<ReturnType<typeof LocalServer.start>>

const SET = 'storms'
const MIB = 1024 * 1024

const { values } = parseArgs({ options: { only: { type: 'string' }, case: { type: 'string' } } })

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  return `p50 ${percentile(sorted, 0.5).toFixed(1)}, p99 ${percentile(sorted, 0.99).toFixed(1)}, max ${percentile(sorted, 1).toFixed(1)} ms`
}

/** The longest times for which the event loop did nothing else: how late a timer of 1 ms was. */
function watchLoop(): () => string {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  delays.enable()
  return () => {
    delays.disable()
    const ms = (share: number): string => (delays.percentile(share) / 1e6).toFixed(1)
    return `event loop delay p50 ${ms(50)}, p99 ${ms(99)}, max ${(delays.max / 1e6).toFixed(1)} ms`
  }
}

function rss(): number {
  return process.memoryUsage().rss / MIB
}

/** The codes of rejected calls, with their numbers. */
function codes(outcomes: readonly PromiseSettledResult<unknown>[]): string {
  const counts = new Map<string, number>()
  for (const outcome of outcomes) {
    const code = outcome.status === 'fulfilled' ? 'ok' : String((outcome.reason as { code?: unknown }).code)
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return [...counts].map(([code, count]) => `${count} ${code}`).join(', ')
}

const settings = (server: Server): ClientConfig => ({ hosts: server.address })

async function opened(server: Server, config: ClientConfig = {}): Promise<Client> {
  const client = await connect({ ...settings(server), ...config })
  await client.put(['test', SET, 0], { n: 0 })
  return client
}

/** How late 5,000 calls settle when the node does not answer: all of them run, or most of them wait for their turn. */
async function deadlines(server: Server): Promise<void> {
  const CALLS = 5000
  const TOTAL_TIMEOUT = 300
  for (const [title, config] of [
    ['most calls wait', {}],
    ['all calls run', { maxConcurrentCommands: CALLS, maxConnsPerNode: CALLS }],
  ] as const) {
    const client = await opened(server, config)
    for (const [kind, call] of [
      ['get', (id: number) => client.get(['test', SET, id], { totalTimeout: TOTAL_TIMEOUT, maxRetries: 0 })],
      ['put', (id: number) => client.put(['test', SET, id], { id }, null, { totalTimeout: TOTAL_TIMEOUT })],
    ] as const) {
      await server.nodes[0]?.pause()
      const late: number[] = []
      const made = performance.now()
      const calls = Array.from({ length: CALLS }, (_, id) => {
        const since = performance.now()
        return call(id).finally(() => late.push(performance.now() - since - TOTAL_TIMEOUT))
      })
      const making = performance.now() - made
      const loop = watchLoop()
      const outcomes = await Promise.allSettled(calls)
      console.log(`${CALLS} x ${kind}, ${title}: late by ${spread(late)}; ${codes(outcomes)}`)
      console.log(`    making the calls took ${making.toFixed(0)} ms; ${loop()}`)
      await server.nodes[0]?.resume()
      await sleep(500)
    }
    await client.close()
  }
}

/** Whether batches of 100,000 keys block the event loop, and how late their deadline is. */
async function batches(server: Server): Promise<void> {
  const ROWS = 100_000
  const client = await opened(server)
  const keys = Array.from({ length: ROWS }, (_, id) => new Key('test', `${SET}-batch`, id))
  const patient = { totalTimeout: 60_000 }
  const run = async (title: string, call: () => Promise<unknown>): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      const loop = watchLoop()
      await sleep(20)
      const since = performance.now()
      const calling = call()
      const encoding = performance.now() - since
      const outcome = await calling.then(
        () => 'ok',
        (error: { code?: unknown; message: string }) => String(error.code ?? error.message),
      )
      const ms = performance.now() - since
      await sleep(20)
      console.log(
        `${title}: ${outcome} after ${ms.toFixed(0)} ms, the call itself took ${encoding.toFixed(0)} ms; ${loop()}`,
      )
    }
  }
  const rows = keys.map(key => ({ type: 'read' as const, key }))
  const writes = keys.map((key, id) => ({ key, bins: { id, name: `name ${id}` } }))
  await run('batchWrite of 100,000 rows', () => client.batchWrite(writes, patient))
  await run('batchRead of 100,000 keys', () => client.batchRead(keys, null, patient))
  await run('batchRead with totalTimeout 150 ms', () => client.batchRead(keys, null, { totalTimeout: 150 }))
  await run('batchReadColumns of 100,000 keys', () =>
    client.batchReadColumns(keys, { id: 'i32', name: 'utf8' }, patient),
  )
  await run('batchStream of 100,000 keys', async () => {
    for await (const _ of client.batchStream(rows, patient)) {
      // reads every row
    }
  })
  await client.close()
}

/** The time from the abort of one signal to the end of 50,000 calls that use it. */
async function aborts(server: Server): Promise<void> {
  const CALLS = 50_000
  const client = await opened(server)
  await server.nodes[0]?.pause()
  for (let round = 0; round < 5; round++) {
    const controller = new AbortController()
    const policy = { signal: controller.signal, totalTimeout: 60_000 }
    const calls = Array.from({ length: CALLS }, (_, id) => client.get(['test', SET, id], policy))
    const settled = Promise.allSettled(calls)
    await sleep(200)
    const since = performance.now()
    controller.abort()
    const aborting = performance.now() - since
    const outcomes = await settled
    console.log(
      `${CALLS} aborts of one signal: ${(performance.now() - since).toFixed(0)} ms, abort() itself ${aborting.toFixed(0)} ms; ${codes(outcomes)}`,
    )
  }
  await server.nodes[0]?.resume()
  await client.close()
}

/** 100,000 promises at once: memory, event loop, errors. */
async function burst(server: Server): Promise<void> {
  const CALLS = 100_000
  const patient = { totalTimeout: 60_000 }
  const client = await opened(server)
  for (const [kind, call] of [
    ['put', (id: number) => client.put(['test', SET, id], { id }, null, patient)],
    ['get', (id: number) => client.get(['test', SET, id], patient)],
  ] as const) {
    const start = rss()
    const since = performance.now()
    const calls = Array.from({ length: CALLS }, (_, id) => call(id))
    const making = performance.now() - since
    await new Promise(setImmediate)
    const loop = watchLoop()
    const outcomes = await Promise.allSettled(calls)
    const peak = process.resourceUsage().maxRSS / 1024
    console.log(
      `${CALLS} x ${kind} at once: ${(performance.now() - since).toFixed(0)} ms; ${codes(outcomes)}; RSS ${start.toFixed(0)} MiB before, peak ${peak.toFixed(0)} MiB`,
    )
    console.log(`    making the calls took ${making.toFixed(0)} ms; ${loop()}`)
  }
  await client.close()
}

/** After 1,000,000 promises: memory, and the latency of one call in flight. */
async function million(server: Server): Promise<void> {
  const CALLS = 1_000_000
  const patient = { totalTimeout: 300_000 }
  const client = await opened(server)
  const latency = async (): Promise<number> => {
    const times: number[] = []
    for (let at = 0; at < 20_000; at++) {
      const since = performance.now()
      await client.get(['test', SET, 0])
      times.push(performance.now() - since)
    }
    return percentile(
      times.sort((a, b) => a - b),
      0.5,
    )
  }
  const collect = async (): Promise<void> => {
    for (let at = 0; at < 3; at++) {
      global.gc?.()
      await sleep(300)
    }
  }
  await latency() // compiles
  await collect()
  const [startRss, startLatency] = [rss(), await latency()]
  const since = performance.now()
  let failed = 0
  await Promise.all(
    Array.from({ length: CALLS }, (_, id) =>
      client.get(['test', SET, id % 2 === 0 ? 0 : 1_000_000], patient).then(
        () => {},
        () => failed++,
      ),
    ),
  )
  const ms = performance.now() - since
  const peak = process.resourceUsage().maxRSS / 1024
  for (const wait of [0, 10, 20]) {
    await sleep(wait * 1000)
    await collect()
    console.log(
      `${wait} s later: RSS ${rss().toFixed(0)} MiB, heap ${(process.memoryUsage().heapUsed / MIB).toFixed(0)} MiB (committed ${(process.memoryUsage().heapTotal / MIB).toFixed(0)}), ` +
        `latency ${((await latency()) * 1000).toFixed(1)} us`,
    )
  }
  console.log(
    `${CALLS} x get at once, half of which find nothing: ${ms.toFixed(0)} ms, ${failed} failed; RSS ${startRss.toFixed(0)} MiB before, ` +
      `peak ${peak.toFixed(0)} MiB; median latency ${(startLatency * 1000).toFixed(1)} us before, ${((await latency()) * 1000).toFixed(1)} us after`,
  )
  await client.close()
}

const CASES: { readonly [name: string]: (server: Server) => Promise<void> } = {
  deadlines,
  batches,
  aborts,
  burst,
  million,
}

async function main(): Promise<void> {
  if (values.case !== undefined) {
    await using server = await LocalServer.start()
    await CASES[values.case]?.(server)
    return
  }
  const names = values.only?.split(',') ?? Object.keys(CASES)
  const unknown = names.find(name => !(name in CASES))
  if (unknown !== undefined) throw new RangeError(`there is no case ${unknown}: choose from ${Object.keys(CASES)}`)
  for (const name of names) {
    console.log(`\n${name} (load average ${loadavg()[0]?.toFixed(1)})`)
    const child = fork(__filename, ['--case', name], { execArgv: [...process.execArgv, '--expose-gc'] })
    const code = await new Promise(resolve => child.once('exit', resolve))
    if (code !== 0) throw new Error(`the case ${name} exited with ${code}`)
  }
}

void main()
