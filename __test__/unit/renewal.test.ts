// When credentials are renewed if the clocks do not agree: the time of day is set back or ahead, or the machine sleeps.
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Due, RenewalTimer } from '../../lib/cluster/renewal'

const clocks = vi.hoisted(() => ({ wall: 0, monotonic: 0 }))

/** The timer that waits, and for how long. */
const timer = vi.hoisted(() => ({ run: (): void => {}, ms: Number.NaN, unreferenced: false }))

vi.mock('../../lib/common/globals', async original => ({
  ...(await original<object>()),
  wallNow: () => clocks.wall,
  monotonicNow: () => clocks.monotonic,
  setTimeout: (run: () => void, ms: number) => {
    Object.assign(timer, { run, ms, unreferenced: false })
    return {
      unref: () => {
        timer.unreferenced = true
      },
    }
  },
  clearTimeout: () => {
    timer.run = () => {}
  },
}))

const START = 1_700_000_000_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

beforeEach(() => {
  Object.assign(clocks, { wall: START, monotonic: 5000 })
})

/** Both clocks advance. */
function pass(ms: number): void {
  clocks.wall += ms
  clocks.monotonic += ms
}

describe('a time that is due', () => {
  test('is reached after the time until then', () => {
    const due = new Due(START + HOUR)
    expect(due.left).toBe(HOUR)
    pass(HOUR - 1)
    expect(due.left).toBe(1)
    pass(2)
    expect(due.left).toBe(0)
  })

  test('is reached as early if the time of day is set back', () => {
    const due = new Due(START + HOUR)
    clocks.wall -= DAY
    expect(due.left).toBe(HOUR)
    pass(HOUR)
    expect(due.left).toBe(0)
  })

  test('is reached at once if the time of day is set beyond it', () => {
    const due = new Due(START + HOUR)
    clocks.wall += DAY
    expect(due.left).toBe(0)
  })

  test('is in the past', () => {
    expect(new Due(START - HOUR).left).toBe(0)
  })
})

describe('the timer of a renewal', () => {
  /** Lets time pass, timer by timer, until the renewal. Returns how long that took. */
  function waited(until: number, each: (ms: number) => void): number {
    const before = clocks.monotonic
    const renew = vi.fn()
    new RenewalTimer().set(until, renew)
    for (let timers = 0; renew.mock.calls.length === 0; timers++) {
      expect(timer.unreferenced).toBe(true)
      expect(timers).toBeLessThan(10_000)
      each(timer.ms)
      timer.run()
    }
    return clocks.monotonic - before
  }

  test('looks at the clocks every minute, and renews in time', () => {
    expect(waited(START + HOUR, pass)).toBe(HOUR)
  })

  test('renews in time although the time of day was set back meanwhile', () => {
    const jumps = [-DAY]
    const took = waited(START + HOUR, ms => {
      pass(ms)
      clocks.wall += jumps.pop() ?? 0
    })
    expect(took).toBe(HOUR)
  })

  test('renews at the next look after the machine has slept', () => {
    // Timers and the monotonic clock stand still while it sleeps.
    const sleeps = [DAY]
    const took = waited(START + HOUR, ms => {
      pass(ms)
      clocks.wall += sleeps.pop() ?? 0
    })
    expect(took).toBe(60_000)
  })

  test('never runs without a time, nor after it was stopped', () => {
    const renew = vi.fn()
    timer.ms = Number.NaN
    const renewal = new RenewalTimer()
    renewal.set(Number.POSITIVE_INFINITY, renew)
    expect(timer.ms).toBeNaN()
    renewal.set(START + 1, renew)
    renewal.stop()
    timer.run()
    expect(renew).not.toHaveBeenCalled()
  })
})
