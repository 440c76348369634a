/**
 * The effect of a flood of log lines on the event loop: workers read records that do not exist, each of which logs a
 * line at level `trace`, and the logger of this thread receives the lines. Not one of the suites: runs once.
 *
 *   npx tsx benchmark/log-flood.ts --lines 100000
 */
import { once } from 'node:events'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { connect, setLogger, setLogLevel } from '..'

// As built in this repository. The declarations are at the root.
const { LocalServer } = require('../dist/testing.js') as typeof import('../testing')

interface Flood {
  readonly hosts: string
  readonly lines: number
}

const IN_FLIGHT = 1000

/** In a worker: produces the requested number of lines, from Rust threads, as fast as the reads complete. */
async function flood({ hosts, lines }: Flood): Promise<void> {
  const client = await connect({ hosts })
  parentPort?.postMessage('ready')
  await once(parentPort as NonNullable<typeof parentPort>, 'message')
  for (let at = 0; at < lines; at += IN_FLIGHT) {
    const count = Math.min(IN_FLIGHT, lines - at)
    await Promise.allSettled(Array.from({ length: count }, (_, id) => client.get(['test', 'bench-log', at + id])))
  }
  await client.close()
}

/**
 * Measures one flood. Without `listening`, measures the same work without a logger: the cost of the workers for this
 * thread.
 */
async function measure(hosts: string, lines: number, listening: boolean): Promise<void> {
  // Node.js 20 cannot load TypeScript in workers without help.
  const code = `require(${JSON.stringify(require.resolve('tsx/cjs'))}); require(${JSON.stringify(__filename)})`
  const worker = new Worker(code, { eval: true, workerData: { hosts, lines } satisfies Flood })
  await once(worker, 'message')
  let told = 0
  let dropped = 0
  if (listening) {
    setLogLevel('trace', 'command')
    setLogger(({ target, message }) => {
      if (target === 'command') told++
      else dropped += Number(/^(\d+) log lines? w/.exec(message)?.[1] ?? 0)
    })
  }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const loop = performance.eventLoopUtilization()
  const since = performance.now()
  delay.enable()
  worker.postMessage('go')
  await once(worker, 'exit')
  while (listening && told + dropped < lines) await new Promise(resolve => setTimeout(resolve, 5))
  delay.disable()
  const seconds = (performance.now() - since) / 1000
  const busy = performance.eventLoopUtilization(loop).utilization * 100
  setLogger(null)
  console.log(
    `${listening ? 'told' : 'untold'}: ${lines.toLocaleString('en-US')} lines in ${seconds.toFixed(2)} s, ${told} told, ${dropped} dropped; ` +
      `loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms (most ${(delay.max / 1e6).toFixed(1)}), busy ${busy.toFixed(0)} %`,
  )
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { lines: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '3' } },
  })
  const named = process.env.AEROSPIKE_HOST
  const server = named === undefined ? await LocalServer.start() : undefined
  try {
    const hosts = named ?? server?.address ?? ''
    setLogLevel('off')
    for (let round = 0; round < Number(values.rounds); round++) {
      await measure(hosts, Number(values.lines), false)
      await measure(hosts, Number(values.lines), true)
    }
  } finally {
    await server?.stop()
  }
}

const work = isMainThread ? main() : flood(workerData as Flood)
work.catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
