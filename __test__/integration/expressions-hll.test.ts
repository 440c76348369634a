import { type Expression, exp, FilteredOut, type HyperLogLog, hll } from 'aerospike-napi'
import { beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('expressions-hll')
const h = exp.binHll('h')
const sketches = exp.binList('sketches')

/** Expressions that are true of the record. */
const truths: { readonly [name: string]: Expression<'bool'> } = {
  'hll.getCount': exp.eq(exp.hll.getCount(h), 3),
  'hll.init': exp.eq(exp.hll.getCount(exp.hll.init(h, 8)), 0),
  'hll.initMH': exp.eq(exp.hll.describe(exp.hll.initMH(h, 6, 10)), [10, 6]),
  'hll.add': exp.eq(exp.hll.getCount(exp.hll.add(h, 12, ['d'])), 4),
  'hll.update': exp.eq(exp.hll.getCount(exp.hll.update(h, ['c', 'd'])), 4),
  'hll.describe': exp.eq(exp.hll.describe(h), [12, 0]),
  'hll.mayContain': exp.eq(exp.hll.mayContain(h, ['a', 'b']), 1),
  'hll.getUnion': exp.eq(exp.hll.getCount(exp.hll.getUnion(h, sketches)), 3),
  'hll.getUnionCount': exp.eq(exp.hll.getUnionCount(h, sketches), 3),
  'hll.getIntersectCount': exp.eq(exp.hll.getIntersectCount(h, sketches), 3),
  'hll.getSimilarity': exp.eq(exp.hll.getSimilarity(h, sketches), 1),
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  describe('what an expression says of a HyperLogLog', () => {
    const key = newKey()

    beforeAll(async () => {
      await client().operate(key, [hll.add('h', ['a', 'b', 'c'], 12)])
      const sketch = (await client().get(key)).bins.h as HyperLogLog
      await client().put(key, { sketches: [sketch] })
    })

    test.each(Object.entries(truths))('%s', async (_name, truth) => {
      await expect(client().get(key, { filterExpression: truth })).resolves.toHaveProperty('bins.h')
      const lie = exp.not(truth)
      await expect(client().get(key, { filterExpression: lie })).rejects.toBeInstanceOf(FilteredOut)
    })
  })
})
