import {
  type BitArithmeticOperation,
  bits,
  CdtContext,
  type CdtOperation,
  type HllOperation,
  HyperLogLog,
  hll,
  infinity,
  lists,
  maps,
  type OPERATOR_WRITE,
  type Operation,
  op,
  paths,
  type RangeOperation,
  type ReadValue,
  type ScalarOperation,
  type SelectOperation,
  strings,
  wildcard,
} from 'aerospike-napi'
import { describe, expectTypeOf, test } from 'vitest'

describe('what builders give', () => {
  test('is an operation', () => {
    expectTypeOf(lists.append('b', 1)).toExtend<Operation>()
    expectTypeOf(hll.describe('b')).toExtend<Operation>()
    expectTypeOf(paths.remove('b', ctx => ctx.addAllChildren())).toExtend<Operation>()
  })

  test('has the methods that fit it', () => {
    expectTypeOf(lists.size('b')).toEqualTypeOf<CdtOperation<'b', number | null>>()
    expectTypeOf(lists.getByIndex('b', 0)).toEqualTypeOf<SelectOperation<'b', ReadValue>>()
    expectTypeOf(maps.getByKeyRange('b')).toEqualTypeOf<RangeOperation<'b', ReadValue[] | null>>()
    expectTypeOf(bits.add('b', 0, 8, 1)).toEqualTypeOf<BitArithmeticOperation<'b'>>()
    expectTypeOf(hll.getCount('b')).toEqualTypeOf<HllOperation<'b', number | null>>()
    const counted = lists.getByIndexRange('b', 0).invertSelection().andReturn('count')
    expectTypeOf(counted).toEqualTypeOf<RangeOperation<'b', number | null>>()
    expectTypeOf(lists.size('b')).not.toHaveProperty('andReturn')
    expectTypeOf(lists.getByIndex('b', 0)).not.toHaveProperty('invertSelection')
    expectTypeOf(bits.not('b', 0, 8)).not.toHaveProperty('onOverflow')
    expectTypeOf(hll.init('b', 8)).not.toHaveProperty('withContext')
    expectTypeOf(strings.toString('b')).not.toHaveProperty('withContext')
  })
})

test('wrong arguments are errors at compile time', () => {
  // @ts-expect-error: a bin is a string
  lists.size(1)
  // @ts-expect-error: an index is a number
  lists.get('b', '0')
  // @ts-expect-error: an array of items
  lists.appendItems('b', 'items')
  // @ts-expect-error: a function is no value
  lists.append('b', () => 1)
  // @ts-expect-error: no such option
  lists.append('b', 1, { flags: 1 })
  // @ts-expect-error: an order of maps
  lists.setOrder('b', maps.order.KEY_VALUE_ORDERED)
  // @ts-expect-error: the count comes before the return type
  lists.removeByIndexRange('b', 0, lists.returnType.VALUE, 2)
  // @ts-expect-error: the index comes before the return type
  maps.getByIndex('b', 'value', 0)
  // @ts-expect-error: a return type is no number
  lists.getByIndex('b', 0, 7)
  // @ts-expect-error: only maps have keys
  lists.getByIndex('b', 0, maps.returnType.KEY)
  // @ts-expect-error: a selection of one item cannot be inverted
  lists.getByIndex('b', 0, lists.returnType.INVERTED_VALUE)
  // @ts-expect-error: the size comes before the flags
  bits.resize('b', bits.resizeFlags.FROM_FRONT, 4)
  // @ts-expect-error: a key is no boolean
  maps.put('b', true, 1)
  // @ts-expect-error: a word that nobody knows
  maps.put('b', 'k', 1, { writeMode: 'replace' })
  // @ts-expect-error: numbers are added
  maps.increment('b', 'k', '1')
  // @ts-expect-error: bytes
  bits.or('b', 0, 8, 'x')
  // @ts-expect-error: true or false
  bits.lscan('b', 0, 8, 1)
  // @ts-expect-error: HyperLogLog values
  hll.getUnion('b', ['a'])
  // @ts-expect-error: strings
  strings.concat('b', [1])
  // @ts-expect-error: infinity cannot be stored
  maps.put('b', 'k', infinity())
  // @ts-expect-error: a path is a context
  paths.selectValues('b', ['a'])
})

test('values of any object type are arguments', () => {
  interface Item {
    id: number
    tags?: readonly string[]
  }
  const item: Item = { id: 1 }
  expectTypeOf(op.write('b', item)).toEqualTypeOf<ScalarOperation<typeof OPERATOR_WRITE, 'b'>>()
  op.write('b', [item, new Map([['a', item]])])
  lists.append('b', item)
  lists.appendItems('b', [item, null])
  lists.insert('b', 0, item)
  lists.set('b', 0, item)
  expectTypeOf(lists.getByValue('b', item, 'count')).toEqualTypeOf<RangeOperation<'b', number | null>>()
  lists.removeByValueList('b', [item])
  maps.put('b', 'k', item)
  maps.putItems('b', { a: item })
  maps.putItems('b', new Map([[1, item]]))
  maps.putItems('b', item)
  maps.getByValue('b', item)
  hll.add('b', [item])
  new CdtContext().addListValue(item).addMapValue([item])
  // @ts-expect-error: a Date cannot be stored
  op.write('b', { item, at: new Date() })
  // @ts-expect-error: a Date cannot be stored
  lists.append('b', { ...item, at: new Date() })
  // @ts-expect-error: a function cannot be stored
  maps.putItems('b', { a: () => 1 })
  // @ts-expect-error: entries are an object or a Map
  maps.putItems('b', [item])
})

test('infinity and wildcard are arguments, alone and in lists', () => {
  lists.getByValue('b', ['in', wildcard()])
  lists.append('b', { low: infinity() })
  expectTypeOf(lists.getByValueRange).toBeCallableWith('b', null, infinity())
  expectTypeOf(hll.getUnion).toBeCallableWith('b', [new HyperLogLog(Uint8Array.of(1))])
})
