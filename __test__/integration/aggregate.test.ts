import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Aggregation } from 'aerospike-napi'
import { connect, filter, type ReadValue } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'
import { until } from '../helpers/until'

const COUNT = 300
const SOURCE = `
function count(s)
  return s:map(function() return 1 end):reduce(function(a, b) return a + b end)
end
function sum(s, bin, least)
  return s
    :filter(function(rec) return least == nil or rec[bin] >= least end)
    :map(function(rec) return rec[bin] end)
    :reduce(math.sum)
end
function groups(s)
  local function add(m, rec)
    m[rec.kind] = (m[rec.kind] or 0) + 1
    return m
  end
  return s:aggregate(map(), add):reduce(function(a, b) return map.merge(a, b, math.sum) end)
end
function average(s, bin)
  local function add(t, rec)
    t.n = t.n + 1
    t.sum = t.sum + rec[bin]
    return t
  end
  return s:aggregate(map{n = 0, sum = 0.0}, add)
    :reduce(function(a, b) return map.merge(a, b, math.sum) end)
    :map(function(t) return t.sum / t.n end)
end
function lists(s)
  return s:map(function(rec) return rec.kind end):groupby(function(kind) return kind end)
    :map(function(m)
      local sizes = list()
      for kind, all in map.pairs(m) do list.append(sizes, kind .. '=' .. list.size(all)) end
      return sizes
    end)
end
function each(s) return s:map(function(rec) return rec.n end) end
function echo(s, ...)
  local given = list{...}
  return s:map(function() return 1 end):reduce(function(a) return a end):map(function() return given end)
end
function fails_here(s)
  return s:map(function() return 1 end):reduce(function(a) return a end)
    :map(function()
      error('it went wrong')
    end)
end
function fails_there(s)
  return s:map(function(rec) return rec.n.x.y end):reduce(math.sum)
end
function no_stream(s) return 7 end
function endless(s)
  return s:map(function() return 1 end):reduce(math.sum)
    :map(function()
      while true do pcall(function() while true do end end) end
    end)
end
function backtracks(s)
  return s:map(function() return 1 end):reduce(math.sum)
    :map(function() return string.find(('a'):rep(40), ('a?'):rep(40) .. ('a'):rep(41)) end)
end
function moves(s)
  return s:map(function() return 1 end):reduce(math.sum)
    :map(function() return table.move({}, 1, math.maxinteger - 1, 2) end)
end
function finalises(s)
  return s:map(function() return 1 end):reduce(math.sum)
    :map(function()
      setmetatable({}, { __gc = function() while true do end end })
      collectgarbage()
      return 1
    end)
end
function hoards(s)
  return s:map(function() return 1 end):reduce(math.sum)
    :map(function()
      local all = {}
      while true do all[#all + 1] = string.rep('x', 1000000) .. #all end
    end)
end
function reaches(s)
  return s:map(function() return 1 end):reduce(math.sum)
    :map(function()
      local no = list()
      for _, name in ipairs{'io', 'dofile', 'loadfile', 'package'} do
        if _G[name] == nil then list.append(no, name) end
      end
      if os.execute == nil and os.exit == nil then list.append(no, 'os') end
      if load('\\27Lua') == nil then list.append(no, 'bytecode') end
      return no
    end)
end
`

/** What an aggregation fails with; the blocking one throws at once. */
const failure = (aggregation: Aggregation): Promise<Error> =>
  rejection((async () => aggregation.results())()) as Promise<Error>

/** How much of a core this process uses, over a tenth of a second. */
async function busy(): Promise<number> {
  const [before, begun] = [process.cpuUsage(), performance.now()]
  // The time that is measured.
  await sleep(100)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / (performance.now() - begun)
}

/**
 * Resolves once this process has used processor time that only a running function can use. It is not a share of a core,
 * because other processes may leave less than one.
 */
async function running(): Promise<void> {
  const before = process.cpuUsage()
  const used = (): number => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  await until(() => used() > 300, { interval: 50 })
}

