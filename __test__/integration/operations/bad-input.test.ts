/** What builders or the server refuse: the class of the error, what it names, and that the record stays as it was. */
import {
  type AerospikeError,
  bits,
  CdtContext,
  Double,
  exp,
  HyperLogLog,
  hll,
  InvalidArgError,
  infinity,
  lists,
  maps,
  type Operation,
  op,
  paths,
  type Value,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, rejection } from '../../helpers/clients'
import { BIN_TYPE, benchOf, failure, NOT_APPLICABLE, PARAMETER } from '../../helpers/operations'

/** What the types refuse already. */
const wrong = (value: unknown): never => value as never
const ELEMENT_EXISTS = failure('RecordError', 'ELEMENT_EXISTS')
const ELEMENT_NOT_FOUND = failure('RecordError', 'ELEMENT_NOT_FOUND')

const BINS: { [bin: string]: Value } = {
  l: [1, 2, 3],
  m: { a: 1, b: 2 },
  b: Buffer.from([1, 2]),
  s: 'text',
  n: 1,
  nested: { list: [{ x: 1 }] },
}

/** What no builder makes: the message names the builder and its argument. */
const BY_BUILDERS: readonly (readonly [message: string, build: () => Operation])[] = [
  ['lists.append: policy: writeFlags', () => lists.append('l', 1, { writeFlags: 16 })],
  ['lists.sort: sortFlags', () => lists.sort('l', 4)],
  ['maps.put: policy: writeFlags', () => maps.put('m', 'a', 1, { writeFlags: 32 })],
  ['CREATE_ONLY and UPDATE_ONLY cannot be combined', () => maps.put('m', 'a', 1, { writeFlags: 3 })],
  ['writeFlags and writeMode cannot be combined', () => maps.put('m', 'a', 1, { writeFlags: 1, writeMode: 'update' })],
  ['CREATE_ONLY and UPDATE_ONLY cannot be combined', () => hll.init('h', 8, undefined, { writeFlags: 3 })],
  ['CREATE_ONLY and UPDATE_ONLY cannot be combined', () => bits.not('b', 0, 8, { writeFlags: 3 })],
  ['GROW_ONLY and SHRINK_ONLY cannot be combined', () => bits.resize('b', 4, ['grow-only', 'shrink-only'])],
  ['CREATE_ONLY and UPDATE_ONLY', () => exp.operations.write('n', exp.int(1), 3)],
  ['exp.operations.read: flags', () => exp.operations.read('n', exp.int(1), 1)],
  ['paths.selectByPath: flags', () => paths.selectByPath('m', 64, ctx => ctx.addAllChildren())],
  ['lists.appendItems: values: at least one item', () => lists.appendItems('l', [])],
  ['lists.insertItems: values: at least one item', () => lists.insertItems('l', 0, [])],
  ['hll.getUnion: list: at least one item', () => hll.getUnion('h', [])],
  ['hll.setUnion: list: at least one item', () => hll.setUnion('h', [])],
  ['lists.set: value: a value other than null', () => lists.set('l', 0, null)],
  ['maps.put: key', () => maps.put('m', wrong(null), 1)],
  ['maps.getByKey: key', () => maps.getByKey('m', wrong(null))],
  ['lists.getByValueList: values', () => lists.getByValueList('l', wrong(null))],
  ['hll.getUnion: list', () => hll.getUnion('h', wrong([null]))],
  ['returnType', () => lists.getByIndex('l', 0, wrong(null))],
  ['returnType', () => lists.getByIndex('l', 0).andReturn(wrong(lists.returnType.INVERTED_VALUE))],
  ['lists.get: index', () => lists.get('l', 0.5)],
  ['lists.get: index', () => lists.get('l', wrong(2n ** 64n))],
  ['lists.increment: by', () => lists.increment('l', 0, 1.5)],
  ['maps.increment: by: an integer is needed, not 0.5', () => maps.increment('m', 'a', 0.5)],
  ['maps.decrement: by: an integer is needed, not -1.5', () => maps.decrement('m', 'a', -1.5)],
  ['maps.increment: by: a finite number is needed, not NaN', () => maps.increment('m', 'a', Number.NaN)],
  ['maps.decrement: by: a finite number', () => maps.decrement('m', 'a', Double(Number.POSITIVE_INFINITY))],
  [
    'increment: value: an integer is needed, not 0.5',
    () => exp.operations.write('m', exp.maps.increment(exp.mapBin('m'), 0.5, 'a')),
  ],
  [
    'increment: value: an integer is needed, not 0.5',
    () => exp.operations.write('l', exp.lists.increment(exp.listBin('l'), 0.5, 0)),
  ],
  ['bits.get: bitSize', () => bits.get('b', 0, -1)],
  ['withContext: a CdtContext', () => lists.size('l').withContext(wrong(['a']))],
  ['paths.selectValues: path: at least one level', () => paths.selectValues('m', new CdtContext())],
  [
    'exp.eq: right: an expression of type int',
    () => exp.operations.read('x', exp.eq(exp.binInt('n'), wrong(exp.str('1')))),
  ],
  ['"x"', () => exp.operations.read('x', exp.var('x'))],
  ['"x"', () => paths.modify('l', exp.add(exp.var('x'), 1), ctx => ctx.addAllChildren())],
  ['exp.fromBase64: the string "%" is not base64', () => exp.operations.read('x', exp.fromBase64('%'))],
  ['exp.fromBase64', () => exp.operations.read('x', exp.fromBase64(Buffer.from([0x93, 0x51]).toString('base64')))],
  ['CdtContext.fromBase64', () => lists.size('l').withContext(CdtContext.fromBase64('????'))],
  ['256', () => exp.operations.read('x', nots(300))],
]

