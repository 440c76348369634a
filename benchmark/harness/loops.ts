/** The loops that drive every JavaScript client. Each awaits one operation at a time. */
import { randomIndexes } from '../suites/data'
import type { Run, Work } from '../suites/suite'

export function loopsOf<T>(work: Work<T>): Run {
  return async (inFlight, ms, record) => {
    const end = performance.now() + ms
    const loop = async (number: number): Promise<void> => {
      const next = randomIndexes(number)
      for (;;) {
        const start = performance.now()
        if (start >= end) return
        const index = next()
        const result = await work.start(index)
        record?.(performance.now() - start)
        work.check(result, index)
      }
    }
    await Promise.all(Array.from({ length: inFlight }, (_, number) => loop(number)))
  }
}
