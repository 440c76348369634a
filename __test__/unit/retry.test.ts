// `retry` and `retrySync`.
import { AbortError, AerospikeError, InvalidArgError, type RetryOptions, retry, retrySync } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { rejection } from '../helpers/clients'

const failure = (code: string, inDoubt = false): AerospikeError =>
  new AerospikeError(code, { code, resultCode: 18, inDoubt })
const BUSY = failure('DEVICE_OVERLOAD')

/** Both functions, as promises. */
const FUNCTIONS: readonly [string, <T>(fn: (attempt: number) => T, options?: RetryOptions) => Promise<T>][] = [
  ['retry', async (fn, options) => retry(fn, options) as Promise<never>],
  ['retrySync', async (fn, options) => retrySync(fn, options)],
]

describe.each(FUNCTIONS)('%s', (name, run) => {
  test('returns what the function returns', async () => {
    expect(await run(() => 5)).toBe(5)
  })

  test('calls the function again while its error is retryable', async () => {
    const attempts: number[] = []
    const result = await run(
      attempt => {
        attempts.push(attempt)
        if (attempt < 3) throw BUSY
        return 'done'
      },
      { backoff: 0 },
    )
    expect(result).toBe('done')
    expect(attempts).toEqual([1, 2, 3])
  })

  test('throws the last error as it is', async () => {
    let calls = 0
    const error = await rejection(
      run(
        () => {
          calls++
          throw BUSY
        },
        { retries: 2, backoff: { initial: 1, factor: 1, max: 1 } },
      ),
    )
    expect(error).toBe(BUSY)
    expect(calls).toBe(3)
  })

  test.each<[string, unknown]>([
    ['not retryable', failure('RECORD_NOT_FOUND')],
    ['in doubt', failure('TIMEOUT', true)],
    ['of another kind', new Error('other')],
    ['no error', 'text'],
  ])('does not call again after an error that is %s', async (_, thrown) => {
    let calls = 0
    const error = await rejection(
      run(() => {
        calls++
        throw thrown
      }),
    )
    expect(error).toBe(thrown)
    expect(calls).toBe(1)
  })

  test.each<[unknown, RegExp]>([
    [{ retries: -1 }, /retries: an integer from 0/],
    [{ retries: '3' }, /retries: an integer from 0/],
    [{ backoff: Number.NaN }, /backoff.initial: a number of at least 0/],
    [{ backoff: { max: -1 } }, /backoff.max: a number of at least 0/],
    [{ backoff: null }, /backoff: milliseconds or/],
    [{ attempts: 3 }, /unknown option "attempts"/],
    [{ signal: 5 }, /signal: /],
    [5, /an object is needed, not 5/],
  ])('options %j are refused before the first call', async (options, message) => {
    let calls = 0
    const error = await rejection(run(() => calls++, options as RetryOptions))
    expect(error).toBeInstanceOf(InvalidArgError)
    expect((error as Error).message).toMatch(new RegExp(`^${name}.*${message.source}`))
    expect(calls).toBe(0)
  })

  test('a function is needed', async () => {
    expect(await rejection(run(5 as unknown as () => void))).toMatchObject({
      message: `${name}: a function is needed, not 5`,
    })
  })
})

test('retry waits for promises', async () => {
  let calls = 0
  const result = await retry(
    async () => {
      calls++
      if (calls === 1) throw BUSY
      return calls
    },
    { backoff: 0 },
  )
  expect(result).toBe(2)
})

test('a signal ends the wait', async () => {
  const controller = new AbortController()
  const reason = new Error('enough')
  const promise = retry(
    () => {
      controller.abort(reason)
      throw BUSY
    },
    { signal: controller.signal, backoff: 1e9 },
  )
  const error = await rejection(promise)
  expect(error).toBeInstanceOf(AbortError)
  expect(error).toMatchObject({ cause: reason, message: 'The call was aborted (retry)' })
})

test('a signal that has fired prevents the first call', async () => {
  let calls = 0
  const error = await rejection(retry(() => calls++, { signal: AbortSignal.abort() }))
  expect(error).toBeInstanceOf(AbortError)
  expect(calls).toBe(0)
})

test('retrySync refuses a promise', () => {
  expect(() => retrySync(async () => 5)).toThrow(/retrySync: the function returned a promise; use retry/)
})
