import { info } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { addUpSets } from '../../lib/cluster/info'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('getNodeNames names the nodes as the server does', async () => {
    const names = client().getNodeNames()
    expect(names).toHaveLength(1)
    expect(names[0]).toMatch(/^[0-9A-F]+$/)
    expect(await client().infoRandomNode('node')).toBe(names[0])
  })

  test('infoAll asks every node', async () => {
    const [node] = client().getNodeNames()
    expect(await client().infoAll('status')).toEqual([{ node, response: 'ok', error: null }])
    const [build] = await client().infoAll('build')
    expect(build?.response).toMatch(/^\d+\.\d+\.\d+/)
  })

  test('infoNode asks one by its name', async () => {
    const [node] = client().getNodeNames()
    expect(await client().infoNode('node', node as string)).toBe(node)
    expect(await client().infoNode('build', node as string)).toBe(await client().infoRandomNode('build'))
  })

  test('an answer with many parts comes whole', async () => {
    const namespaces = await client().infoRandomNode('namespaces')
    expect(namespaces.split(';')).toContain('test')
    const statistics = await client().infoRandomNode('namespace/test')
    expect(statistics).toMatch(/(^|;)objects=\d+/)
  })

  test('a command that the server does not know is its answer', async () => {
    expect(await client().infoRandomNode('nonsense')).toMatch(/^ERROR:/)
    const [answer] = await client().infoAll('nonsense')
    expect(answer?.response).toMatch(/^ERROR:/)
  })

  test('a node that there is not is an error that names those that there are', async () => {
    const [node] = client().getNodeNames()
    await expect(client().infoNode('build', 'NONE')).rejects.toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
    await expect(client().infoNode('build', 'NONE')).rejects.toThrow(/the cluster has no node NONE/)
    await expect(client().infoNode('build', 'NONE')).rejects.toThrow(node)
  })

  test('takes a policy', async () => {
    expect(await client().infoRandomNode('status', { timeout: 5000 })).toBe('ok')
    await expect(client().infoAll('status', { timeout: -1 })).rejects.toThrow(/admin policy.timeout/)
    await expect(client().infoAll('status', { totalTimeout: 5 } as object)).rejects.toThrow(
      /admin policy: unknown option "totalTimeout"/,
    )
  })
})

describe.each(CLIENTS)('facts of the cluster: $name', kind => {
  const client = connectBefore(kind)
  const newKey = keysOf('info-facts')

  test('namespaces, build and features', async () => {
    expect((await client().namespaces()).toSorted()).toEqual(['demo', 'test'])
    expect(await client().build()).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    expect(await client().features()).toContain('batch-any')
  })

  test('sets with their records', async () => {
    const keys = newKey.many(3)
    const set = keys[0]?.set ?? ''
    await Promise.all(keys.map(key => client().put(key, { a: 1 })))
    const mine = (sets: readonly { set: string }[]) => sets.find(one => one.set === set)
    await expect
      .poll(async () => mine(await client().sets('test')))
      .toMatchObject({ namespace: 'test', set, objects: 3, tombstones: 0 })
    expect(mine(await client().sets())).toMatchObject({ namespace: 'test' })
    expect(mine(await client().sets('demo'))).toBeUndefined()
  })

  test('a name that would end the command is refused', async () => {
    expect(await rejection(client().sets('test;build'))).toMatchObject({ name: 'InvalidArgError' })
    expect(await rejection(client().sets('absent'))).toMatchObject({ name: 'ServerError', code: 'INVALID_NAMESPACE' })
  })
})

test('answers are read by their form', () => {
  expect(info.parse('')).toBe('')
  expect(info.parse('8.1.2.0')).toBe('8.1.2.0')
  expect(info.parse('12')).toBe(12)
  expect(info.parse('0123')).toBe('0123')
  expect(info.parse('99999999999999999999')).toBe('99999999999999999999')
  expect(info.parse('test;demo')).toEqual(['test', 'demo'])
  expect(info.parse('a=1;b=x y;c=true;')).toEqual({ a: 1, b: 'x y', c: 'true' })
  expect(info.parse('ns=test:set=a:objects=3;ns=test:set=b:objects=0;')).toEqual([
    { ns: 'test', set: 'a', objects: 3 },
    { ns: 'test', set: 'b', objects: 0 },
  ])
  expect(Object.keys(info.parse('__proto__=1;a=2') as object)).toEqual(['__proto__', 'a'])
  // A name that comes twice would lose a value.
  expect(info.parse('a=1;a=2;b=3')).toEqual(['a=1', 'a=2', 'b=3'])
  expect(() => info.parse(7 as unknown as string)).toThrow(/info\.parse: a string is needed/)
})

test('set names with separators, as other clients write them, are parsed by the field that follows the name', () => {
  const row = (set: string): string =>
    `ns=test:set=${set}:objects=2:tombstones=0:data_used_bytes=64:sindexes=1:truncating=false`
  const names = ['plain', 'a:b', 'a;b', 'ns=test:set=x', 'a=b', '']
  for (const end of ['', ';']) {
    const sets = addUpSets([`${names.map(row).join(';')}${end}`, row('a;b')])
    expect(sets.map(({ set }) => set)).toEqual(names)
    expect(sets.map(({ objects }) => objects)).toEqual([2, 2, 4, 2, 2, 2])
    expect(sets[1]).toEqual({ namespace: 'test', set: 'a:b', objects: 2, tombstones: 0, bytes: 64, indexes: 1 })
  }
  expect(addUpSets([''])).toEqual([])
  // What comes behind a line break is not there.
  expect(() => addUpSets([`${row('a')};ns=test:set=b`])).toThrow(/^sets: a node's list ends within the name of a set/)
})
