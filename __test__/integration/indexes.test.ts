import { randomUUID } from 'node:crypto'
import { CdtContext, exp, type IndexOptions, Task, TaskSync } from 'aerospike-napi'
import { afterAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const newKey = keysOf('indexes')
const { set } = newKey()
const made: string[] = []

function name(): string {
  const index = `idx-${randomUUID().slice(0, 13)}`
  made.push(index)
  return index
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  afterAll(() => Promise.allSettled(made.splice(0).map(index => client().indexRemove('test', index))))

  const find = async (index: string) => (await client().indexList('test')).find(one => one.index === index)

  test.each(['integer', 'numeric', 'string', 'blob', 'geo2dsphere'] as const)('an index on %s', async datatype => {
    const index = name()
    const task = await client().createIndex({ ns: 'test', set, bin: 'a', index, datatype })
    expect(task).toBeInstanceOf(kind.name === 'Client' ? Task : TaskSync)
    await task.wait()
    expect(await task.status()).toEqual({ done: true, progress: 100 })
    expect(await task.progress()).toBe(100)
    expect(await find(index)).toMatchObject({
      ns: 'test',
      set,
      index,
      bin: 'a',
      datatype: datatype === 'integer' ? 'numeric' : datatype,
      type: 'default',
      state: 'RW',
    })
    await (await client().indexRemove('test', index)).wait()
    expect(await find(index)).toBeUndefined()
  })

  test.each(['list', 'mapkeys', 'mapvalues'] as const)('an index on %s', async type => {
    const index = name()
    await (await client().createIndex({ ns: 'test', set, bin: 'a', index, datatype: 'string', type })).wait()
    expect(await find(index)).toMatchObject({ bin: 'a', datatype: 'string', type })
  })

  test('of one type by its own method, and by the names of aerospike-py', async () => {
    const [i, s, b, g] = [name(), name(), name(), name()] as const
    await (await client().createIntegerIndex({ ns: 'test', set, bin: 'i', index: i })).wait()
    await (await client().createStringIndex({ ns: 'test', set, bin: 's', index: s })).wait()
    await (await client().createBlobIndex({ ns: 'test', set, bin: 'b', index: b })).wait()
    await (await client().createGeo2DSphereIndex({ ns: 'test', set, bin: 'g', index: g })).wait()
    for (const index of [i, s, b, g]) await (await client().indexRemove('test', index)).wait()
    await (await client().indexIntegerCreate('test', set, 'i', i)).wait()
    await (await client().indexStringCreate('test', set, 's', s)).wait()
    await (await client().indexBlobCreate('test', set, 'b', b)).wait()
    await (await client().indexGeo2dsphereCreate('test', set, 'g', g)).wait()
    const types = await Promise.all([i, s, b, g].map(async index => (await find(index))?.datatype))
    expect(types).toEqual(['numeric', 'string', 'blob', 'geo2dsphere'])
  })

  test('with a context, on an expression, and of a set', async () => {
    const [context, expression, whole] = [name(), name(), name()] as const
    const inside = new CdtContext().addMapKey('orders').addListIndex(0)
    await (
      await client().createIndex({ ns: 'test', set, bin: 'm', index: context, datatype: 'integer', context: inside })
    ).wait()
    const sum = exp.add(exp.binInt('a'), exp.binInt('b'))
    await (await client().createIndex({ ns: 'test', set, exp: sum, index: expression, datatype: 'integer' })).wait()
    await (await client().createSetIndex({ ns: 'test', set, index: whole })).wait()
    expect(await find(context)).toMatchObject({ bin: 'm' })
    expect(await find(expression)).toMatchObject({ bin: null, datatype: 'numeric' })
    expect(await find(whole)).toMatchObject({ bin: null, set })
  })

  test('that exists already, and that does not, are errors', async () => {
    const index = name()
    const options: IndexOptions = { ns: 'test', set, bin: 'a', index, datatype: 'integer' }
    await (await client().createIndex(options)).wait()
    expect(await rejection(client().createIndex(options))).toMatchObject({
      name: 'IndexFoundError',
      code: 'INDEX_FOUND',
      resultCode: 200,
    })
    expect(await rejection(client().createIndex({ ...options, bin: 'b' }))).toMatchObject({ code: 'INDEX_FOUND' })
    expect(await rejection(client().indexRemove('test', `no-${index}`))).toMatchObject({
      name: 'IndexNotFound',
      code: 'INDEX_NOT_FOUND',
      resultCode: 201,
    })
  })

  test('of an unknown namespace is an error', async () => {
    const options = { ns: 'no-such-ns', set, bin: 'a', index: 'x', datatype: 'integer' } as const
    const unknown = { name: 'ServerError', resultCode: 20, message: expect.stringMatching(/no namespace no-such-ns/) }
    expect(await rejection(client().createIndex(options))).toMatchObject(unknown)
    expect(await rejection(client().indexRemove('no-such-ns', 'x'))).toMatchObject(unknown)
  })

  test('what makes no index is refused by name', async () => {
    const good = { ns: 'test', set, bin: 'a', index: 'x', datatype: 'integer' } as const
    const refused = async (options: object): Promise<string> =>
      ((await rejection(client().createIndex(options as IndexOptions))) as Error).message
    expect(await refused({ ...good, ns: '' })).toMatch(/^index\.ns: a name is needed/)
    expect(await refused({ ...good, set: 'a;b' })).toMatch(/^index\.set: "a;b" contains ";"/)
    expect(await refused({ ...good, index: undefined })).toMatch(/^index\.index: a name is needed/)
    expect(await refused({ ...good, bin: 'a name of more than 15 bytes' })).toMatch(/^index\.bin: .*longer than 15/)
    expect(await refused({ ...good, bin: undefined })).toMatch(/either a bin or an expression/)
    expect(await refused({ ...good, exp: exp.int(1) })).toMatch(/not both/)
    expect(await refused({ ...good, datatype: 0 })).toMatch(/^index\.datatype: one of 'integer'/)
    expect(await refused({ ...good, datatype: undefined })).toMatch(/^index\.datatype/)
    expect(await refused({ ...good, type: 'set' })).toMatch(/^index\.type/)
    expect(await refused({ ...good, context: 'x' })).toMatch(/^index\.context: a CdtContext/)
    expect(await refused({ ...good, colour: 1 })).toMatch(/unknown option "colour"/)
    expect(await refused({ ns: 'test', exp: 1, index: 'x', datatype: 'string' })).toMatch(/^index\.exp: an expression/)
    expect(await rejection(client().indexRemove('test', ''))).toMatchObject({ name: 'InvalidArgError' })
  })
})

test('waiting can be aborted and has its own limits', async () => {
  const client = await CLIENTS[0]?.connect()
  if (client === undefined) throw new Error('no client')
  const task = new Task('a task', async () => ({ done: false, progress: 7 }))
  expect(await rejection(task.wait({ timeout: 20 }))).toMatchObject({
    code: 'TIMEOUT',
    message: 'a task is at 7 %, and goes on; the wait for it is over',
  })
  const controller = new AbortController()
  const waiting = rejection(task.wait({ signal: controller.signal }))
  controller.abort(new Error('enough'))
  expect(await waiting).toMatchObject({ name: 'AbortError', cause: controller.signal.reason })
  expect(await rejection(task.wait({ interval: -1 }))).toMatchObject({ name: 'InvalidArgError' })
  expect(await rejection(task.wait({ patience: 1 } as object))).toMatchObject({ name: 'InvalidArgError' })
  const failing = new Task('b', async () => {
    throw new Error('it failed')
  })
  expect(await rejection(failing.wait())).toMatchObject({ message: 'it failed' })
  await client.close()
})
