/**
 * When to ask the credentials provider again.
 */
import { clearTimeout, setTimeout, wallNow } from '../common/globals'
import type { Login } from '../options/credentials'

/** Credentials are renewed this long before they expire, or after four fifths of a shorter lifetime. */
const MARGIN_MS = 120_000
/** Shortest time between two renewals, and between two attempts. */
const LEAST_MS = 1000
/** Time until the next attempt after a failure. */
const RETRY_MS = 5000
/** The longest time that a timer can wait for. */
const MAX_TIMER_MS = 0x7fff_ffff

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

/** Calls a function at a given time. The timer does not keep the process running, nor the function's owner in memory. */
export class RenewalTimer {
  #timer: NodeJS.Timeout | undefined

  /** Replaces the time at which `renew` is called. */
  set(time: number, renew: () => void): void {
    this.stop()
    if (time === Number.POSITIVE_INFINITY) return
    const wait = Math.min(Math.max(time - wallNow(), 0), MAX_TIMER_MS)
    this.#timer = setTimeout(() => {
      if (wallNow() < time) this.set(time, renew)
      else renew()
    }, wait)
    this.#timer.unref()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
