// A server between client and server that loses, refuses or breaks requests, for both clients and any server.
import { Worker } from 'node:worker_threads'
import { inject } from 'vitest'

/** What becomes of requests for records, and of info commands that change something. */
export type ProxyFault =
  /** As without a proxy. */
  | { fault: 'pass' }
  /** Carried out; the answer never comes. */
  | { fault: 'lose' }
  /** Carried out; then the connection breaks. */
  | { fault: 'break' }
  /** Not carried out; the answer is this result code. */
  | { fault: 'refuse'; code: number }

export interface FaultProxy extends AsyncDisposable {
  /** As `hosts` takes it; the client needs `seedOnlyCluster: true` to stay with it. */
  readonly address: string
  /** What happens from now on. */
  plan(fault: ProxyFault): Promise<void>
  /** How many such requests came since then. */
  seen(): Promise<number>
}

/** Info commands that change something. The last one is unknown to servers. */
const VERBS = [
  'truncate',
  'xdr-set-filter',
  'sindex-create',
  'sindex-delete',
  'udf-put',
  'udf-remove',
  'query-abort',
  'changes-something',
]

interface Answer {
  id: number
  seen: number
  port: number
}

/** Starts a proxy of a server, on a thread of its own. Default: the shared server. */
export async function startFaultProxy(
  server: { host: string; port: number } = inject('aerospike'),
): Promise<FaultProxy> {
  const { host, port } = server
  const worker = new Worker(new URL('./fault-proxy-worker.mjs', import.meta.url), {
    workerData: { host, port, verbs: VERBS },
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  worker.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer))
  const started = new Promise<Answer>(resolve => waiting.set(0, resolve))
  let last = 0
  const ask = (plan?: ProxyFault): Promise<Answer> =>
    new Promise(resolve => {
      const id = ++last
      waiting.set(id, resolve)
      worker.postMessage({ id, plan })
    })
  const { port: own } = await started
  return {
    address: `127.0.0.1:${own}`,
    plan: async fault => {
      await ask(fault)
    },
    seen: async () => (await ask()).seen,
    [Symbol.asyncDispose]: async () => {
      await worker.terminate()
    },
  }
}
