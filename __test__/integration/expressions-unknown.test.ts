/** What docs/expressions.md states about unknown values, and about wildcards and infinity in comparisons. */
import { type Expression, exp, infinity, type LiteralItem, wildcard } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('exp-unknown')
const unknown = exp.eq(exp.binInt('none'), 1)
const yes = exp.bool(true)
const no = exp.bool(false)
const any = wildcard()

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  describe('a filter whose value is unknown', () => {
    test.each<[string, Expression<'bool'>, boolean]>([
      ['a missing bin', unknown, false],
      ['a bin of another type', exp.eq(exp.binInt('s'), 1), false],
      ['a key that is not stored', exp.eq(exp.keyStr(), 'a'), false],
      ['a division by 0', exp.eq(exp.div(exp.binInt('i'), 0), 1), false],
      ['not', exp.not(unknown), false],
      ['and with true', exp.and(unknown, yes), false],
      ['not (and with false)', exp.not(exp.and(unknown, no)), true],
      ['or with true', exp.or(unknown, yes), true],
      ['or with false', exp.or(unknown, no), false],
    ])('%s', async (_, filterExpression, holds) => {
      const key = newKey()
      await client().put(key, { i: 1, s: 'x' }, null, { key: 'digest' })
      const read = client().getOrNull(key, { filterExpression })
      if (holds) expect((await read)?.bins).toEqual({ i: 1, s: 'x' })
      else await expect(read).rejects.toMatchObject({ name: 'FilteredOutError' })
    })
  })

  describe('a value that is unknown', () => {
    test('fails the call, unless it may be left out', async () => {
      const key = newKey()
      await client().put(key, { i: 1 })
      const value = exp.add(exp.binInt('none'), 1)
      const failure = { name: 'ServerError', code: 'OP_NOT_APPLICABLE' }
      await expect(client().operate(key, [exp.operations.read('x', value)])).rejects.toMatchObject(failure)
      await expect(client().operate(key, [exp.operations.write('x', value)])).rejects.toMatchObject(failure)
      const quiet = exp.expReadFlags.EVAL_NO_FAIL
      const { bins } = await client().operate(key, [
        exp.operations.read('x', value, quiet),
        exp.operations.write('y', value, exp.expWriteFlags.EVAL_NO_FAIL),
      ])
      expect(bins).toEqual({})
      expect(await client().get(key)).toMatchObject({ bins: { i: 1 } })
    })
  })

  describe('wildcards and infinity in a list that is compared', () => {
    const l = [1, 'a', 3]

    test.each<[string, LiteralItem[], -1 | 0 | 1]>([
      ['a wildcard at the end', [1, 'a', any], 0],
      ['what is behind a wildcard does not count', [1, any, 9], 0],
      ['nor does how much is behind it', [any], 0],
      ['what is before it does', [2, any], -1],
      ['and so does what it stands for', [1, 'a', 3, any], -1],
      ['infinity', [1, 'a', infinity()], -1],
      ['less', [1, 'a'], 1],
    ])('%s', async (_, list, order) => {
      const key = newKey()
      await client().put(key, { l })
      const [mine, other] = [exp.binList('l'), exp.list(list)]
      const { results } = await client().operateOrdered(key, [
        exp.operations.read('eq', exp.eq(mine, other)),
        exp.operations.read('ne', exp.ne(mine, other)),
        exp.operations.read('gt', exp.gt(mine, other)),
        exp.operations.read('ge', exp.ge(mine, other)),
        exp.operations.read('lt', exp.lt(mine, other)),
        exp.operations.read('le', exp.le(mine, other)),
        exp.operations.read('swapped', exp.lt(other, mine)),
      ])
      expect(results.map(([, value]) => value)).toEqual([
        order === 0,
        order !== 0,
        order > 0,
        order >= 0,
        order < 0,
        order <= 0,
        order > 0,
      ])
    })

    test('inList', async () => {
      const key = newKey()
      await client().put(key, { l })
      const { results } = await client().operateOrdered(key, [
        exp.operations.read('a', exp.inList(exp.int(5), exp.list([1, any]))),
        exp.operations.read('b', exp.inList(exp.list([1, any]), exp.list([[2], [1, 5]]))),
        exp.operations.read('c', exp.inList(exp.int(5), exp.binList('l'))),
      ])
      expect(results.map(([, value]) => value)).toEqual([true, true, false])
    })
  })
})
