/** Reads in worker threads, each with a client of its own. */
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Adapter } from '../clients/adapter'
import { FOLDER } from '../harness/spawn'
import type { WorkerDone, WorkerStart } from '../harness/worker'
import type { Suite } from './suite'

/** The threads use clients of their own, so this adapter stays unused. */
export const workers: Suite = async (adapter: Adapter, { threads = 1, inFlight }, target) => {
  const client = adapter.name
  const data: WorkerStart = { client, target, inFlight }
  const all = Array.from(
    { length: threads },
    () => new Worker(join(FOLDER, 'harness', 'worker.ts'), { workerData: data }),
  )
  await Promise.all(all.map(worker => once(worker, 'message')))
  return {
    run: async (_inFlight, operations, record) => {
      const each = Math.ceil(operations / threads)
      const done = await Promise.all(
        all.map(async worker => {
          const reply = once(worker, 'message') as Promise<[WorkerDone]>
          worker.postMessage(each)
          return (await reply)[0]
        }),
      )
      for (const { latencies } of done) for (const latency of latencies) record(latency)
      return { jsUs: done.reduce((sum, { jsUs }) => sum + jsUs, 0) }
    },
    verify: async () => {
      await Promise.all(all.map(worker => worker.terminate()))
    },
  }
}
