import {
  type AerospikeError,
  bits,
  bitwise,
  CdtContext,
  Double,
  exp,
  GeoJSON,
  HyperLogLog,
  hll,
  infinity,
  LIST_RETURN_VALUE,
  lists,
  MAP_RETURN_KEY_VALUE,
  maps,
  type Operation,
  op,
  operations,
  paths,
  strings,
  wildcard,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { type Argument, writeOperations } from '../../../lib/operations/operation'
import { writeValue } from '../../../lib/values/value'
import { Writer } from '../../../lib/wire/wire'

/** An argument of a wrong type, as JavaScript would let it through. */
const wrong = (value: unknown): never => value as never

function refusal(make: () => Operation): string {
  try {
    writeOperations(new Writer(64), [make()])
  } catch (error) {
    expect([
      ['InvalidArgError', 'INVALID_ARGUMENT', 4],
      ['BinNameError', 'BIN_NAME', 21],
    ]).toContainEqual([(error as Error).name, (error as AerospikeError).code, (error as AerospikeError).resultCode])
    return (error as Error).message
  }
  throw new Error('it was taken')
}

const all = (ctx: CdtContext): CdtContext => ctx.addAllChildren()

describe('what is refused names the builder and its argument', () => {
  const table: readonly (readonly [message: string, make: () => Operation])[] = [
    // Lists.
    ['lists.appendItems: values: at least one item is needed, not an empty array', () => lists.appendItems('b', [])],
    ['lists.appendItems: values: an array is needed, not the string "ab"', () => lists.appendItems('b', wrong('ab'))],
    ['lists.insertItems: values: at least one item is needed, not an empty array', () => lists.insertItems('b', 0, [])],
    ['lists.append: value: a value is needed, not undefined', () => lists.append('b', wrong(undefined))],
    ['lists.set: value: a value other than null is needed, not null', () => lists.set('b', 0, null)],
    ['lists.get: index: an integer is needed, not the string "0"', () => lists.get('b', wrong('0'))],
    ['lists.get: index: an integer is needed, not 0.5', () => lists.get('b', 0.5)],
    ['lists.get: index: an integer is needed, not NaN', () => lists.get('b', Number.NaN)],
    ['lists.get: index: an integer is needed, not undefined', () => lists.get('b', wrong(undefined))],
    ['lists.getRange: count: an integer is needed, not the string "2"', () => lists.getRange('b', 0, wrong('2'))],
    ['lists.increment: by: an integer is needed, not 1.5', () => lists.increment('b', 0, 1.5)],
    [
      'lists.increment: by: an integer of 64 bits is needed, not 9223372036854775808n',
      () => lists.increment('b', 0, 2n ** 63n),
    ],
    [
      "lists.create: order: one of 'unordered', 'ordered' is needed, not 3; orders are strings here",
      () => lists.create('b', wrong(3)),
    ],
    ['lists.create: pad: true or false is needed, not 1', () => lists.create('b', 'unordered', wrong(1))],
    [
      "lists.setOrder: order: one of 'unordered', 'ordered' is needed, not the string \"ORDERED\"",
      () => lists.setOrder('b', wrong('ORDERED')),
    ],
    ['lists.sort: sortFlags: a combination of DESCENDING, DROP_DUPLICATES is needed, not 4', () => lists.sort('b', 4)],
    [
      'lists.append: policy: writeFlags: a combination of ADD_UNIQUE, INSERT_BOUNDED, NO_FAIL, PARTIAL is needed, not 16',
      () => lists.append('b', 1, { writeFlags: 16 }),
    ],
    [
      'lists.append: policy: writeFlags: a combination of ADD_UNIQUE, INSERT_BOUNDED, NO_FAIL, PARTIAL is needed, not -1',
      () => lists.append('b', 1, { writeFlags: -1 }),
    ],
    [
      "lists.append: policy: order: one of 'unordered', 'ordered' is needed, not 2; orders are strings here",
      () => lists.append('b', 1, { order: wrong(2) }),
    ],
    [
      'lists.append: policy: unknown option "write_flags"; did you mean writeFlags?',
      () => lists.append('b', 1, wrong({ write_flags: 1 })),
    ],
    ['lists.append: policy: an object is needed, not 1', () => lists.append('b', 1, wrong(1))],
    [
      'lists.getByIndex: returnType: one of lists.returnType is needed, not the string "key"; only maps have it',
      () => lists.getByIndex('b', 0, wrong('key')),
    ],
    [
      'lists.getByIndex: returnType: one of lists.returnType is needed, not 7; return types are strings, which cannot be combined with |; the order of the arguments is bin, index, returnType',
      () => lists.getByIndex('b', 0, wrong(7)),
    ],
    [
      'lists.removeByIndexRange: count: the string "value" is a return type; the order of the arguments is bin, index, count, returnType',
      () => lists.removeByIndexRange('b', 0, wrong(lists.returnType.VALUE), wrong(2)),
    ],
    [
      'lists.getByRankRange: rank: the string "inverted-rank" is a return type; the order of the arguments is bin, rank, count, returnType',
      () => lists.getByRankRange('b', wrong('inverted-rank'), 2),
    ],
    [
      'maps.getByValueRelRankRange: returnType: one of maps.returnType is needed, not 1; return types are strings, which cannot be combined with |; the order of the arguments is bin, value, rank, count, returnType',
      () => maps.getByValueRelRankRange('b', 'count', 0, 1, wrong(1)),
    ],
    [
      'lists.getByIndex: returnType: one of lists.returnType is needed, not the string "VALUE"',
      () => lists.getByIndex('b', 0, wrong('VALUE')),
    ],
    [
      'lists.getByIndex: returnType: one of lists.returnType is needed, not the string "inverted-value"; a selection of one item cannot be inverted',
      () => lists.getByIndex('b', 0, wrong(lists.returnType.INVERTED_VALUE)),
    ],
    [
      'lists.getByIndexRange: returnType: one of lists.returnType is needed, not 14; return types are strings, which cannot be combined with |',
      () => lists.getByIndexRange('b', 0).andReturn(wrong(14)),
    ],
    ['lists.getByValueList: values: an array is needed, not null', () => lists.getByValueList('b', wrong(null))],
    ['lists.join: separator: a string is needed, not 1', () => lists.join('b', wrong(1))],

    // Maps.
    ['maps.put: key: a string, an integer or bytes is needed, not 1.5', () => maps.put('b', 1.5, 1)],
    ['maps.put: key: a string, an integer or bytes is needed, not true', () => maps.put('b', wrong(true), 1)],
    ['maps.put: key: a string, an integer or bytes is needed, not null', () => maps.put('b', wrong(null), 1)],
    ['maps.put: value: a value is needed, not undefined', () => maps.put('b', 'k', wrong(undefined))],
    ['maps.putItems: items: an object or a Map is needed, not an array', () => maps.putItems('b', wrong([['k', 1]]))],
    ['maps.putItems: items: an object or a Map is needed, not null', () => maps.putItems('b', wrong(null))],
    ['maps.increment: by: an integer is needed, not the string "1"', () => maps.increment('b', 'k', wrong('1'))],
    ['maps.increment: by: an integer is needed, not null', () => maps.increment('b', 'k', wrong(null))],
    [
      'maps.put: policy: writeFlags: CREATE_ONLY and UPDATE_ONLY cannot be combined',
      () => maps.put('b', 'k', 1, { writeFlags: 3 }),
    ],
    [
      'maps.put: policy: writeFlags and writeMode cannot be combined',
      () => maps.put('b', 'k', 1, { writeFlags: 1, writeMode: 'update' }),
    ],
    [
      "maps.put: policy: writeMode: one of 'update', 'update-only', 'create-only' is needed, not 1; the numbers of other clients contradict each other",
      () => maps.put('b', 'k', 1, { writeMode: wrong(1) }),
    ],
    [
      "maps.setOrder: order: one of 'unordered', 'key-ordered', 'key-value-ordered' is needed, not 2; orders are strings here",
      () => maps.setOrder('b', wrong(2)),
    ],
    [
      'maps.setPolicy: policy: persistIndex: true or false is needed, not 1',
      () => maps.setPolicy('b', { persistIndex: wrong(1) }),
    ],
    [
      'maps.getByKey: returnType: one of maps.returnType is needed, not 9; return types are strings, which cannot be combined with |; the order of the arguments is bin, key, returnType',
      () => maps.getByKey('b', 'k', wrong(9)),
    ],

    // Bits.
    ['bits.resize: byteSize: an integer of at least 0 is needed, not -1', () => bits.resize('b', -1)],
    [
      'bits.resize: resizeFlags: GROW_ONLY and SHRINK_ONLY cannot be combined',
      () => bits.resize('b', 1, ['grow-only', 'shrink-only']),
    ],
    [
      'bits.resize: resizeFlags: one of bits.resizeFlags, or an array of them, is needed, not 4; the order of the arguments is bin, byteSize, resizeFlags, policy',
      () => bits.resize('b', 1, wrong(4)),
    ],
    [
      'bits.resize: policy: writeFlags: CREATE_ONLY and UPDATE_ONLY cannot be combined',
      () => bits.resize('b', 1, 'default', { writeFlags: 3 }),
    ],
    ['bits.set: value: a Buffer or Uint8Array is needed, not the string "x"', () => bits.set('b', 0, 8, wrong('x'))],
    ['bits.setInt: value: an integer is needed, not 1.5', () => bits.set('b', 0, 8, 1.5)],
    ['bits.or: value: a Buffer or Uint8Array is needed, not an array', () => bits.or('b', 0, 8, wrong([1]))],
    ['bits.get: bitSize: an integer of at least 0 is needed, not -8', () => bits.get('b', 0, -8)],
    ['bits.lscan: value: true or false is needed, not 1', () => bits.lscan('b', 0, 8, wrong(1))],
    ['bits.lshift: shift: an integer of at least 0 is needed, not -1', () => bits.lshift('b', 0, 8, -1)],
    [
      "onOverflow: action: one of 'fail', 'saturate', 'wrap' is needed, not 1; overflow actions are strings here",
      () => bits.add('b', 0, 8, 1).onOverflow(wrong(1)),
    ],
    [
      'withPolicy: policy: writeFlags: a combination of CREATE_ONLY, UPDATE_ONLY, NO_FAIL, PARTIAL is needed, not 32',
      () => bits.not('b', 0, 8).withPolicy({ writeFlags: 32 }),
    ],

    // HyperLogLogs.
    ['hll.init: indexBits: an integer is needed, not 8.5', () => hll.init('b', 8.5)],
    ['hll.add: values: an array is needed, not the string "a"', () => hll.add('b', wrong('a'))],
    ['hll.getUnion: list: HyperLogLog values are needed, not the string "a"', () => hll.getUnion('b', wrong(['a']))],
    ['hll.getUnion: list: at least one item is needed, not an empty array', () => hll.getUnion('b', [])],
    [
      'hll.setUnion: policy: writeFlags: a combination of CREATE_ONLY, UPDATE_ONLY, NO_FAIL, ALLOW_FOLD is needed, not 16',
      () => hll.setUnion('b', [new HyperLogLog(Uint8Array.of(1))], { writeFlags: 16 }),
    ],

    // Strings.
    ['strings.find: needle: a string is needed, not 1', () => strings.find('b', wrong(1))],
    ['strings.concat: value: at least one item is needed, not an empty array', () => strings.concat('b', [])],
    ['strings.concat: value[1]: a string is needed, not 2', () => strings.concat('b', ['a', wrong(2)])],
    ["strings.isNumeric: type: one of 'any', 'int', 'float' is needed, not 3", () => strings.isNumeric('b', wrong(3))],
    ['strings.repeat: count: an integer of at least 0 is needed, not -1', () => strings.repeat('b', -1)],
    [
      'strings.upper: policy: writeFlags: a combination of CREATE_ONLY, UPDATE_ONLY, NO_FAIL is needed, not 8',
      () => strings.upper('b', { writeFlags: 8 }),
    ],

    // Paths.
    ['paths.selectValues: path: a CdtContext is needed, not the string "a"', () => paths.selectValues('b', wrong('a'))],
    [
      'paths.selectValues: path: at least one level is needed, not an empty context',
      () => paths.selectValues('b', new CdtContext()),
    ],
    ['paths.modify: expression: an expression is needed, not 5', () => paths.modify('b', wrong(5), all)],
    ['paths.selectByPath: flags: a combination of', () => paths.selectByPath('b', 0x20, all)],

    // Contexts, bins and values.
    ['withContext: a CdtContext is needed, not an array', () => lists.size('b').withContext(wrong([]))],
    ['ops[0]: a bin name is empty', () => lists.size('')],
    ['ops[0]: the bin name "a-name-of-16-char" is longer than 15 bytes', () => lists.size('a-name-of-16-char')],
    ['ops[0]: a bin name is a string, not undefined', () => lists.size(wrong(undefined))],
    [
      'ops[0]: bin b: a function cannot be stored',
      () =>
        lists.append(
          'b',
          wrong(() => 1),
        ),
    ],
    ['ops[0]: bin b: the string contains a lone surrogate', () => lists.append('b', '\ud800')],
    [
      'ops[0]: bin b: a map key is a string, an integer or bytes, not 1.5',
      () => maps.putItems('b', new Map([[1.5, 1]])),
    ],
  ]

  test.each(table)('%s', (message, make) => {
    expect(refusal(make).startsWith(message), refusal(make)).toBe(true)
  })
})

describe('infinity and wildcard', () => {
  test('cannot be stored', () => {
    const values: [Argument, string][] = [
      [infinity(), ''],
      [wildcard(), ''],
      [[1, wildcard()], '[1]'],
      [{ k: [infinity()] } as never, '.k[0]'],
    ]
    for (const [value, path] of values) {
      const message = `bins${path}: infinity and wildcard are arguments of operations; they cannot be stored`
      expect(() => writeValue(new Writer(64), value, 'bins')).toThrow(message)
      expect(refusal(() => op.write('b', value as never))).toBe(message.replace('bins', 'ops[0]: bin b'))
    }
  })

  test('can stand anywhere in an argument', () => {
    const operations = [lists.getByValue('b', wildcard()), lists.getByValueRange('b', [1, infinity()], infinity())]
    expect(() => writeOperations(new Writer(64), operations)).not.toThrow()
    expect(() => writeValue(new Writer(64), [1], 'bins')).not.toThrow()
  })

  test('say what they are', () => {
    expect([String(infinity()), String(wildcard())]).toEqual(['infinity', 'wildcard'])
    expect([infinity(), wildcard()]).toEqual([infinity(), wildcard()])
  })
})

describe('operations', () => {
  test('change themselves and return themselves', () => {
    const range = lists.getByIndexRange('b', 0)
    expect(range.andReturn(lists.returnType.COUNT)).toBe(range)
    expect(range.invertSelection()).toBe(range)
    expect(range.withContext(ctx => ctx.addListIndex(0))).toBe(range)
    const sum = bits.add('b', 0, 8, 1)
    expect(sum.onOverflow(bits.overflow.WRAP).withPolicy({ writeFlags: 4 })).toBe(sum)
  })

  test('keep an inversion when the return type is set after it, and lose it when inverted twice', () => {
    const written = (operation: Operation): string => {
      const writer = new Writer(64)
      writeOperations(writer, [operation])
      return writer.buffer.toString('hex', 0, writer.length)
    }
    const { COUNT, INVERTED_COUNT } = lists.returnType
    const inverted = written(lists.removeByValue('b', 1, INVERTED_COUNT))
    expect(written(lists.removeByValue('b', 1).invertSelection().andReturn(COUNT))).toBe(inverted)
    expect(written(lists.removeByValue('b', 1).andReturn(COUNT).invertSelection())).toBe(inverted)
    const once = lists.removeByValue('b', 1, COUNT)
    expect(written(once.invertSelection().invertSelection())).toBe(written(lists.removeByValue('b', 1, COUNT)))
  })

  test('have return types, orders and the like as strings, which no count can pass for', () => {
    expect(LIST_RETURN_VALUE).toBe('value')
    expect(lists.returnType.VALUE).toBe(LIST_RETURN_VALUE)
    expect(maps.returnType.KEY_VALUE).toBe(MAP_RETURN_KEY_VALUE)
    const strings = [lists.returnType, maps.returnType, lists.order, maps.order, bits.resizeFlags, bits.overflow]
    for (const constants of strings) {
      for (const value of Object.values(constants)) expect(value).toBeTypeOf('string')
    }
    for (const { returnType } of [lists, maps]) {
      for (const [name, value] of Object.entries(returnType)) {
        expect(value.toUpperCase().replaceAll('-', '_')).toBe(name)
        const other = name.startsWith('INVERTED_') ? name.slice('INVERTED_'.length) : `INVERTED_${name}`
        expect(returnType).toHaveProperty(other)
      }
    }
  })

  test('take a context made before, or a function', () => {
    const written = (operation: Operation): string => {
      const writer = new Writer(64)
      writeOperations(writer, [operation])
      return writer.buffer.toString('hex', 0, writer.length)
    }
    const made = new CdtContext().addMapKey('k').addListIndex(-1)
    const same = lists.size('b').withContext(ctx => ctx.addMapKey('k').addListIndex(-1))
    expect(written(lists.size('b').withContext(made))).toBe(written(same))
    // Without a level it is the bin itself.
    expect(written(lists.size('b').withContext(new CdtContext()))).toBe(written(lists.size('b')))
    expect(written(lists.create('b', 'unordered', false, false, made))).toBe(
      written(lists.create('b').withContext(made)),
    )
  })

  test('name their bin', () => {
    expect([lists.size('a').bin, maps.size('b').bin, hll.describe('c').bin]).toEqual(['a', 'b', 'c'])
  })

  test('take every kind of value', () => {
    const values = [null, true, 1, 2n, 1.5, Double(1), 'x', Uint8Array.of(1), new GeoJSON({}), [1], { k: 1 }, new Map()]
    for (const value of values) {
      expect(() => writeOperations(new Writer(64), [lists.append('b', value), maps.put('b', 'k', value)])).not.toThrow()
    }
  })
})

test('aliases are the same objects', () => {
  expect(bitwise).toBe(bits)
  expect(operations).toBe(op)
  expect(op.selectByPath).toBe(paths.selectByPath)
  expect(op.modifyByPath).toBe(paths.modifyByPath)
})

test('a path takes an expression that is complete', () => {
  expect(() => paths.modify('b', exp.int(1), all)).not.toThrow()
  expect(refusal(() => paths.modify('b', exp.var('x') as never, all))).toContain('"x"')
})
