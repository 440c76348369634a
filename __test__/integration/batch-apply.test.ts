import { batchRow, connect, type Key, op } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'
import { startProxy } from '../helpers/proxy'

const newKey = keysOf('batch-apply')
/** The field of a request that holds the rows of a batch. */
const BATCH_ROWS = 41
const MODULE = `batch_apply_${inject('aerospike').port}_${process.pid}`
const SOURCE = `
function add(rec, bin, by)
  rec[bin] = (rec[bin] or 0) + by
  if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end
  return rec[bin]
end
function echo(rec, ...) return list{...} end
function nothing(rec) end
function fails(rec) error('as it was asked to') end
`

const registrar = connectBefore(CLIENTS[0] as (typeof CLIENTS)[number])

async function udf(command: string): Promise<void> {
  for (const { error, response } of await registrar().infoAll(command)) {
    if (error !== null) throw error
    if (/^(ERROR|FAIL)/i.test(response)) throw new Error(response)
  }
}

beforeAll(async () => {
  const content = Buffer.from(SOURCE).toString('base64')
  await udf(`udf-put:filename=${MODULE}.lua;content=${content};content-len=${content.length};udf-type=LUA;`)
})

afterAll(() => udf(`udf-remove:filename=${MODULE}.lua;`))

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  async function filled(count: number): Promise<Key[]> {
    const keys = newKey.many(count)
    await client().batchWrite(keys.map((key, n) => ({ key, bins: { n } })))
    return keys
  }

  test('gives what the function returned for each record', async () => {
    const keys = await filled(3)
    const rows = await client().batchApply(keys, MODULE, 'add', ['n', 10])
    expect(rows.toArray().map(row => row.result)).toEqual([10, 11, 12])
    expect(rows.at(0)?.record?.bins).toEqual({ SUCCESS: 10 })
    expect([rows.ok, rows.succeeded]).toEqual([true, 3])
    const read = await client().batchRead(keys)
    expect(read.toArray().map(row => row.record?.bins.n)).toEqual([10, 11, 12])
  })

  test('one record alone, and one that the function makes', async () => {
    const [key] = (await filled(1)) as [Key]
    expect((await client().batchApply([key], MODULE, 'add', ['n', 1])).at(0)?.result).toBe(1)
    const made = newKey()
    expect((await client().batchApply([made], MODULE, 'add', ['n', 7])).at(0)?.result).toBe(7)
    expect((await client().get(made)).bins).toEqual({ n: 7 })
  })

  test('arguments and results of every type', async () => {
    const keys = await filled(2)
    const args = [1, 'two', 3.5, true, [1, 2], { a: 1 }, Buffer.from([1])]
    const rows = await client().batchApply(keys, MODULE, 'echo', args)
    expect(rows.at(1)?.result).toEqual(args)
  })

  test('a function that returns nothing', async () => {
    const keys = await filled(2)
    const rows = await client().batchApply(keys, MODULE, 'nothing')
    expect(rows.toArray().map(row => [row.resultCode, row.result])).toEqual([
      [0, null],
      [0, null],
    ])
    expect((await client().batchRead(keys)).at(0)?.result).toBeUndefined()
  })

  test('a function that fails tells why, and fails its row alone', async () => {
    const keys = await filled(3)
    const rows = await client().batch([
      batchRow.apply(keys[0] as Key, MODULE, 'add', ['n', 5]),
      batchRow.apply(keys[1] as Key, MODULE, 'fails'),
      batchRow.operate(keys[2] as Key, [op.incr('n', 1), op.read('n')]),
    ])
    expect(rows.toArray().map(row => row.resultCode)).toEqual([0, 100, 0])
    expect(rows.at(1)?.error).toMatchObject({ name: 'UDFError', code: 'UDF', inDoubt: false, key: keys[1] })
    expect(rows.at(1)?.error?.message).toMatch(/as it was asked to/)
    expect(rows.at(1)).toMatchObject({ record: null, result: undefined })
    expect(rows.at(2)?.record?.bins).toEqual({ n: 3 })
    const alone = await client().batchApply([keys[0] as Key], MODULE, 'fails')
    expect(alone.at(0)?.error?.message).toMatch(/as it was asked to/)
  })

  test('a missing function', async () => {
    const rows = await client().batchApply(await filled(2), MODULE, 'none')
    expect(rows.at(0)?.error).toMatchObject({ name: 'UDFError', resultCode: 100 })
  })
})

// A blocking client would block the proxy.
describe('Client', () => {
  test('a policy for its rows goes along with them', async () => {
    await using proxy = await startProxy()
    await using client = await connect({ hosts: proxy.address, seedOnlyCluster: true })
    const keys = newKey.many(2)
    const ttl = 0x0403_0201
    expect((await client.batchApply(keys, MODULE, 'add', ['n', 1], { ttl })).ok).toBe(true)
    await client.batchApply(keys, MODULE, 'add', ['n', 1])
    const written = proxy.sent.map(({ fields }) => fields.get(BATCH_ROWS)?.includes(Buffer.from([4, 3, 2, 1])))
    expect(written).toEqual([true, false])
  })
})
