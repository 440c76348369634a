import { type CdtContext, exp, maps, op, paths } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from '../../helpers/clients.js'
import { BIN_TYPE, benchOf, failure } from '../../helpers/operations.js'

const { loopVarPart } = exp

const children = (ctx: CdtContext): CdtContext => ctx.addAllChildren()
const value = exp.loopVarInt(loopVarPart.VALUE)
const large = (ctx: CdtContext): CdtContext => ctx.addAllChildrenWithFilter(exp.gt(value, exp.int(1)))

describe.each(CLIENTS)('paths, $name', kind => {
  const { results, binsAfter, refused } = benchOf(kind, 'paths')
  const m = { a: 1, b: 2, c: 3 }

  test('select values, keys, entries and the tree', async () => {
    const select = [paths.selectValues, paths.selectMapKeys, paths.selectMapEntries, paths.selectMatchingTree]
    const every = await results({ m }, ...select.map(builder => builder('m', children)))
    expect(every).toEqual([[1, 2, 3], ['a', 'b', 'c'], ['a', 1, 'b', 2, 'c', 3], m])
    const some = await results({ m }, ...select.map(builder => builder('m', large)))
    expect(some).toEqual([[2, 3], ['b', 'c'], ['b', 2, 'c', 3], { b: 2, c: 3 }])
  })

  test('select by flags, deep into lists and maps', async () => {
    const books = [
      { title: 'one', price: 5 },
      { title: 'two', price: 15 },
    ]
    const prices = (ctx: CdtContext) => ctx.addAllChildren().addMapKey('price')
    expect(await results({ books }, paths.selectByPath('books', paths.selectFlags.VALUE, prices))).toEqual([[5, 15]])
    expect(await results({ books }, op.selectByPath('books', paths.selectFlags.LIST_VALUE, prices))).toEqual([[5, 15]])
  })

  test('keys by name, narrowed', async () => {
    const named = (ctx: CdtContext) => ctx.addMapKeysIn(['a', 'c', 'x'])
    const narrowed = (ctx: CdtContext) => named(ctx).addAndFilter(exp.gt(value, exp.int(1)))
    expect(await results({ m }, paths.selectMapKeys('m', named), paths.selectMapKeys('m', narrowed))).toEqual([
      ['a', 'c'],
      ['c'],
    ])
  })

  test('modify', async () => {
    const doubled = exp.mul(value, exp.int(2))
    expect(await binsAfter({ m }, paths.modify('m', doubled, large))).toEqual({ m: { a: 1, b: 4, c: 6 } })
    expect(await binsAfter({ m }, op.modifyByPath('m', doubled, paths.modifyFlags.DEFAULT, children))).toEqual({
      m: { a: 2, b: 4, c: 6 },
    })
    const mixed = { a: 1, b: 'text', c: 3 }
    expect(await binsAfter({ m: mixed }, paths.modifyNoFail('m', doubled, children))).toEqual({
      m: { a: 2, b: 'text', c: 6 },
    })
    expect(await refused({ m: mixed }, maps.put('m', 'd', 1), paths.modify('m', doubled, children))).toMatchObject(
      failure('ServerError', 'SERVER_ERROR'),
    )
  })

  test('remove', async () => {
    expect(await binsAfter({ m }, paths.remove('m', large))).toEqual({ m: { a: 1 } })
    expect(
      await results(
        { m },
        paths.remove('m', ctx => ctx.addMapKeysIn(['a', 'b'])),
        op.read('m'),
      ),
    ).toEqual([null, { c: 3 }])
  })

  test('a missing bin', async () => {
    expect(await results({ m }, paths.selectValues('none', children), op.read('m'))).toEqual([null, m])
  })

  test('a bin that is neither a list nor a map', async () => {
    expect(await refused({ s: 'text' }, paths.selectValues('s', children))).toMatchObject(BIN_TYPE)
    expect(await refused({ m, x: 1 }, op.write('x', 2), paths.modify('x', exp.int(1), children))).toMatchObject(
      BIN_TYPE,
    )
  })
})
