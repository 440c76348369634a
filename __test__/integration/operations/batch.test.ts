// aerospike-core refuses a row that writes without a write among its operations, and a row that reads with one. Which
// operations write is ours to know.
import { expect, test } from 'vitest'
import { isWriting } from '../../../lib/operations/operation'
import { CLIENTS, connectBefore, keysOf } from '../../helpers/clients'
import { CASES } from '../../unit/operations/cases'

const newKey = keysOf('batch-operations')
const client = connectBefore(CLIENTS[0] as (typeof CLIENTS)[number])

test('every operation goes as what it is', async () => {
  const misjudged: string[] = []
  for (const [name, operation] of Object.entries(CASES)) {
    // Two rows: one alone would go as a single record does.
    const answer = await client()
      .batchOperate(newKey.many(2), [operation])
      .then(
        rows => rows.at(0)?.error,
        (error: unknown) => error,
      )
    // A server has something to say against some of them, the core against none.
    if (answer instanceof Error && answer.name === 'ClientError') misjudged.push(`${name}: ${answer.message}`)
  }
  expect(misjudged).toEqual([])
})

test('both sorts are among them', () => {
  const sorts = Object.values(CASES).map(isWriting)
  expect([sorts.filter(Boolean).length > 50, sorts.filter(writes => !writes).length > 50]).toEqual([true, true])
})
