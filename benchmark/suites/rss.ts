/** Memory use after many mixed operations. Growth between the marks indicates a leak. */
import { setImmediate as turn } from 'node:timers/promises'
import { createAdapter } from '../clients'
import type { RssJob, RssMark } from '../harness/job'
import { GET_SET, PUT_SET, RECORDS, randomIndexes, userBins, userId } from './data'
import { expect } from './suite'

const IN_FLIGHT = 50

export async function rss({ client, target, operations: [first, last] }: RssJob): Promise<RssMark[]> {
  const adapter = createAdapter(client)
  await adapter.connect({ ...target, inFlight: IN_FLIGHT })
  const ids = Array.from({ length: RECORDS }, (_, index) => userId(index))
  let left = 0
  const loop = async (number: number): Promise<void> => {
    const next = randomIndexes(number)
    while (left-- > 0) {
      const index = next()
      if (left % 2 === 0) await adapter.put(PUT_SET, ids[index]!, userBins(index))
      else expect((await adapter.get(GET_SET, ids[index]!)).bins.visits === index, 'the record')
    }
  }
  const run = async (operations: number): Promise<void> => {
    left = operations
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, number) => loop(number)))
  }

  await run(first)
  const before = await mark(first)
  await run(last - first)
  const after = await mark(last)
  await adapter.close()
  return [before, after]
}

async function mark(operations: number): Promise<RssMark> {
  const rssMiB = process.memoryUsage.rss() / 2 ** 20
  const { gc } = globalThis
  if (gc === undefined) throw new Error('The memory suite needs --expose-gc')
  // Finalizers run after a collection, and what they release is freed by the next one.
  for (let count = 0; count < 3; count++) {
    gc()
    await turn()
  }
  const { rss: collected, heapTotal } = process.memoryUsage()
  return { operations, rssMiB, collectedMiB: collected / 2 ** 20, heapMiB: heapTotal / 2 ** 20 }
}
