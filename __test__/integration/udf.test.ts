import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Task, TaskSync, UdfSource, Value } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('udf')
const SOURCE = `
function echo(rec, value) return value end
function add(rec, bin, n)
  rec[bin] = (rec[bin] or 0) + n
  if aerospike:exists(rec) then aerospike:update(rec) else aerospike:create(rec) end
  return rec[bin]
end
function nothing(rec) end
function there(rec) return aerospike:exists(rec) end
function fails(rec)
  error('it went wrong')
end
`

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const module = `m${randomUUID().slice(0, 8)}`
  const made = [module]
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'udf-'))
    await (await client().udfRegister({ name: `${module}.lua`, source: SOURCE })).wait()
  })
  afterAll(async () => {
    for (const name of made) await client().udfRemove(name)
    await rm(folder, { recursive: true })
  })

  test('a module is listed, read and removed', async () => {
    const name = `m${randomUUID().slice(0, 8)}.lua`
    made.push(name)
    await client().udfPut({ name, source: Buffer.from(SOURCE) })
    expect(await client().udfList()).toContainEqual({
      name,
      hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      type: 'LUA',
    })
    expect(await client().udfGet(name)).toBe(SOURCE)
    expect(await client().udfGet(name.slice(0, -4))).toBe(SOURCE)
    await (await client().udfRemove(name.slice(0, -4))).wait()
    expect((await client().udfList()).map(one => one.name)).not.toContain(name)
    expect(await rejection(client().udfGet(name))).toMatchObject({ name: 'UDFError', code: 'UDF', resultCode: 100 })
    await (await client().udfRemove(name)).wait()
  })

  test('udfPut takes the arguments of aerospike-py, and waits as it does', async () => {
    const name = `p${randomUUID().slice(0, 8)}.lua`
    made.push(name)
    const source = { name, source: SOURCE }
    const key = newKey()
    await client().put(key, { a: 1 })
    for (const args of [[], [0], [0, { timeout: 5000 }], [0, null], [{ timeout: 5000 }], [null]]) {
      const put = client().udfPut as (...args: unknown[]) => Promise<Task | TaskSync>
      const task = await put.call(client(), source, ...args)
      expect(await task.status()).toEqual({ done: true, progress: 100 })
      expect(await client().udfGet(name)).toBe(SOURCE)
      await client().udfRemove(name, { wait: true })
    }
    const other = rejection(client().udfPut(source, 1 as 0))
    expect(await other).toMatchObject({
      name: 'InvalidArgError',
      message: 'udfPut: udfType: 0 is needed, which is Lua, the only language; not 1',
    })
  })

  test('a name may contain commas', async () => {
    const name = `m,a ${randomUUID().slice(0, 8)},b.lua`
    made.push(name)
    await (await client().udfRegister({ name, source: SOURCE })).wait()
    const hash = expect.stringMatching(/^[0-9a-f]{40}$/)
    expect(await client().udfList()).toContainEqual({ name, hash, type: 'LUA' })
    expect(await client().udfGet(name)).toBe(SOURCE)
    const key = newKey()
    await client().put(key, { n: 1 })
    expect(await client().apply(key, name, 'add', ['n', 3])).toBe(4)
    await (await client().udfRemove(name)).wait()
    expect((await client().udfList()).map(one => one.name)).not.toContain(name)
  })

  test('a module comes from a file', async () => {
    const name = `f${randomUUID().slice(0, 8)}.lua`
    made.push(name)
    const path = join(folder, name)
    await writeFile(path, 'function one(rec) return 1 end')
    await (await client().udfRegister(path)).wait()
    expect(await client().apply(newKey(), name, 'one')).toBe(1)
    await writeFile(path, 'function one(rec) return 2 end')
    await (await client().udfRegister(pathToFileURL(path))).wait()
    expect(await client().udfGet(name)).toContain('return 2')
  })

  test.each<[string, Value]>([
    ['an integer', 7],
    ['a big integer', 2n ** 62n],
    ['a double', 1.5],
    ['a string', 'grüße'],
    ['a boolean', true],
    ['bytes', Buffer.of(1, 2, 255)],
    ['a list', [1, 'two', [3]]],
    ['a map', { a: 1, b: { c: [2] } }],
  ])('a function takes and gives %s', async (_, value) => {
    expect(await client().apply(newKey(), module, 'echo', [value])).toEqual(value)
  })

  test('a function changes a record', async () => {
    const key = newKey()
    expect(await client().apply(key, module, 'add', ['n', 2])).toBe(2)
    expect(await client().apply(key, `${module}.lua`, 'add', ['n', 3])).toBe(5)
    expect((await client().get(key)).bins).toEqual({ n: 5 })
    expect(await client().apply(key, module, 'nothing')).toBeNull()
    expect(await client().apply(key, module, 'there', [])).toBe(true)
  })

  test('a record gets the TTL of the policy, in a call and in a batch', async () => {
    const [called, batched] = [newKey(), newKey()]
    await client().apply(called, module, 'add', ['n', 1], { ttl: 4321 })
    expect((await client().batchApply([batched], module, 'add', ['n', 1], { ttl: 4321 })).ok).toBe(true)
    for (const key of [called, batched]) {
      const { ttl } = await client().get(key)
      expect(ttl).toBeLessThanOrEqual(4321)
      expect(ttl).toBeGreaterThan(4261)
    }
  })

  test('a failure tells message and line', async () => {
    const error = await rejection(client().apply(newKey(), module, 'fails'))
    expect(error).toMatchObject({ name: 'UDFError', code: 'UDF', resultCode: 100 })
    expect((error as Error).message).toMatch(new RegExp(`${module}.lua:11: it went wrong`))
  })

  test('a missing module is an error', async () => {
    const key = newKey()
    expect(await rejection(client().apply(key, module, 'no_such'))).toMatchObject({ name: 'UDFError', key })
    expect(await rejection(client().apply(key, 'no_such_module', 'f'))).toMatchObject({ name: 'UDFError' })
    const long = 'x'.repeat(128)
    expect(await rejection(client().apply(key, long, 'f'))).toMatchObject({ name: 'InvalidArgError', resultCode: 4 })
    expect(await rejection(client().apply(key, module, long))).toMatchObject({ name: 'InvalidArgError', resultCode: 4 })
  })

  test('a module that does not compile is refused with its line and reason', async () => {
    const source = 'function f(rec)\n  return 1 +\nend'
    const error = await rejection(client().udfRegister({ name: 'bad.lua', source }))
    expect(error).toMatchObject({ name: 'UDFError', code: 'UDF' })
    expect((error as Error).message).toMatch(/^bad\.lua:\d+: .*near/)
  })

  test('what is no module, function or argument is refused by name', async () => {
    const message = async (module: unknown): Promise<string> =>
      ((await rejection(client().udfRegister(module as UdfSource))) as Error).message
    expect(await message({ name: 'x.py', source: 'x' })).toMatch(/module\.name: the name of a Lua module ends in \.lua/)
    expect(await message({ name: 'x.lua', source: 1 })).toMatch(/module\.source: a string or bytes/)
    expect(await message({ name: 'x.lua', source: '' })).toMatch(/is empty/)
    expect(await message({ name: 'x;y.lua', source: 'x' })).toMatch(/contains ";"/)
    expect(await message({ name: 'x.lua', source: 'x', language: 1 })).toMatch(/unknown option "language"/)
    expect(await message(join(folder, 'none.lua'))).toMatch(/none\.lua cannot be read: ENOENT/)
    expect(await message(join(folder, 'none.js'))).toMatch(/ends in \.lua/)
    expect(await message(null)).toMatch(/an object is needed/)
    const key = newKey()
    const wrong = async (...args: unknown[]): Promise<string> =>
      ((await rejection(client().apply(key, ...(args as [string, string, Value[]])))) as Error).message
    expect(await wrong('', 'f')).toMatch(/^apply: module/)
    expect(await wrong(module, '')).toMatch(/^apply: fn/)
    expect(await wrong(module, 'echo', 'x')).toMatch(/^apply: args: a list/)
    expect(await wrong(module, 'echo', [undefined])).toMatch(/args\[0\]/)
  })
})
