/** `aerospike-napi/keyv` with Keyv 5. __test__/extra/keyv.test.ts runs Keyv's own test suite. */
import { type Client, connect, exp, InvalidArgError, TTL_NEVER_EXPIRE } from 'aerospike-napi'
import { KeyvAerospike } from 'aerospike-napi/keyv'
import Keyv from 'keyv'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'

const namespace = 'test'
const set = 'keyv-test'

let client: Client
beforeAll(async () => {
  client = await connect({ hosts: inject('aerospike').address })
})
afterEach(() => new KeyvAerospike(client, { namespace, set }).clear())
afterAll(() => client.close())

const storeOf = () => new KeyvAerospike(client, { namespace, set })
const keyvOf = (name: string, options: { ttl?: number } = {}) =>
  new Keyv({ store: storeOf(), namespace: name, throwOnErrors: true, ...options })

describe('a Keyv', () => {
  test('stores, reads and removes values', async () => {
    const keyv = keyvOf('a')
    expect(await keyv.get('x')).toBeUndefined()
    expect(await keyv.set('x', { list: [1, null, 'ä'], bytes: Buffer.from('ab') })).toBe(true)
    expect(await keyv.get('x')).toEqual({ list: [1, null, 'ä'], bytes: Buffer.from('ab') })
    expect(await keyv.set('x', 'other')).toBe(true)
    expect(await keyv.get('x')).toBe('other')
    expect(await keyv.has('x')).toBe(true)
    expect(await keyv.delete('x')).toBe(true)
    expect(await keyv.delete('x')).toBe(false)
    expect(await keyv.has('x')).toBe(false)
  })

  test('stores, reads and removes many values', async () => {
    const keyv = keyvOf('many')
    const keys = Array.from({ length: 300 }, (_, index) => `k${index}`)
    expect(await keyv.setMany(keys.map(key => ({ key, value: key })))).toEqual(keys.map(() => true))
    expect(await keyv.getMany([...keys, 'missing'])).toEqual([...keys, undefined])
    expect(await keyv.hasMany(['k1', 'missing'])).toEqual([true, false])
    expect(await keyv.delete(['k0', 'k1'])).toBe(true)
    expect(await keyv.delete(['k1', 'k2'])).toBe(false)
    expect(await keyv.getMany(['k0', 'k1', 'k2', 'k3'])).toEqual([undefined, undefined, undefined, 'k3'])
  })

  test('lets the server remove what has expired', async () => {
    await keyvOf('ttl').set('for ever', 1)
    await keyvOf('ttl').set('a minute', 1, 60_000)
    await keyvOf('ttl', { ttl: 90_000 }).set('by default', 1)
    await keyvOf('ttl').set('less than a second', 1, 1)
    const ttl = async (key: string) => (await client.getMeta([namespace, set, `ttl:${key}`]))?.ttl
    expect(await ttl('for ever')).toBe(TTL_NEVER_EXPIRE)
    expect(await ttl('a minute')).toBeGreaterThan(30)
    expect(await ttl('a minute')).toBeLessThanOrEqual(60)
    expect(await ttl('by default')).toBeGreaterThan(60)
  })

  test('clears its own namespace, whatever its characters', async () => {
    const names = ['a', 'ab', 'a.b', 'a*', 'a(b', '[x]', 'ä']
    for (const name of names) await keyvOf(name).set('key', name)
    for (const [index, name] of names.entries()) {
      await keyvOf(name).clear()
      const left = await Promise.all(names.map(other => keyvOf(other).get('key')))
      expect(left).toEqual(names.map((other, at) => (at <= index ? undefined : other)))
    }
  })

  test('clears more entries than one request removes', async () => {
    const keyv = keyvOf('large')
    await keyv.setMany(Array.from({ length: 1200 }, (_, index) => ({ key: String(index), value: index })))
    await keyv.clear()
    expect(await client.query(namespace, set).count()).toBe(0)
  })

  test('iterates over its namespace', async () => {
    await keyvOf('one').setMany(['a', 'b'].map(key => ({ key, value: `${key} of one` })))
    await keyvOf('two').set('c', 'c of two')
    const found = new Map<string, string>()
    for await (const [key, value] of keyvOf('one').iterator?.({}) ?? []) found.set(key, value)
    expect(found).toEqual(
      new Map([
        ['a', 'a of one'],
        ['b', 'b of one'],
      ]),
    )
  })

  test('reports errors', async () => {
    const failing = await connect({ hosts: inject('aerospike').address, filterExpression: exp.eq(exp.setName(), 'no') })
    const keyv = new Keyv({ store: new KeyvAerospike(failing, { namespace, set }), throwOnErrors: true })
    const errors: unknown[] = []
    keyv.on('error', error => errors.push(error))
    await client.put([namespace, set, 'keyv:x'], { value: 'x' })
    await expect(keyv.get('x')).rejects.toThrow('filtered out')
    await expect(keyv.getMany(['x'])).rejects.toThrow('filtered out')
    await failing.close()
    await expect(keyv.set('x', 1)).rejects.toThrow('closed')
    expect(errors.map(String)).toContainEqual(expect.stringContaining('closed'))
  })

  test('leaves the client open', async () => {
    await keyvOf('open').disconnect()
    expect(client.isConnected()).toBe(true)
  })
})

describe('without a namespace and a serializer', () => {
  test('values are bins', async () => {
    const store = storeOf()
    await store.set('x', { value: [1, 2], expires: undefined } as never)
    expect((await client.get([namespace, set, 'x'])).bins).toEqual({ value: { value: [1, 2] } })
    await store.set('y', Buffer.from('bytes'))
    expect(await store.get('y')).toEqual(Buffer.from('bytes'))
    const entries = new Map<string, unknown>()
    for await (const [key, value] of store.iterator()) entries.set(key, value)
    expect([...entries.keys()].sort()).toEqual(['x', 'y'])
  })

  test('a value that cannot be stored is refused', async () => {
    await expect(storeOf().set('x', null)).rejects.toThrow('KeyvAerospike: value: null cannot be stored')
    await expect(storeOf().set('x', undefined as never)).rejects.toThrow(InvalidArgError)
  })
})

describe('options', () => {
  test.each([
    [{ namespace, sett: 'x' }, 'unknown option "sett"; did you mean set?'],
    [{}, 'namespace: a string is needed'],
    [{ namespace, set: 1 }, 'set: a string is needed'],
    [null, 'an object is needed'],
  ])('%j', (options, message) => {
    const create = () => new KeyvAerospike(client, options as never)
    expect(create).toThrow(InvalidArgError)
    expect(create).toThrow(message)
  })

  test('the client must be one', () => {
    expect(() => new KeyvAerospike({} as never, { namespace })).toThrow('KeyvAerospike: client: a Client is needed')
  })

  test('the default set is keyv', async () => {
    const store = new KeyvAerospike(client, { namespace })
    await store.set('default', 'x')
    expect(await client.exists([namespace, 'keyv', 'default'])).toBe(true)
    await store.delete('default')
  })
})
