import {
  TTL_CLIENT_DEFAULT,
  TTL_DONT_UPDATE,
  TTL_NAMESPACE_DEFAULT,
  TTL_NEVER_EXPIRE,
  type WritePolicy,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'

const newKey = keysOf('policy')

const EXISTS = { name: 'RecordExistsError', code: 'RECORD_EXISTS', resultCode: 5 }
const NOT_FOUND = { name: 'RecordNotFoundError', code: 'RECORD_NOT_FOUND', resultCode: 2 }
const GENERATION = { name: 'RecordGenerationError', code: 'RECORD_GENERATION', resultCode: 3 }

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  describe('exists', () => {
    const outcomes: [NonNullable<WritePolicy['exists']>, onNone: object | null, onSome: object | null][] = [
      ['ignore', { b: 2 }, { a: 1, b: 2 }],
      ['update', { b: 2 }, { a: 1, b: 2 }],
      ['update-only', null, { a: 1, b: 2 }],
      ['replace', { b: 2 }, { b: 2 }],
      ['replace-only', null, { b: 2 }],
      ['create-only', { b: 2 }, null],
    ]

    test.each(outcomes)('%s where there is no record', async (exists, onNone) => {
      const key = newKey()
      const put = client().put(key, { b: 2 }, null, { exists })
      if (onNone === null) await expect(put).rejects.toMatchObject({ ...NOT_FOUND, key })
      else await put
      expect((await client().getOrNull(key))?.bins ?? null).toEqual(onNone)
    })

    test.each(outcomes)('%s where there is one', async (exists, _onNone, onSome) => {
      const key = newKey()
      await client().put(key, { a: 1 })
      const put = client().put(key, { b: 2 }, null, { exists })
      if (onSome === null) await expect(put).rejects.toMatchObject({ ...EXISTS, key })
      else await put
      expect((await client().get(key)).bins).toEqual(onSome ?? { a: 1 })
    })
  })

  describe('generation', () => {
    test('in meta alone means: equal', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await client().put(key, { a: 2 }, { gen: 1 })
      await expect(client().put(key, { a: 3 }, { gen: 1 })).rejects.toMatchObject({ ...GENERATION, key })
      await expect(client().put(key, { a: 3 }, { gen: 3 })).rejects.toMatchObject(GENERATION)
      expect(await client().get(key)).toMatchObject({ bins: { a: 2 }, gen: 2 })
    })

    test('eq says the same', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await expect(client().put(key, { a: 2 }, { gen: 2 }, { gen: 'eq' })).rejects.toMatchObject(GENERATION)
      await client().put(key, { a: 2 }, { gen: 1 }, { gen: 'eq' })
      expect((await client().get(key)).bins).toEqual({ a: 2 })
    })

    test('gt: only if it is greater than the record has', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await client().put(key, { a: 2 })
      for (const gen of [1, 2]) {
        await expect(client().put(key, { a: 3 }, { gen }, { gen: 'gt' })).rejects.toMatchObject(GENERATION)
      }
      await client().put(key, { a: 3 }, { gen: 3 }, { gen: 'gt' })
      expect(await client().get(key)).toMatchObject({ bins: { a: 3 }, gen: 3 })
    })

    test('ignore: whatever meta says', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      await client().put(key, { a: 2 }, { gen: 77 }, { gen: 'ignore' })
      expect((await client().get(key)).bins).toEqual({ a: 2 })
    })

    test('of a missing record', async () => {
      const key = newKey()
      await expect(client().put(key, { a: 1 }, { gen: 1 })).rejects.toMatchObject(GENERATION)
      expect(await client().exists(key)).toBe(false)
    })
  })

  describe('lifetime', () => {
    const lifetime = async (meta?: object | null, policy?: WritePolicy, before?: number): Promise<number> => {
      const key = newKey()
      if (before !== undefined) await client().put(key, { a: 1 }, { ttl: before })
      await client().put(key, { a: 2 }, meta, policy)
      return (await client().get(key)).ttl
    }
    const near = (ttl: number, seconds: number): void => {
      expect(ttl).toBeLessThanOrEqual(seconds)
      expect(ttl).toBeGreaterThan(seconds - 20)
    }

    test('in seconds, of meta or policy', async () => {
      near(await lifetime({ ttl: 5000 }), 5000)
      near(await lifetime(null, { ttl: 6000 }), 6000)
      near(await lifetime({ ttl: 5000 }, { ttl: 6000 }), 5000)
      near(await lifetime({ ttl: 1 }, {}), 1)
      near(await lifetime({ ttl: 315_360_000 }), 315_360_000)
    })

    test('for ever', async () => {
      expect(await lifetime({ ttl: TTL_NEVER_EXPIRE })).toBe(-1)
      expect(await lifetime({ ttl: TTL_NEVER_EXPIRE }, {}, 100)).toBe(-1)
      expect(await lifetime(null, { ttl: -1 })).toBe(-1)
    })

    test('unchanged', async () => {
      near(await lifetime({ ttl: TTL_DONT_UPDATE }, {}, 5000), 5000)
      expect(await lifetime({ ttl: TTL_DONT_UPDATE }, {}, -1)).toBe(-1)
    })

    test("the namespace's, which is the default", async () => {
      const usual = await lifetime()
      const asked = await lifetime({ ttl: TTL_NAMESPACE_DEFAULT }, {}, 77)
      if (usual === -1) expect(asked).toBe(-1)
      else expect(Math.abs(asked - usual)).toBeLessThan(20)
    })

    test('of the client, where it has one', async () => {
      const other = await kind.connect({ policies: { write: { ttl: 9000 } } })
      const key = newKey()
      const written = async (...args: [meta?: object | null, policy?: WritePolicy]): Promise<number> => {
        await other.put(key, { a: 1 }, ...args)
        return (await client().get(key)).ttl
      }
      near(await written(), 9000)
      near(await written({ ttl: TTL_CLIENT_DEFAULT }), 9000)
      near(await written(null, { ttl: TTL_CLIENT_DEFAULT }), 9000)
      near(await written({ ttl: TTL_CLIENT_DEFAULT }, { ttl: 50 }), 9000)
      near(await written({ ttl: 50 }), 50)
      await other.touch(key)
      near((await client().get(key)).ttl, 9000)
      await other.touch(key, TTL_CLIENT_DEFAULT)
      near((await client().get(key)).ttl, 9000)
      await other.close()
    })
  })

  describe('as it goes over the wire', () => {
    const KEY_FIELD = 2
    const DIGEST_FIELD = 4
    const FILTER_FIELD = 43

    test('the user key is sent when it is asked for', async () => {
      await using proxy = await startProxy()
      // The blocking client stops the loop that the proxy runs on.
      const other = await CLIENTS[0]!.connect({ hosts: proxy.address, seedOnlyCluster: true })
      const key = newKey('ada')
      await other.put(key, { a: 1 })
      await other.put(key, { a: 1 }, null, { key: 'digest' })
      await other.put(key, { a: 1 }, null, { key: 'send' })
      await other.get(key)
      const keys = proxy.sent.map(({ fields }) => fields.get(KEY_FIELD)?.toString('latin1'))
      expect(keys).toEqual([undefined, undefined, '\x03ada', undefined])
      for (const { fields } of proxy.sent) expect(fields.get(DIGEST_FIELD)?.equals(key.digest)).toBe(true)
      await other.close()
    })

    test("a client's defaults hold where a call says nothing", async () => {
      await using proxy = await startProxy()
      const config = {
        hosts: proxy.address,
        seedOnlyCluster: true,
        key: 'send',
        policies: { write: { ttl: 77 } },
      } as const
      const other = await CLIENTS[0]!.connect(config)
      const key = newKey('bob')
      await other.put(key, { a: 1 })
      await other.put(key, { a: 1 }, { ttl: 5 }, { key: 'digest' })
      await other.touch(key)
      expect(proxy.sent.map(({ ttl, fields }) => [ttl, fields.has(KEY_FIELD)])).toEqual([
        [77, true],
        [5, false],
        [77, true],
      ])
      await other.close()
    })

    test('a filter expression by either name', async () => {
      await using proxy = await startProxy()
      const filter = Buffer.from([0x93, 0x01, 0x93, 0x51, 0x02, 0xa1, 0x61, 0x01])
      const config = { hosts: proxy.address, seedOnlyCluster: true, policies: { write: { expressions: filter } } }
      const other = await CLIENTS[0]!.connect(config)
      const key = newKey()
      // What the server makes of it is not what is tested.
      await other.exists(key, { filterExpression: filter }).catch(() => undefined)
      await other.exists(key, { expressions: filter }).catch(() => undefined)
      await other.put(key, { a: 1 }).catch(() => undefined)
      await other.exists(key).catch(() => undefined)
      const sent = proxy.sent.map(({ fields }) => fields.get(FILTER_FIELD)?.toString('hex'))
      expect(sent).toEqual([filter.toString('hex'), filter.toString('hex'), filter.toString('hex'), undefined])
      await other.close()
    })

    test('bits of the write header', async () => {
      await using proxy = await startProxy()
      const other = await CLIENTS[0]!.connect({ hosts: proxy.address, seedOnlyCluster: true })
      const key = newKey()
      const header = async (policy: WritePolicy): Promise<readonly number[]> => {
        await other.put(key, { a: 1 }, null, policy).catch(() => undefined)
        return proxy.sent.at(-1)?.info ?? []
      }
      const [, plain2, plain3] = await header({})
      const added = async (policy: WritePolicy): Promise<number[]> => {
        const [, info2 = 0, info3 = 0] = await header(policy)
        return [info2 & ~(plain2 ?? 0), info3 & ~(plain3 ?? 0)]
      }
      expect(await added({ exists: 'create-only' })).toEqual([1 << 5, 0])
      expect(await added({ exists: 'update-only' })).toEqual([0, 1 << 3])
      expect(await added({ exists: 'replace' })).toEqual([0, 1 << 4])
      expect(await added({ exists: 'replace-only' })).toEqual([0, 1 << 5])
      expect(await added({ durableDelete: true })).toEqual([1 << 4, 0])
      expect(await added({ commitLevel: 'master' })).toEqual([0, 1 << 1])
      await other.close()
    })
  })

  test('every policy field is taken by the server', async () => {
    const key = newKey()
    const base = {
      totalTimeout: 5000,
      socketTimeout: 4000,
      maxRetries: 1,
      sleepBetweenRetries: 1,
      sleepMultiplier: 1.5,
      timeoutDelay: 0,
      replica: 'master',
      readModeAp: 'all',
      readModeSc: 'session',
      compress: false,
      compressionThreshold: 256,
      readTouchTtlPercent: -1,
      errorDetailVerbosity: 0,
    } as const
    await client().put(key, { a: 1 }, null, { ...base, exists: 'update', key: 'send', commitLevel: 'all', ttl: 100 })
    expect((await client().get(key, base)).bins).toEqual({ a: 1 })
    const batch = {
      ...base,
      concurrency: 'sequential',
      allowInline: false,
      allowInlineSSD: true,
      respondAllKeys: false,
    }
    const rows = await client().batchRead([key], null, batch as object)
    expect(rows.at(0)?.record?.bins).toEqual({ a: 1 })
    for (const replica of ['master', 'sequence', 'master-proles', 'random'] as const) {
      expect(await client().exists(key, { replica })).toBe(true)
    }
  })

  describe('filter expression', () => {
    // Packed: bin a (an integer) equals 1, and 2.
    const equals = (value: number): Buffer => Buffer.from([0x93, 0x01, 0x93, 0x51, 0x02, 0xa1, 0x61, value])

    test('leaves out records for which it is not true', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      const filtered = { name: 'FilteredOutError', code: 'FILTERED_OUT', resultCode: 27, key }
      for (const name of ['filterExpression', 'expressions']) {
        expect((await client().get(key, { [name]: equals(1) })).bins).toEqual({ a: 1 })
        await expect(client().get(key, { [name]: equals(2) })).rejects.toMatchObject(filtered)
        await expect(client().put(key, { b: 1 }, null, { [name]: equals(2) })).rejects.toMatchObject(filtered)
      }
      const rows = await client().batchRead([key], null, { filterExpression: equals(2) })
      expect(rows.at(0)).toMatchObject({ record: null, resultCode: 27, error: { name: 'FilteredOutError' } })
    })

    test('that is invalid is refused', async () => {
      const key = newKey()
      await client().put(key, { a: 1 })
      const wrong = client().get(key, { filterExpression: Buffer.from([0xc1]) })
      await expect(wrong).rejects.toMatchObject({ name: 'InvalidArgError', resultCode: 4 })
    })
  })
})
