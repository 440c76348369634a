/**
 * When to ask the credentials provider again.
 */
import { clearTimeout, monotonicNow, setTimeout, wallNow } from '../common/globals'
import type { Login } from '../options/credentials'

/** Credentials are renewed this long before they expire, or after four fifths of a shorter lifetime. */
const MARGIN_MS = 120_000
/** Shortest time between two renewals, and between two attempts. */
const LEAST_MS = 1000
/** Time until the next attempt after a failure. */
const RETRY_MS = 5000
/** Longest time without a look at the clocks: timers do not count the time for which the machine sleeps. */
const LOOK_MS = 60_000

/**
 * Returns when to renew credentials, in milliseconds since 1970; infinite if they do not expire.
 * @param sessionTtl - seconds that the session of the login lasts; 0 if unknown
 */
export function renewalTime(login: Login, sessionTtl: number, now = wallNow()): number {
  if (!login.isProvided) return Number.POSITIVE_INFINITY
  const session = sessionTtl === 0 ? Number.POSITIVE_INFINITY : now + sessionTtl * 1000
  const expiry = Math.min(session, login.expiresAt)
  const lifetime = Math.max(expiry - now, 0)
  return Math.max(expiry - Math.min(MARGIN_MS, lifetime / 5), now + LEAST_MS)
}

/** Returns when to try again after a failed renewal. */
export function retryTime(now = wallNow()): number {
  return now + RETRY_MS
}

/** Emits a process warning about a failed renewal: the client works on with its connections, but cannot open others for ever. */
export function warnOfFailedRenewal(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  process.emitWarning(`credentials could not be renewed, and the client will try again: ${reason}`, {
    type: 'AerospikeWarning',
    code: 'AEROSPIKE_CREDENTIALS',
  })
}

/**
 * A time in the future, in milliseconds since 1970. It is reached when either clock says so: the time of day can be set back,
 * and the monotonic clock can stand still while the machine sleeps.
 */
export class Due {
  readonly #wall: number
  readonly #monotonic: number

  constructor(time: number) {
    this.#wall = time
    this.#monotonic = monotonicNow() + time - wallNow()
  }

  /** Milliseconds until then; 0 if the time is reached. */
  get left(): number {
    return Math.max(Math.min(this.#wall - wallNow(), this.#monotonic - monotonicNow()), 0)
  }
}

/** Calls a function at a given time. The timer does not keep the process running, nor the function's owner in memory. */
export class RenewalTimer {
  #timer: NodeJS.Timeout | undefined

  /** Replaces the time at which `renew` is called. */
  set(time: number, renew: () => void): void {
    this.stop()
    if (time !== Number.POSITIVE_INFINITY) this.#wait(new Due(time), renew)
  }

  #wait(due: Due, renew: () => void): void {
    this.#timer = setTimeout(
      () => {
        if (due.left > 0) this.#wait(due, renew)
        else renew()
      },
      Math.min(due.left, LOOK_MS),
    )
    this.#timer.unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