describe.each(CLIENTS)('$name: aggregations', kind => {
  const client = connectBefore(kind)
  const newKey = keysOf('aggregate')
  const module = `g${randomUUID().slice(0, 8)}`
  const index = `aggregate-${randomUUID().slice(0, 8)}`
  let set: string

  beforeAll(async () => {
    const keys = newKey.many(COUNT)
    set = keys[0]?.set as string
    await Promise.all(keys.map((key, n) => client().put(key, { n, f: n / 2, kind: n % 3 === 0 ? 'fizz' : 'none' })))
    await (await client().udfRegister({ name: `${module}.lua`, source: SOURCE })).wait()
    await (await client().createIndex({ namespace: 'test', set, bin: 'n', index, datatype: 'integer' })).wait()
  })
  afterAll(async () => {
    await client().udfRemove(module)
    await client().dropIndex('test', index)
  })

  const run = (name: string, ...args: (string | number)[]) => client().query('test', set).aggregate(module, name, args)

  test('counts, sums, filters', async () => {
    expect(await run('count').results()).toEqual([COUNT])
    expect(await run('sum', 'n').first()).toBe((COUNT * (COUNT - 1)) / 2)
    expect(await run('sum', 'n', 298).first()).toBe(298 + 299)
    expect(await run('average', 'f').first()).toBeCloseTo((COUNT - 1) / 4, 9)
  })

  test('groups into a map, and what follows the reduce is done', async () => {
    expect(await run('groups').first()).toEqual({ fizz: 100, none: 200 })
    expect(await run('lists').first()).toEqual(['fizz=100', 'none=200'])
  })

  test('one without a reduce gives what each record became, with for await', async () => {
    const seen: ReadValue[] = []
    for await (const value of run('each')) seen.push(value)
    expect(seen.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, n) => n))
  })

  test('arguments arrive in both parts', async () => {
    const args = [1, 2.5, 'ü', true, [1, [2]], { a: { b: 1 } }, 2n ** 60n]
    expect(await client().query('test', set).aggregate(module, 'echo', args).first()).toEqual(args)
  })

  test('of an index, of a filter, of no records', async () => {
    const some = client()
      .query('test', set)
      .where(filter.range('n', 10, 19))
    expect(await some.aggregate(`${module}.lua`, 'count').first()).toBe(10)
    expect(await client().query('test', `${set}-none`).aggregate(module, 'count').results()).toEqual([])
    expect(await client().query('test', `${set}-none`).aggregate(module, 'count').first()).toBeNull()
    const unknown = client()
      .query('test', set)
      .where(filter.range('f', 10, 19))
      .aggregate(module, 'count')
    expect(await failure(unknown)).toMatchObject({ code: 'INDEX_NOT_FOUND' })
  })

  test('a new version of a module is used in both parts', async () => {
    const name = `v${randomUUID().slice(0, 8)}.lua`
    const versions = [1, 2].map(
      n => `function f(s)
      return s:map(function() return ${n} end):reduce(function(a) return a end):map(function(x) return x * 10 + ${n} end)
    end`,
    )
    for (const [at, source] of versions.entries()) {
      await (await client().udfRegister({ name, source })).wait()
      expect(await client().query('test', set).aggregate(name, 'f').first()).toBe((at + 1) * 11)
    }
    await client().udfRemove(name)
  })

  test.each([
    ['a function that fails here', 'fails_here', /:\d+: it went wrong/],
    ['a function that fails on the server', 'fails_there', /:\d+: attempt to index/],
    ['a missing function', 'none', /has no function none/],
    ['a function that gives no stream', 'no_stream', /gives a number, not the stream/],
    ['a function without an end to its memory', 'hoards', /256 MiB|not enough memory/],
  ])('%s is an error', async (_, name, message) => {
    const error = await failure(run(name))
    expect(error).toMatchObject({ name: 'UDFError', code: 'UDF', resultCode: 100 })
    expect(error.message).toMatch(message)
  })

  test('a missing module is an error', async () => {
    const error = await failure(client().query('test', set).aggregate('nowhere-to-be-found', 'f'))
    expect(error).toMatchObject({
      name: 'UDFError',
      code: 'UDF',
      message: expect.stringContaining('nowhere-to-be-found'),
    })
  })

  test('what does not belong to it is refused at once', () => {
    const query = () => client().query('test', set)
    expect(() => query().select('n').aggregate(module, 'count')).toThrow(/takes no select/)
    expect(() => query().partitions(1).aggregate(module, 'count')).toThrow(/takes no partitions/)
    expect(() => query().maxRecords(1).aggregate(module, 'count')).toThrow(/takes no maxRecords/)
    expect(() => query().aggregate('', 'count')).toThrow(/module/)
    expect(() => query().aggregate('a;b', 'count')).toThrow(/module/)
    expect(() => query().aggregate(module, '')).toThrow(/function/)
    expect(() => query().aggregate(module, 'count', 7 as never)).toThrow(/args: a list of values is needed/)
    expect(() => query().aggregate(module, 'count', [() => 1] as never)).toThrow(/args\[0\]/)
  })

  test('a module reaches no files, programs or compiled code', async () => {
    expect(await run('reaches').first()).toEqual(['io', 'dofile', 'loadfile', 'package', 'os', 'bytecode'])
  })

  test('one that never ends is ended by its timeout, and others go on', async () => {
    const endless = Array.from({ length: kind.name === 'Client' ? 8 : 1 }, () =>
      failure(client().query('test', set).aggregate(module, 'endless', [], { totalTimeout: 500 })),
    )
    expect(await run('count').first()).toBe(COUNT)
    for (const error of await Promise.all(endless)) expect(error).toMatchObject({ code: 'TIMEOUT' })
    expect(await run('count').first()).toBe(COUNT)
  })

  // The functions of Lua's own libraries that loop in C, where no hook reaches them.
  test.each(['backtracks', 'moves'])(
    'one that %s without an end is ended, and leaves nothing that runs',
    async name => {
      const error = await failure(client().query('test', set).aggregate(module, name, [], { totalTimeout: 300 }))
      expect(error).toMatchObject({ code: 'TIMEOUT' })
      await until(async () => (await busy()) < 0.5)
    },
  )

  test('finalisers are not run: nothing could end them', async () => {
    expect(await client().query('test', set).aggregate(module, 'finalises', []).results()).toEqual([1])
  })

  test('leaving early ends it', async () => {
    for (let round = 0; round < 20; round++) {
      for await (const value of run('each')) {
        expect(typeof value).toBe('number')
        break
      }
    }
    expect(await run('count').first()).toBe(COUNT)
  })
})

