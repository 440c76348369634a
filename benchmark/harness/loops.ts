/** The loops that drive every JavaScript client. Each awaits one operation at a time. */
import { randomIndexes } from '../suites/data'
import type { Run, Work } from '../suites/suite'

export function loopsOf<T>(work: Work<T>): Run {
  return async (inFlight, operations, record) => {
    let left = operations
    const loop = async (number: number): Promise<void> => {
      const next = randomIndexes(number)
      while (left-- > 0) {
        const index = next()
        const start = performance.now()
        const result = await work.start(index)
        record(performance.now() - start)
        work.check(result, index)
      }
    }
    await Promise.all(Array.from({ length: inFlight }, (_, number) => loop(number)))
    return {}
  }
}
