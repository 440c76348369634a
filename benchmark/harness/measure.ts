/** One measurement in this process. */
import { createAdapter } from '../clients'
import { caseNamed, SUITES } from '../suites/cases'
import { startClocks } from './clocks'
import type { MeasureJob, Measurement } from './job'
import { Samples } from './samples'

export async function measure(job: MeasureJob): Promise<Measurement> {
  const spec = caseNamed(job.case)
  const adapter = createAdapter(job.client)
  await adapter.connect(job.target)
  const { run, verify, firstMs } = SUITES[spec.suite](adapter, spec)

  // Record the warm-up as well, so that its loop is compiled in the same way as the measured one.
  await run(spec.inFlight, job.warmupMs, new Samples().add)
  const samples = new Samples()
  const stop = startClocks()
  const start = performance.now()
  await run(spec.inFlight, job.measureMs, samples.add)
  const seconds = (performance.now() - start) / 1000
  const { processUs, jsUs, jsClock, loopDelayP99Ms } = stop()
  const rssMiB = process.memoryUsage.rss() / 2 ** 20

  await verify?.()
  await adapter.close()
  const [p50 = 0, p99 = 0] = samples.percentiles(0.5, 0.99)
  return {
    operations: samples.count,
    seconds,
    p50Us: p50 * 1000,
    p99Us: p99 * 1000,
    cpuUs: processUs,
    rssMiB,
    jsUs,
    jsClock,
    loopDelayP99Ms,
    firstUs: firstMs === undefined ? undefined : firstMs() * 1000,
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
  }
}