/** What lists and maps do, in words. */
const COLLECTIONS = `
local function tried()
  local out = list()
  local function say(...)
    for _, value in ipairs{...} do list.append(out, value) end
  end
  local l = list{1, 2, 3}
  list.append(l, 'x')
  list.prepend(l, 0)
  list.insert(l, 2, 9)
  say(list.clone(l), #l, list.size(l), l[1], l[4])
  list.remove(l, 1)
  say(list.clone(l))
  l[2] = 'y'
  say(list.clone(l), list.take(l, 2), list.drop(l, 2), list.take(l, 99), list.drop(l, 99))
  list.trim(l, 3)
  say(list.clone(l), list.merge(l, list{7}))
  list.concat(l, list{5, 6})
  say(list.clone(l))
  local n = 0
  for value in list.iterator(list{1, 2, 3}) do n = n * 10 + value end
  say(n, tostring(list{1, 'a'}), tostring(map{a = 1}))
  local m = map{b = 2, a = 1}
  m.c = 3
  m[1.5] = 'no'
  m[7] = 'seven'
  say(map.size(m), #m, map.clone(m), m.a, m[7])
  map.remove(m, 'b')
  say(map.clone(m))
  local keys, values = list(), list()
  for key in map.keys(map{a = 1, [3] = 2}) do list.append(keys, key) end
  for value in map.values(map{a = 1, [3] = 2}) do list.append(values, value) end
  say(keys, values)
  for key, value in map.pairs(map{a = 1, b = 2}) do say(key .. value) end
  say(map.merge(map{a = 1, b = 2}, map{b = 3, c = 4}), map.merge(map{a = 1, b = 2}, map{b = 3}, math.sum))
  say(map.diff(map{a = 1, b = 2}, map{b = 3, c = 4}))
  say(math.product(3, 4), list.size(list.create(4)), map.size(map.create(4)))
  return out
end
function there(rec) return tried() end
function here(s) return s:map(function() return 1 end):reduce(math.sum):map(function() return tried() end) end
`

