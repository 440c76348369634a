/** A thread of the suite `workers`: runs reads when it gets their number, and replies with their latencies. */
import { parentPort, workerData } from 'node:worker_threads'
import { createAdapter } from '../clients'
import type { Target } from '../clients/adapter'
import type { JsClientName } from '../clients/names'
import { get } from '../suites/get'
import { threadClock } from './clocks'

export interface WorkerStart {
  readonly client: JsClientName
  readonly target: Target
  readonly inFlight: number
}

export interface WorkerDone {
  /** In ms. */
  readonly latencies: Float64Array
  /** CPU time of the thread in microseconds. */
  readonly jsUs: number
}

async function main(): Promise<void> {
  const { client, target, inFlight } = workerData as WorkerStart
  const adapter = createAdapter(client)
  await adapter.connect(target)
  const { run } = await get(adapter, { inFlight, rows: 0, busyUs: 0 }, target)
  const clock = threadClock()
  parentPort!.on('message', async (operations: number) => {
    const latencies = new Float64Array(operations)
    let count = 0
    const began = clock.now()
    await run(inFlight, operations, latency => {
      latencies[count++] = latency
    })
    const done: WorkerDone = { latencies, jsUs: clock.now() - began }
    parentPort!.postMessage(done)
  })
  parentPort!.postMessage('ready')
}

void main()
