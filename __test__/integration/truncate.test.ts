import type { Key } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { until } from '../helpers/until'

/** The server's clock counts milliseconds: what was written in the one of the truncation stays. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now()
  await until(() => Date.now() > now + 1, { interval: 1 })
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const one = keysOf('truncate-one')
  const other = keysOf('truncate-other')

  const there = (keys: readonly Key[]): Promise<boolean[]> => Promise.all(keys.map(key => client().exists(key)))

  test('a set', async () => {
    const [mine, others] = [one.many(5), other.many(2)]
    await Promise.all([...mine, ...others].map(key => client().put(key, { a: 1 })))
    await nextMillisecond()
    await client().truncate('test', (mine[0] as Key).set)
    await expect.poll(() => there(mine)).toEqual(Array(5).fill(false))
    expect(await there(others)).toEqual([true, true])
  })

  test('what was written before a moment', async () => {
    const [old, fresh] = [one.many(3), one.many(3)]
    const { set } = old[0] as Key
    await Promise.all(old.map(key => client().put(key, { a: 1 })))
    await nextMillisecond()
    const moment = new Date()
    await nextMillisecond()
    await Promise.all(fresh.map(key => client().put(key, { a: 1 })))
    await client().truncate('test', set, moment)
    await expect.poll(() => there(old)).toEqual([false, false, false])
    expect(await there(fresh)).toEqual([true, true, true])
    await client().truncate('test', set, BigInt(Date.now()) * 1_000_000n)
    await expect.poll(() => there(fresh)).toEqual([false, false, false])
  })

  test.each([0, 0n] as const)('%o means now, as in the other clients', async now => {
    const keys = one.many(2)
    await Promise.all(keys.map(key => client().put(key, { a: 1 })))
    await expect
      .poll(async () => {
        await client().truncate('test', (keys[0] as Key).set, now)
        return there(keys)
      })
      .toEqual([false, false])
  })

  test('a set that is not known is no error; a namespace and the future are', async () => {
    await client().truncate('test', 'no-such-set')
    expect(await rejection(client().truncate('no-such-ns', 'x'))).toMatchObject({ resultCode: 20 })
    const future = new Date(Date.now() + 3_600_000)
    expect(await rejection(client().truncate('test', 'x', future))).toMatchObject({
      name: 'InvalidArgError',
      resultCode: 4,
    })
  })

  test('a set must be named, or null', async () => {
    const refused = async (...args: unknown[]): Promise<unknown> => {
      const truncate = client().truncate as (...args: unknown[]) => Promise<void>
      return rejection(truncate.apply(client(), args))
    }
    for (const set of [undefined, '', 7, 'a;b']) {
      expect(await refused('test', set)).toMatchObject({
        name: 'InvalidArgError',
        message: expect.stringMatching(/^truncate: set/),
      })
    }
    expect(await refused('', 'x')).toMatchObject({ message: expect.stringMatching(/^truncate: namespace/) })
    for (const before of [5, -1n, 2n ** 63n, new Date(Number.NaN), new Date('2999-01-01'), new Date(0), '2020']) {
      expect(await refused('test', 'x', before)).toMatchObject({ message: expect.stringMatching(/^truncate: before/) })
    }
  })
})
