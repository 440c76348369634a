/**
 * Reads many records into columns with one call, and continues with them as an Apache Arrow table.
 *
 *   make example NAME=batch-to-arrow                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=batch-to-arrow   with your own server
 */
import assert from 'node:assert/strict'
import { connect, Double } from 'aerospike-napi'
import { toArrow } from 'aerospike-napi/arrow'
import { LocalServer } from 'aerospike-napi/testing'

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  const ids = Array.from({ length: 1000 }, (_, index) => index)
  // Double: without it, a whole number would be stored as an integer.
  const written = await client.batchWrite(
    ids.map(id => ({
      key: ['test', 'example-sensors', id],
      bins: { name: `sensor-${id}`, celsius: Double(id / 10), active: id % 3 === 0 },
    })),
  )
  written.throwIfFailed()

  // Two of the records do not exist: their cells are null.
  const keys = [...ids, 5000, 5001].map(id => ['test', 'example-sensors', id])
  const columns = await client.batchReadColumns(keys, { name: 'utf8', celsius: 'f64', active: 'bool' })
  let sum = 0
  for (const celsius of columns.columns.celsius) sum += celsius
  console.log(`${columns.length} rows, ${columns.nullCounts.celsius} without a value, mean ${(sum / 1000).toFixed(2)}`)
  assert.equal(columns.nullCounts.celsius, 2)
  assert.equal(columns.columns.name.get(7), 'sensor-7')

  const table = toArrow(columns, { keyField: 'id' })
  console.log(
    `Arrow table of ${table.numRows} x ${table.numCols}: ${table.schema.fields.map(field => field.name).join(', ')}`,
  )
  assert.equal(table.numRows, 1002)
  assert.equal(table.getChild('celsius')?.get(999), 99.9)
  assert.equal(table.getChild('celsius')?.get(1000), null)
  console.log('done')
} finally {
  await client.truncate('test', 'example-sensors')
  await client.close()
  await server?.stop()
}
