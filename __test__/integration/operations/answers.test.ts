/** That operations answer as their types say: those without null always, one for each in `operateOrdered`. */
import { bits, exp, hll, lists, maps, type Operation, op, paths } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../../helpers/clients'

const newKey = keysOf('answers')

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('what always answers does so where flags keep it from writing', async () => {
    const key = newKey()
    await client().put(key, { l: [1, 2], m: { a: 1 } })
    const unique = { writeFlags: lists.writeFlags.ADD_UNIQUE | lists.writeFlags.NO_FAIL }
    const bounded = { writeFlags: lists.writeFlags.INSERT_BOUNDED | lists.writeFlags.NO_FAIL }
    const create = { writeFlags: maps.writeFlags.CREATE_ONLY | maps.writeFlags.NO_FAIL }
    const { results } = await client().operateOrdered(key, [
      lists.append('l', 1, unique),
      lists.appendItems('l', [1, 2], unique),
      lists.insert('l', 9, 5, bounded),
      lists.insertItems('l', 9, [5], bounded),
      maps.put('m', 'a', 2, create),
      maps.putItems('m', { a: 3 }, create),
      hll.add('h', ['a'], 8),
      hll.add('h', ['a'], 8, undefined, { writeFlags: hll.writeFlags.CREATE_ONLY | hll.writeFlags.NO_FAIL }),
      hll.refreshCount('h'),
    ])
    const answers: readonly (number | null)[] = results.map(([, value]) => value)
    expect(answers).toEqual([2, 2, 2, 2, 1, 1, 1, null, 1])
  })

  test('what may find nothing answers null where the bin is not there', async () => {
    const key = newKey()
    await client().put(key, { other: 1 })
    const nothing: Operation[] = [
      op.read('x'),
      lists.size('x'),
      lists.get('x', 0),
      lists.getRange('x', 0),
      lists.pop('x', 0),
      lists.remove('x', 0),
      lists.trim('x', 0, 1),
      lists.getByIndex('x', 0, lists.returnType.EXISTS),
      lists.getByValue('x', 1, lists.returnType.COUNT),
      maps.size('x'),
      maps.getByKey('x', 'k', maps.returnType.EXISTS),
      maps.removeByKey('x', 'k', maps.returnType.COUNT),
      bits.get('x', 0, 8),
      bits.count('x', 0, 8),
      hll.getCount('x'),
      hll.describe('x'),
      paths.selectValues('x', ctx => ctx.addAllChildren()),
      exp.operations.read('x', exp.binInt('x'), exp.expReadFlags.EVAL_NO_FAIL),
    ]
    const { results } = await client().operateOrdered(key, nothing)
    expect(results).toEqual(nothing.map(() => ['x', null]))
    expect((await client().operate(key, nothing)).bins).toEqual({})
  })

  test('each built operation has an answer, those on whole bins only where they read', async () => {
    const key = newKey()
    await client().put(key, { l: [3, 1], m: { a: 1 }, b: Buffer.alloc(2), n: 1, s: 'x' })
    const { results } = await client().operateOrdered(key, [
      op.incr('n', 1),
      op.append('s', 'y'),
      op.write('w', 1),
      op.touch(),
      op.readHeader(),
      lists.sort('l'),
      maps.setOrder('m', maps.order.KEY_ORDERED),
      bits.not('b', 0, 8),
      hll.init('h', 8),
      exp.operations.write('e', exp.add(exp.binInt('n'), 1)),
      op.read('e'),
      maps.getByKey('m', 'none').andReturn(maps.returnType.INDEX),
      maps.getByKeyRange('m').andReturn(maps.returnType.KEY_VALUE),
    ])
    expect(results).toEqual([
      ['l', null],
      ['m', null],
      ['b', null],
      ['h', null],
      ['e', null],
      ['e', 3],
      ['m', -1],
      ['m', [['a', 1]]],
    ])
  })
})
