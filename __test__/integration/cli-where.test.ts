// The filter of `--where` matches the records that its model matches.
import { Double, type Value } from 'aerospike-napi'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { Literal } from '../../cli/where/ast.mjs'
import { compileWhere } from '../../cli/where/compile.mjs'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients.js'
import { conditions, conditionText, evaluate, type ModelBins, type ModelValue } from '../helpers/where.js'

const [kind] = CLIENTS
const client = connectBefore(kind as (typeof CLIENTS)[number])
const keys = keysOf('cli-where')

/** Bins with values of several types under the same names. */
const RECORDS: readonly ModelBins[] = [
  { a: 1n, b: 2n, s: 'abc', l: [1n, 'x', 2], m: { k: 1n, x: 'abc' }, f: true, y: Buffer.from([1, 2]) },
  { a: 1, b: 2.5, s: 'b', l: [], m: {}, f: false, y: Buffer.from([]) },
  { a: -1n, b: 1n, s: '', l: ['abc', true], m: { abc: 2.5 }, f: true },
  { a: 0.5, s: 'ABC', b: 'abc', f: 1n },
  { a: 'abc', b: 'abc', s: 2n, l: 'x', m: [1n] },
  { a: 9007199254740993n, b: 9007199254740992, y: Buffer.from('abc') },
  { a: true, b: false, y: 'abc' },
  { z: 1n },
]

const BINS = ['a', 'b', 's', 'l', 'm', 'f', 'y', 'z', 'missing']

const literal = (type: Literal['type'], value: unknown): Literal => ({ kind: 'literal', at: 0, type, value }) as Literal
const literals = fc.constantFrom(
  literal('int', 1n),
  literal('int', 2n),
  literal('int', -1n),
  literal('int', 9007199254740993n),
  literal('float', 1),
  literal('float', 2.5),
  literal('float', 0.5),
  literal('string', 'abc'),
  literal('string', 'x'),
  literal('string', ''),
  literal('bool', true),
  literal('bool', false),
  literal('blob', Buffer.from([1, 2])),
)

/** A value of the model as it is written. */
function written(value: ModelValue): Value {
  if (typeof value === 'number') return Double(value)
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, written(item)]))
}

const records = keys.many(RECORDS.length)

beforeAll(async () => {
  for (const [index, bins] of RECORDS.entries()) {
    const stored = Object.fromEntries(Object.entries(bins).map(([name, value]) => [name, written(value)]))
    await client().put(records[index] as (typeof records)[number], { ...stored, id: index })
  }
})

test('a random condition matches the same records on the server and in the model', async () => {
  let [compared, matched] = [0, 0]
  await fc.assert(
    fc.asyncProperty(conditions(fc.constantFrom(...BINS), literals), async condition => {
      const text = conditionText(condition)
      let expression: ReturnType<typeof compileWhere>
      try {
        expression = compileWhere(text)
      } catch (error) {
        // Operands that can never be compared, such as two literals of different types.
        expect((error as Error).message).toMatch(/cannot be compared/)
        return
      }
      const rows = [...(await client().batchRead(records, ['id'], { filterExpression: expression }))]
      const found = rows.flatMap(({ record, error }) => {
        if (error !== null && error.code !== 'FILTERED_OUT') throw error
        return record === null ? [] : [Number(record.bins.id)]
      })
      const expected = RECORDS.flatMap((bins, index) => (evaluate(condition, bins) === true ? [index] : []))
      compared++
      matched += expected.length
      expect(found, text).toEqual(expected)
    }),
    { numRuns: 120 },
  )
  expect(compared).toBeGreaterThan(60)
  expect(matched).toBeGreaterThan(60)
})
