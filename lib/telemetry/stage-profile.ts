/**
 * The JavaScript half of the stage profile: how long the stages of a call take on this thread. It is off unless
 * `setMetricsEnabled` turns it on; calls made before that have no profile.
 */
import { Stage } from '../catalog/boundary'
import { clearTimeout, monotonicNow, setTimeout } from '../common/globals'
import { recordStages } from '../native/native'

/** The number of measurements that are passed to the native side at once. */
const BUFFERED = 512
/** The maximum time in ms that measurements are buffered. */
const FLUSH_MS = 200

const measured = new Float64Array(2 * BUFFERED)
let filled = 0
let timer: NodeJS.Timeout | undefined
let on = false

/** Whether calls are profiled. */
export function stagesProfiled(): boolean {
  return on
}

/** Turns profiling on or off for new calls of this thread. */
export function profileStages(enabled: boolean): void {
  on = enabled
}

/** Passes the buffered measurements to the native side. */
export function flushStages(): void {
  clearTimeout(timer)
  timer = undefined
  if (filled > 0) recordStages(measured.subarray(0, filled))
  filled = 0
}

function record(stage: number, ms: number): void {
  measured[filled] = stage
  measured[filled + 1] = ms * 1e6
  filled += 2
  if (filled === measured.length) flushStages()
  else timer ??= setTimeout(flushStages, FLUSH_MS).unref()
}

/** The profile of one call. */
export class CallProfile {
  readonly #made = monotonicNow()
  #decoded = 0

  /** Starts the profile of a call, whose promise is `promise`. */
  constructor(promise: Promise<unknown>) {
    const settled = (): void => {
      if (this.#decoded > 0) record(Stage.SETTLE, monotonicNow() - this.#decoded)
    }
    promise.then(settled, settled)
  }

  /** Records that the block of the call was submitted. */
  submitted(now: number): void {
    record(Stage.SUBMIT, now - this.#made)
  }

  /** Records that the reply was decoded; decoding began at `start`. */
  decoded(start: number): void {
    this.#decoded = monotonicNow()
    record(Stage.DECODE, this.#decoded - start)
  }
}