describe('Client: aggregations', () => {
  const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[number])

  test('a signal ends one that never ends', async () => {
    const [key] = keysOf('aggregate-abort').many(1)
    const name = `s${randomUUID().slice(0, 8)}.lua`
    await client().put(key as never, { n: 1 })
    await (await client().udfRegister({ name, source: SOURCE })).wait()
    const control = new AbortController()
    const set = key?.set as string
    const waiting = failure(client().query('test', set).aggregate(name, 'endless', [], { signal: control.signal }))
    await running()
    control.abort()
    expect(await waiting).toMatchObject({ name: 'AbortError' })
    expect(await client().query('test', set).aggregate(name, 'count').first()).toBe(1)
    await client().udfRemove(name)
  })

  test.each(['an abort', 'closing'])('%s ends a pattern that backtracks without an end', async how => {
    const [key] = keysOf('aggregate-end').many(1)
    const name = `b${randomUUID().slice(0, 8)}.lua`
    await client().put(key as never, { n: 1 })
    await (await client().udfRegister({ name, source: SOURCE })).wait()
    const other = await CLIENTS[0]?.connect()
    const control = new AbortController()
    const query = other?.query('test', key?.set as string).aggregate(name, 'backtracks', [], { signal: control.signal })
    const waiting = failure(query as Aggregation)
    await running()
    if (how === 'closing') await other?.close()
    else control.abort()
    expect(await waiting).toMatchObject({ name: how === 'closing' ? 'ClientError' : 'AbortError' })
    await until(async () => (await busy()) < 0.5)
    await other?.close()
    await client().udfRemove(name)
  })

  test('lists and maps are here what they are on the server', async () => {
    const [key] = keysOf('aggregate-lists').many(1)
    const name = `t${randomUUID().slice(0, 8)}`
    await client().put(key as never, { n: 1 })
    await (await client().udfRegister({ name: `${name}.lua`, source: COLLECTIONS })).wait()
    const there = await client().apply(key as never, name, 'there')
    expect(there).toHaveLength(33)
    expect(await client().query('test', key?.set).aggregate(name, 'here').first()).toEqual(there)
    await client().udfRemove(name)
  })

  test('a module may require another', async () => {
    const [key] = keysOf('aggregate-require').many(1)
    await client().put(key as never, { n: 1 })
    const [used, user] = [`u${randomUUID().slice(0, 8)}`, `w${randomUUID().slice(0, 8)}`]
    const sources = {
      [used]: 'local m = {} function m.twice(n) return n * 2 end return m',
      [user]: `local m = require('${used}')
        function f(s) return s:map(function() return 1 end):reduce(math.sum):map(m.twice) end`,
    }
    for (const [name, source] of Object.entries(sources)) {
      await (await client().udfRegister({ name: `${name}.lua`, source })).wait()
    }
    expect(await client().query('test', key?.set).aggregate(user, 'f').first()).toBe(2)
    for (const name of [user, used]) await client().udfRemove(name)
  })
})

describe('a cluster of three nodes', () => {
  test('counts what all of them have; a node that is lost is an error, never a smaller count', async () => {
    await using server = await LocalServer.start({ nodes: 3, namespaces: ['test'] })
    await using client = await connect({ hosts: server.address, totalTimeout: 10_000 })
    const records = Array.from({ length: 2000 }, (_, n) => ({
      key: ['test', 'three', n] as const,
      bins: { n, kind: `${n % 2}` },
    }))
    await client.batchWrite(records.map(({ key, bins }) => ({ key: [...key], bins })))
    await (await client.udfRegister({ name: 'three.lua', source: SOURCE })).wait()
    const query = client.query('test', 'three')
    expect(await query.aggregate('three', 'sum', ['n']).first()).toBe(1999 * 1000)
    expect(await query.aggregate('three', 'groups').first()).toEqual({ 0: 1000, 1: 1000 })
    const counts = Array.from({ length: 200 }, () =>
      query.aggregate('three', 'count', [], { totalTimeout: 5000 }).first(),
    )
    await server.nodes[2]?.stop()
    for (const count of await Promise.allSettled(counts)) {
      if (count.status === 'fulfilled') expect(count.value).toBe(2000)
      else expect(['CLUSTER', 'TIMEOUT']).toContain(count.reason.code)
    }
  })
})
