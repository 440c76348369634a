/** What the compiler tells of expressions. */
import { CdtContext, type Expression, exp, type ReadPolicy } from 'aerospike-napi'
import { describe, expectTypeOf, test } from 'vitest'

const i = exp.binInt('i')
const f = exp.binFloat('f')
const s = exp.binStr('s')
const l = exp.binList('l')
const m = exp.binMap('m')

describe('comparisons', () => {
  test('have two sides of one type', () => {
    expectTypeOf(exp.eq(i, exp.int(5))).toEqualTypeOf<Expression<'bool'>>()
    exp.eq(s, 'Seoul')
    exp.gt(i, 5n)
    exp.eq(exp.binBool('b'), true)
    exp.eq(l, [1, 'a'])
    exp.eq(m, { a: 1 })
    // @ts-expect-error a string is no integer
    exp.eq(i, exp.str('5'))
    // @ts-expect-error nor is a plain one
    exp.eq(i, '5')
    // @ts-expect-error integers and doubles are not compared
    exp.lt(i, f)
  })

  test('take on either side what only the server knows', () => {
    exp.eq(exp.var('x'), i)
    exp.eq(i, exp.var('x'))
    exp.eq(exp.var('x'), 5)
    exp.eq(exp.fromBase64('BQ=='), 'a')
    // @ts-expect-error a variable of a known type is of that type
    exp.eq(exp.var<'int'>('x'), s)
  })
})

describe('arithmetic', () => {
  test('keeps the type of its numbers', () => {
    expectTypeOf(exp.add(i, 1, 2n)).toEqualTypeOf<Expression<'int'>>()
    expectTypeOf(exp.mul(f, 2.5)).toEqualTypeOf<Expression<'float'>>()
    expectTypeOf(exp.add(exp.var('x'), exp.var('y'))).toEqualTypeOf<Expression<'any'>>()
    expectTypeOf(exp.toFloat(i)).toEqualTypeOf<Expression<'float'>>()
    // @ts-expect-error one type for all
    exp.add(i, f)
    // @ts-expect-error a string is no number
    exp.add(i, s)
    // @ts-expect-error integers have no floor
    exp.floor(i)
  })
})

describe('control', () => {
  test('gives the type of what it chooses', () => {
    expectTypeOf(exp.cond(exp.lt(i, 18), exp.str('minor'), exp.str('adult'))).toEqualTypeOf<Expression<'string'>>()
    expectTypeOf(exp.let(exp.def('x', i), exp.gt(exp.var('x'), 5))).toEqualTypeOf<Expression<'bool'>>()
    // @ts-expect-error tests are boolean
    exp.and(exp.eq(i, 5), i)
    // @ts-expect-error a definition is no expression
    exp.not(exp.def('x', i))
  })
})

describe('lists and maps', () => {
  test('give the type of what they return', () => {
    expectTypeOf(exp.lists.getByIndex(l, 0, exp.type.STR, 'value')).toEqualTypeOf<Expression<'string'>>()
    expectTypeOf(exp.lists.getByIndex(l, 0, exp.type.AUTO, 'exists')).toEqualTypeOf<Expression<'bool'>>()
    expectTypeOf(exp.lists.getByValue(l, 1, 'count')).toEqualTypeOf<Expression<'int'>>()
    expectTypeOf(exp.maps.getByKeyList(m, ['a'], 'key-value')).toEqualTypeOf<Expression<'map'>>()
    expectTypeOf(exp.lists.getByValue(l, 1, 'inverted-count')).toEqualTypeOf<Expression<'int'>>()
    expectTypeOf(exp.lists.getByIndex(l, 0, exp.type.AUTO, 'reverse-rank')).toEqualTypeOf<Expression<'int'>>()
    expectTypeOf(exp.lists.append(l, 1)).toEqualTypeOf<Expression<'list'>>()
    expectTypeOf(exp.lists.append(m, 1, null, new CdtContext().addMapKey('a'))).toEqualTypeOf<Expression<'map'>>()
    // @ts-expect-error an integer is no list
    exp.lists.size(i)
  })

  test('refuse arguments in another order', () => {
    // @ts-expect-error the count comes before the return type
    exp.lists.getByIndexRange(l, 0, 'value', 2)
    // @ts-expect-error the value comes before the return type
    exp.maps.getByValue(m, 'count', 1)
    // @ts-expect-error the context comes before the return type of a removal
    exp.lists.removeByValue(l, 1, 'inverted-none')
    // @ts-expect-error a return type is no number
    exp.lists.getByValue(l, 1, 7)
    // @ts-expect-error only maps have keys
    exp.lists.getByValue(l, 1, 'key')
    // @ts-expect-error a selection of one item cannot be inverted
    exp.lists.getByIndex(l, 0, exp.type.INT, 'inverted-value')
    // @ts-expect-error the flags come before the size
    exp.bit.reSize(exp.binBlob('b'), 4, 'from-front')
    // @ts-expect-error the action comes before the value
    exp.bit.add(exp.binBlob('b'), 1, 'wrap', 8, 0)
    // @ts-expect-error the index comes before the order
    new CdtContext().addListIndexCreate('ordered', 0)
  })
})

describe('policies', () => {
  test('take filters', () => {
    expectTypeOf(exp.eq(i, 5)).toExtend<NonNullable<ReadPolicy['filterExpression']>>()
    expectTypeOf(exp.fromBase64('ww==')).toExtend<NonNullable<ReadPolicy['expressions']>>()
    expectTypeOf(i).not.toExtend<NonNullable<ReadPolicy['filterExpression']>>()
  })
})
