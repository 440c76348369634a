/**
 * The stage profile's JavaScript half: what the parts of a call's way take that lie on this thread. Off unless
 * `setMetricsEnabled` asks for it; then a call without a profile is one that was made before.
 */
import { clearTimeout, monotonicNow, setTimeout } from '../common/globals'
import { recordStages } from '../native/native'

/** The numbers are those of `crate/src/metrics/stages.rs`. */
const Stage = { SUBMIT: 0, DECODE: 4, SETTLE: 5 } as const

/** Measurements that are handed over at once. */
const BUFFERED = 512
/** ms that they may lie here. */
const FLUSH_MS = 200

const measured = new Float64Array(2 * BUFFERED)
let filled = 0
let timer: NodeJS.Timeout | undefined
let on = false

/** Whether calls are profiled. */
export function stagesProfiled(): boolean {
  return on
}

/** Profiles the calls of this thread that are made from now on, or does so no more. */
export function profileStages(enabled: boolean): void {
  on = enabled
}

/** Hands over what was measured. */
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

  /** Begins with the call, whose promise is `promise`. */
  constructor(promise: Promise<unknown>) {
    const settled = (): void => {
      if (this.#decoded > 0) record(Stage.SETTLE, monotonicNow() - this.#decoded)
    }
    promise.then(settled, settled)
  }

  /** The call's block was handed over. */
  submitted(now: number): void {
    record(Stage.SUBMIT, now - this.#made)
  }

  /** Its answer was decoded, which had begun at `start`. */
  decoded(start: number): void {
    this.#decoded = monotonicNow()
    record(Stage.DECODE, this.#decoded - start)
  }
}
