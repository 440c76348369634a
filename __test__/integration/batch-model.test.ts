// Batches of any rows against a model: a map of bins.
import { type BatchRowRequest, batchRow, type Key, lists, op, type ReadValue } from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('batch-model')

type Bins = { [bin: string]: ReadValue }

/** A row of a batch, by what it does. */
const rows = fc.array(
  fc.record({
    there: fc.boolean(),
    does: fc.constantFrom('read', 'some', 'header', 'write', 'create', 'operate', 'read-ops', 'remove', 'append'),
    value: fc.oneof(fc.integer(), fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  }),
  { minLength: 0, maxLength: 40 },
)

const SHARED = [op.incr('n', 7), op.read('n')]
const READS = [op.read('n'), op.read('none')]

interface Expected {
  code: number
  bins: Bins | undefined
  after: Bins | undefined
}

type Row = { there: boolean; does: string; value: number | string }

function expected({ there, does, value }: Row, before: Bins): Expected {
  const found = (bins: Bins): Expected => (there ? { code: 0, bins, after: before } : missing)
  const missing: Expected = { code: 2, bins: undefined, after: undefined }
  switch (does) {
    case 'read':
      return found(before)
    case 'some':
    case 'read-ops':
      return found({ n: before.n as number })
    case 'header':
      return found({})
    case 'write':
      return { code: 0, bins: {}, after: { ...(there ? before : {}), v: value } }
    case 'create':
      return there ? { code: 5, bins: undefined, after: before } : { code: 0, bins: {}, after: { v: value } }
    case 'operate': {
      const n = (there ? (before.n as number) : 0) + 7
      return { code: 0, bins: { n }, after: { ...(there ? before : {}), n } }
    }
    case 'append':
      return { code: 0, bins: { l: 1 }, after: { ...(there ? before : {}), l: [value] } }
    default:
      return there ? { code: 0, bins: undefined, after: undefined } : missing
  }
}

function request(key: Key, { does, value }: Row): BatchRowRequest {
  switch (does) {
    case 'read':
      return batchRow.read(key)
    case 'some':
      return batchRow.read(key, ['n'])
    case 'header':
      return batchRow.read(key, [])
    case 'write':
      return batchRow.write(key, { v: value })
    case 'create':
      return batchRow.write(key, { v: value }, null, { exists: 'create-only' })
    case 'operate':
      return batchRow.operate(key, SHARED)
    case 'append':
      return batchRow.operate(key, [lists.append('l', value)])
    case 'read-ops':
      return batchRow.operate(key, READS)
    default:
      return batchRow.remove(key)
  }
}

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)

  test('rows do what they say, whatever is beside them', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 0, max: 10 }), async (given, subBatchSize) => {
        const keys = newKey.many(given.length)
        const before = given.map((_, n): Bins => ({ n, s: `no ${n}` }))
        const there = [...keys.entries()].filter(([n]) => given[n]?.there)
        await client().batchWrite(there.map(([n, key]) => ({ key, bins: before[n] as { n: number } })))
        const wanted = given.map((row, n) => expected(row, before[n] as Bins))
        const result = await client().batch(
          keys.map((key, n) => request(key, given[n] as Row)),
          { subBatchSize, totalTimeout: 10_000 },
        )
        expect(result.toArray().map(row => row.resultCode)).toEqual(wanted.map(row => row.code))
        expect(result.toArray().map(row => row.record?.bins)).toEqual(wanted.map(row => row.bins))
        const after = await client().batchRead(keys)
        expect(after.toArray().map(row => row.record?.bins)).toEqual(wanted.map(row => row.after))
      }),
      { numRuns: 60 },
    )
  })
})
