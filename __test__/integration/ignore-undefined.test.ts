// `ignoreUndefined`: what is undefined is left out of writes.
import { batchRow, lists, maps, op, type Value, type WritePolicy } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const key = keysOf('ignore-undefined')
const ON: WritePolicy = { ignoreUndefined: true }

/** A value with undefined parts, which the types refuse. */
const partly = (value: unknown): Value => value as Value
const bins = (given: object): { [bin: string]: Value } => given as { [bin: string]: Value }

describe.each(CLIENTS)('$name', kind => {
  const on = connectBefore(kind, { ignoreUndefined: true })
  const off = connectBefore(kind)

  test('undefined bins, and values of objects and maps, are left out', async () => {
    const k = key()
    const value = {
      a: 1,
      gone: undefined,
      object: { b: 2, gone: undefined, deep: { gone: undefined }, list: [{ gone: undefined, c: 3 }] },
      map: new Map<number, unknown>([
        [1, undefined],
        [2, 'two'],
      ]),
    }
    const stored = { a: 1, object: { b: 2, deep: {}, list: [{ c: 3 }] }, map: new Map([[2, 'two']]) }
    await on().put(k, bins(value))
    expect((await off().get(k)).bins).toEqual(stored)
    await off().remove(k)
    await off().put(k, bins(value), null, ON)
    expect((await off().get(k)).bins).toEqual(stored)
  })

  test('a bin that is undefined stays as it is', async () => {
    const k = key()
    await on().put(k, { a: 1, b: 2 })
    await on().put(k, bins({ a: undefined, b: 3 }))
    expect((await on().get(k)).bins).toEqual({ a: 1, b: 3 })
  })

  test('batches and operations have it, too', async () => {
    const [a, b, c] = [key(), key(), key()]
    const rows = await on().batchWrite([{ key: a, bins: bins({ x: 1, gone: undefined }) }])
    expect(rows.ok).toBe(true)
    const mixed = await off().batch([
      batchRow.write(b, bins({ x: 2, gone: undefined }), null, ON),
      batchRow.operate(c, [op.write('x', partly({ y: 3, gone: undefined }))], null, ON),
    ])
    expect(mixed.ok).toBe(true)
    expect((await off().batchRead([a, b, c])).toArray().map(row => row.record?.bins)).toEqual([
      { x: 1 },
      { x: 2 },
      { x: { y: 3 } },
    ])
    await off().batchWrite([{ key: a, bins: bins({ x: 4, gone: undefined }) }], ON)
    await on().operate(a, [
      lists.append('list', partly({ z: 5, gone: undefined })),
      maps.put('map', 'k', partly({ z: 6, gone: undefined })),
    ])
    expect((await off().get(a)).bins).toEqual({ x: 4, list: [{ z: 5 }], map: { k: { z: 6 } } })
    const streamed: number[] = []
    for await (const row of on().batchStream([batchRow.write(b, bins({ x: 7, gone: undefined }))])) {
      streamed.push(row.resultCode)
    }
    expect(streamed).toEqual([0])
    expect((await off().get(b)).bins).toEqual({ x: 7 })
  })

  test("a row's own policy comes before the batch's", async () => {
    const [a, b] = [key(), key()]
    const row = { key: b, bins: bins({ x: { gone: undefined } }), policy: { ignoreUndefined: false } }
    const error = await rejection(on().batchWrite([{ key: a, bins: bins({ x: 1, gone: undefined }) }, row]))
    expect(error).toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringMatching(/^records\[1\]: .*undefined/),
    })
  })

  test('a call can switch it off', async () => {
    const error = await rejection(on().put(key(), bins({ a: 1, b: undefined }), null, { ignoreUndefined: false }))
    expect(error).toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringMatching(/^b: undefined cannot be stored/),
    })
  })

  test.each<[string, object, RegExp]>([
    ['in a list', { list: [1, undefined] }, /list.*: undefined cannot be stored/],
    ['in a nested list', { a: { list: [[undefined]] } }, /a.*: undefined cannot be stored/],
    ['in every bin', { a: undefined, b: undefined }, /bins: at least one bin is needed; all are undefined/],
  ])('undefined %s is refused', async (_, given, message) => {
    expect(await rejection(on().put(key(), bins(given)))).toMatchObject({
      name: 'InvalidArgError',
      message: expect.stringMatching(message),
    })
  })

  test('without it, undefined is refused', async () => {
    for (const given of [{ a: undefined }, { a: { b: undefined } }, { a: new Map([[1, undefined]]) }]) {
      const error = await rejection(off().put(key(), bins(given)))
      expect(error).toMatchObject({ name: 'InvalidArgError', message: expect.stringMatching(/^a.*: undefined cannot/) })
    }
  })

  test('only true and false are accepted', async () => {
    const policy = { ignoreUndefined: 1 } as unknown as WritePolicy
    expect(await rejection(off().put(key(), { a: 1 }, null, policy))).toMatchObject({
      message: expect.stringMatching(/write policy.ignoreUndefined: true or false is needed, not 1/),
    })
  })
})
