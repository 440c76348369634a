/** Measures one case with one client in this process, round by round. */
import { createAdapter } from '../clients'
import { SUITES } from '../suites'
import { startClocks } from './clocks'
import { LONG_ROUND_SECONDS, type MeasureJob, type Measurement, ROUND_WARMUP_MS } from './job'
import { Samples } from './samples'

/**
 * Collects the garbage, so that the next round does not pay for it. Call it after a round, while the other clients have
 * their turns: V8 sweeps the heap on threads of its own for some time, and that cost a round of 100 ms a quarter of its CPU.
 */
const collect = (): void => globalThis.gc?.()

/** A case that is ready to be measured. */
export interface Measurable {
  round(): Promise<Measurement>
  /** Checks what was written, and closes the client. */
  close(): Promise<void>
}

/** Connects, and runs whole rounds until `warmupMs` have passed. */
export async function prepare({ client, case: spec, target, warmupMs, operations }: MeasureJob): Promise<Measurable> {
  const adapter = createAdapter(client)
  await adapter.connect(target)
  const { run, verify, firstMs } = await SUITES[spec.suite](adapter, spec, target)
  // Record the warm-up as well, so that its loop is compiled in the same way as the measured one.
  let seconds = 0
  const warmUp = async (ms: number): Promise<void> => {
    const end = performance.now() + ms
    do {
      const start = performance.now()
      await run(spec.inFlight, operations, new Samples().add)
      seconds = (performance.now() - start) / 1000
    } while (performance.now() < end)
  }
  await warmUp(warmupMs)
  collect()
  return {
    round: async () => {
      // While the other clients had their turns, this process was idle: its caches are cold, and the scheduler has forgotten
      // how busy its threads are. The first 5,000 reads after a second of rest took twice the time of later ones.
      if (seconds < LONG_ROUND_SECONDS) await warmUp(Math.min(warmupMs, ROUND_WARMUP_MS))
      const samples = new Samples()
      const stop = startClocks()
      const start = performance.now()
      const own = await run(spec.inFlight, operations, samples.add)
      seconds = own.seconds ?? (performance.now() - start) / 1000
      const { processUs, jsUs, jsClock, loopDelayP99Ms } = stop()
      const [p50 = 0, p95 = 0, p99 = 0, p999 = 0] = samples.percentiles(0.5, 0.95, 0.99, 0.999)
      const measurement = {
        operations: samples.count,
        seconds,
        p50Us: p50 * 1000,
        p95Us: p95 * 1000,
        p99Us: p99 * 1000,
        p999Us: p999 * 1000,
        cpuUs: processUs,
        rssMiB: process.memoryUsage.rss() / 2 ** 20,
        peakRssMiB: process.resourceUsage().maxRSS / 1024,
        jsUs: own.jsUs ?? jsUs,
        jsClock,
        loopDelayP99Ms,
        firstUs: firstMs === undefined ? undefined : firstMs() * 1000,
      }
      collect()
      return measurement
    },
    close: async () => {
      await verify?.()
      await adapter.close()
    },
  }
}
