/**
 * Embeddings as blobs: each vector is a bin of 32-bit floats, and a search reads the candidates of a filter into one matrix,
 * without an object for each record.
 *
 *   make example NAME=vector-blobs                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=vector-blobs   with your own server
 */
import assert from 'node:assert/strict'
import { connect, exp } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

const DIMENSIONS = 128
const SET = 'example-vectors'

/** A unit vector that is always the same for a seed. */
function vector(seed: number): Float32Array {
  const values = Float32Array.from({ length: DIMENSIONS }, (_, at) => Math.sin(seed * 37 + at * (seed % 11)))
  const length = Math.hypot(...values)
  return values.map(value => value / length)
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  // A typed array is stored as its bytes.
  const ids = Array.from({ length: 2000 }, (_, id) => id)
  const rows = ids.map(id => ({
    key: ['test', SET, id],
    bins: { lang: id % 2 === 0 ? 'en' : 'de', embedding: vector(id) },
    policy: { key: 'send' } as const,
  }))
  const { written } = await client.bulkWrite(rows)
  console.log(`${written} vectors of ${DIMENSIONS} floats`)

  /** The best matches of a language: cosine similarity with a query vector, computed here. */
  async function search(query: Float32Array, lang: string, most: number) {
    const best: { id: unknown; score: number }[] = []
    const filter = exp.eq(exp.binStr('lang'), lang)
    const chunks = client
      .query('test', SET)
      .filter(filter)
      .columns({ embedding: ['f32', DIMENSIONS] }, { chunkRows: 512 })
    for await (const chunk of chunks) {
      const { embedding } = chunk.columns // one Float32Array: row after row
      for (let row = 0; row < chunk.length; row++) {
        let score = 0
        for (let at = 0; at < DIMENSIONS; at++) score += (embedding[row * DIMENSIONS + at] ?? 0) * (query[at] ?? 0)
        best.push({ id: chunk.key(row)?.userKey, score })
      }
      best.sort((a, b) => b.score - a.score).splice(most)
    }
    return best
  }

  const found = await search(vector(42), 'en', 3)
  for (const { id, score } of found) console.log(`record ${id}: ${score.toFixed(3)}`)
  assert.equal(found[0]?.id, 42)
  assert.ok((found[0]?.score ?? 0) > 0.999)

  // By key: a batch into a matrix.
  const batch = await client.batchReadColumns(
    [1, 2, 3].map(id => ['test', SET, id]),
    { embedding: ['f32', DIMENSIONS] },
  )
  assert.deepEqual(batch.columns.embedding.subarray(0, DIMENSIONS), vector(1))

  await client.truncate('test', SET, 0)
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