function nots(depth: number): ReturnType<typeof exp.not> {
  let expression = exp.eq(exp.binInt('n'), 1)
  for (let level = 0; level < depth; level++) expression = exp.not(expression)
  return expression
}

/** What is refused where it is written: the message names the operation and its bin. */
const BY_WRITER: readonly (readonly [message: string, build: () => Operation])[] = [
  [
    'ops[1]: bin l: ',
    () =>
      lists.append(
        'l',
        wrong(() => 1),
      ),
  ],
  ['ops[1]: bin l: ', () => lists.append('l', wrong(new Date(0)))],
  ['ops[1]: bin l: ', () => lists.append('l', nestedLists(300))],
  ['ops[1]: a bin name is empty', () => lists.size(wrong(''))],
  ['ops[1]: the bin name ', () => lists.size('a-bin-name-of-19-b')],
  ['ops[1]: bin s', () => op.incr('s', wrong('1'))],
  ['ops[1].op', () => wrong({ op: 99, bin: 'l' })],
  ['ops[1]', () => wrong(null)],
]

function nestedLists(depth: number): Value {
  let value: Value = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

/** What the server refuses, and with which error. */
const BY_SERVER: readonly (readonly [name: string, operation: Operation, error: object])[] = [
  ['a list operation on a map', lists.append('m', 1), BIN_TYPE],
  ['a list operation on a string', lists.size('s'), BIN_TYPE],
  ['a map operation on a list', maps.put('l', 'a', 1), BIN_TYPE],
  ['a map operation on an integer', maps.size('n'), BIN_TYPE],
  ['a bit operation on a string', bits.not('s', 0, 8), BIN_TYPE],
  ['a HyperLogLog operation on bytes', hll.getCount('b'), BIN_TYPE],
  ['incr of a string', op.incr('s', 1), BIN_TYPE],
  ['incr of an integer by a double', op.incr('n', Double(1)), BIN_TYPE],
  ['append to an integer', op.append('n', 'x'), BIN_TYPE],
  ['an index out of range', lists.get('l', 3), NOT_APPLICABLE],
  ['a negative index out of range', lists.pop('l', -4), NOT_APPLICABLE],
  ['a rank out of range', lists.getByRank('l', 5), NOT_APPLICABLE],
  ['an index of a map out of range', maps.removeByIndex('m', 5), NOT_APPLICABLE],
  ['bits out of range', bits.get('b', 0, 100), NOT_APPLICABLE],
  ['bits to write out of range', bits.setInt('b', 14, 8, 1), NOT_APPLICABLE],
  ['a sum of bits that overflows', bits.add('b', 0, 8, 255), NOT_APPLICABLE],
  [
    'create-only on a key that is there',
    maps.put('m', 'a', 9, { writeFlags: maps.writeFlags.CREATE_ONLY }),
    ELEMENT_EXISTS,
  ],
  ['create-only in a word', maps.putItems('m', { a: 9 }, { writeMode: 'create-only' }), ELEMENT_EXISTS],
  [
    'update-only on a key that is not',
    maps.put('m', 'z', 9, { writeFlags: maps.writeFlags.UPDATE_ONLY }),
    ELEMENT_NOT_FOUND,
  ],
  [
    'a value that a list has already',
    lists.append('l', 1, { writeFlags: lists.writeFlags.ADD_UNIQUE }),
    ELEMENT_EXISTS,
  ],
  [
    'insertion beyond a bounded list',
    lists.insert('l', 9, 1, { writeFlags: lists.writeFlags.INSERT_BOUNDED }),
    NOT_APPLICABLE,
  ],
  [
    'create-only of a bin that is there',
    exp.operations.write('n', exp.int(5), exp.expWriteFlags.CREATE_ONLY),
    failure('BinExistsError', 'BIN_EXISTS'),
  ],
  [
    'update-only of a bin that is not',
    exp.operations.write('z', exp.int(5), exp.expWriteFlags.UPDATE_ONLY),
    failure('BinNotFoundError', 'BIN_NOT_FOUND'),
  ],
  ['a context on a missing key', lists.append('nested', 1).withContext(ctx => ctx.addMapKey('none')), NOT_APPLICABLE],
  [
    'a context on a missing index',
    maps.put('nested', 'k', 1).withContext(ctx => ctx.addMapKey('list').addListIndex(4)),
    NOT_APPLICABLE,
  ],
  [
    'a context into a scalar',
    lists.append('nested', 1).withContext(ctx => ctx.addMapKey('list').addListIndex(0).addMapKey('x').addListIndex(0)),
    NOT_APPLICABLE,
  ],
  [
    'a list operation on a nested map',
    lists.append('nested', 1).withContext(ctx => ctx.addMapKey('list').addListIndex(0)),
    BIN_TYPE,
  ],
  [
    'an increment of what is no number',
    lists.increment('nested', 0, 1).withContext(ctx => ctx.addMapKey('list')),
    PARAMETER,
  ],
  ['an expression whose bin is not there', exp.operations.read('x', exp.add(exp.binInt('none'), 1)), NOT_APPLICABLE],
  ['an expression whose bin has another type', exp.operations.write('x', exp.binInt('s')), NOT_APPLICABLE],
  [
    'an expression of types that only the server tells',
    exp.operations.read(
      'x',
      exp.fromBase64(exp.eq(exp.fromBase64(exp.str('a').toBase64()), exp.binInt('n')).toBase64()),
    ),
    PARAMETER,
  ],
  [
    'a variable that only the server can tell to be unbound',
    exp.operations.read('x', exp.fromBase64(exp.eq(exp.var('x'), 1).toBase64())),
    PARAMETER,
  ],
  [
    'an invalid regular expression',
    exp.operations.read('x', exp.cmpRegex(exp.regexFlags.EXTENDED, '(', exp.binStr('s'))),
    PARAMETER,
  ],
  ['an invalid HyperLogLog', hll.setUnion('h', [new HyperLogLog(Buffer.from('none'))]), PARAMETER],
  ['infinity as a value that is stored', maps.put('m', 'k', wrong(infinity())), PARAMETER],
  ['index bits beyond the limit', hll.init('h', 17), PARAMETER],
]

describe.each(CLIENTS)('$name', kind => {
  const { client, record, refused } = benchOf(kind, 'op-bad-input')

  test.each(BY_BUILDERS)('a builder refuses: %s', (message, build) => {
    expect(build).toThrow(InvalidArgError)
    expect(build).toThrow(message)
  })

  test.each(BY_WRITER)('nothing is sent: %s', async (message, build) => {
    const error = await refused(BINS, op.write('n', 2), build())
    const named = { name: 'BinNameError', code: 'BIN_NAME', attempts: 0 }
    const invalid = { name: 'InvalidArgError', code: 'INVALID_ARGUMENT', attempts: 0 }
    expect(error).toMatchObject(/bin name/.test(message) ? named : invalid)
    expect(error.message).toContain(message)
  })

  test.each(BY_SERVER)('the server refuses %s', async (_, operation, wanted) => {
    // What stands before it is not carried out either.
    const error = await refused(BINS, op.write('before', 2), operation)
    expect(error).toMatchObject(wanted)
  })

  test('an error about a bin names it', async () => {
    const key = await record(BINS)
    const failing = async (...operations: Operation[]) =>
      ((await rejection(client().operate(key, operations))) as AerospikeError).message
    expect(await failing(op.write('n', 5), op.read('s'), lists.append('m', 1))).toBe(
      `Bin type error (operate ${key}: bin m)`,
    )
    expect(await failing(lists.append('l', 1), maps.put('l', 'a', 1), op.incr('s', 1))).toBe(
      `Bin type error (operate ${key}: one of the bins l, s)`,
    )
    expect(await failing(lists.get('l', 9))).toBe(`Operation not applicable (operate ${key}: bin l)`)
    const ordered = (await rejection(client().operateOrdered(key, [maps.size('l')]))) as AerospikeError
    expect(ordered.message).toBe(`Bin type error (operateOrdered ${key}: bin l)`)
    const single = (await rejection(client().increment(key, 's', 1))) as AerospikeError
    expect(single.message).toMatch(/^Bin type error; only an integer can be added to an integer/)
    expect(single.message).toContain(`(increment ${key}: bin s)`)
  })

  test('filters that make no sense are refused, and the record is neither read nor written', async () => {
    const key = await record(BINS)
    const invalid = exp.cmpRegex(exp.regexFlags.EXTENDED, '(', exp.binStr('s'))
    const unbound = exp.fromBase64(exp.eq(exp.var('x'), 1).toBase64())
    for (const filterExpression of [invalid, unbound]) {
      await expect(client().get(key, { filterExpression })).rejects.toMatchObject(PARAMETER)
      await expect(client().put(key, { n: 2 }, null, { filterExpression })).rejects.toMatchObject(PARAMETER)
      await expect(client().remove(key, null, { filterExpression })).rejects.toMatchObject(PARAMETER)
    }
    const notBoolean = wrong(exp.binInt('n'))
    await expect(client().put(key, { n: 2 }, null, { filterExpression: notBoolean })).rejects.toThrow(InvalidArgError)
    expect(await client().get(key)).toMatchObject({ bins: { n: 1 }, gen: 1 })
  })
})
