/**
 * A feature store. Features are written from Arrow tables. A recommendation reads the features of one customer and a
 * few hundred articles in two requests. Training reads all features as record batches.
 *
 *   make feature-store                                  with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make feature-store    with your own server
 */
import { type Client, connect } from 'aerospike-napi'
import { readArrow, writeArrow } from 'aerospike-napi/arrow'
import { LocalServer } from 'aerospike-napi/testing'
import { articles, CATEGORIES, customers, WIDTH } from './data'

const NS = 'test'
const ARTICLES = 20_000
const CUSTOMERS = 2000
const CANDIDATES = 500

const articleSet = 'features-articles'
const customerSet = 'features-customers'
/**
 * The columns to read of an article. A missing price is NaN, for which every comparison is false, so the article is
 * not offered.
 */
const ARTICLE = {
  category: 'dictionary',
  price: { type: 'f32', fill: Number.NaN },
  stock: 'i32',
  embedding: ['f32', WIDTH],
} as const

const whole = (number: number): string => Math.round(number).toLocaleString('en-US')
const ms = (since: number): string => `${(performance.now() - since).toFixed(1)} ms`

async function fill(client: Client): Promise<void> {
  const tables = [
    [articleSet, articles(ARTICLES)],
    [customerSet, customers(CUSTOMERS)],
  ] as const
  for (const [set, table] of tables) {
    const since = performance.now()
    const { written, failed, failures } = await writeArrow(client, table, { namespace: NS, set, ttl: 3600 })
    if (failed > 0) throw failures[0]?.error ?? new Error(`${failed} rows failed`)
    console.log(
      `${whole(written)} records into ${set} in ${ms(since)}: ${table.schema.fields.map(field => field.name).join(', ')}`,
    )
  }
}

/** Recommends the candidates that suit the customer best. */
async function recommend(client: Client, customer: number, candidates: Int32Array): Promise<void> {
  const since = performance.now()
  const [who, rows] = await Promise.all([
    client.batchReadColumns(
      { namespace: NS, set: customerSet, ids: [customer] },
      { likes: 'dictionary', taste: ['f32', WIDTH] },
    ),
    client.batchReadColumns({ namespace: NS, set: articleSet, ids: candidates }, ARTICLE),
  ])
  const { taste, likes } = who.columns
  const { embedding, price, stock, category } = rows.columns
  const scored: [row: number, score: number][] = []
  for (let row = 0; row < rows.length; row++) {
    // These are typed arrays: no object was created for a row.
    if (!((price[row] as number) < 35) || stock[row] === 0) continue
    let score = 0
    for (let index = 0; index < WIDTH; index++) {
      score += (embedding[row * WIDTH + index] as number) * (taste[index] as number)
    }
    scored.push([row, score])
  }
  scored.sort(([, a], [, b]) => b - a)
  console.log(`\nCustomer ${customer} likes ${likes.get(0)}. Of ${whole(rows.length)} articles, in ${ms(since)}:`)
  for (const [row, score] of scored.slice(0, 5)) {
    const name = `article ${rows.key(row)?.userKey}`.padEnd(14)
    console.log(
      `  ${name} ${category.get(row).padEnd(8)} ${(price[row] as number).toFixed(2).padStart(6)}  ${score.toFixed(3)}`,
    )
  }
}

/** Reads all articles as Arrow, one window at a time, and prints statistics for training. */
async function survey(client: Client): Promise<void> {
  const since = performance.now()
  const ids = Int32Array.from({ length: ARTICLES }, (_, id) => id)
  const sums = new Map<string, { rows: number; priced: number; sum: number }>(
    CATEGORIES.map(name => [name, { rows: 0, priced: 0, sum: 0 }]),
  )
  let batches = 0
  for await (const batch of readArrow(
    client,
    { namespace: NS, set: articleSet, ids },
    { category: 'dictionary', price: 'f32' },
    { batchRows: 5000 },
  )) {
    batches++
    const [category, price] = [batch.getChild('category'), batch.getChild('price')]
    for (let row = 0; row < batch.numRows; row++) {
      const of = sums.get(category?.get(row))
      if (of === undefined) continue
      of.rows++
      const cost: number | null = price?.get(row)
      if (cost === null) continue
      of.priced++
      of.sum += cost
    }
  }
  console.log(`\nAll ${whole(ARTICLES)} articles as ${batches} Arrow record batches, in ${ms(since)}:`)
  for (const [name, { rows, priced, sum }] of sums) {
    console.log(
      `  ${name.padEnd(8)} ${whole(rows).padStart(6)} articles, ${whole(priced).padStart(6)} with a price, ${(sum / priced).toFixed(2).padStart(6)} on average`,
    )
  }
}

async function main(): Promise<void> {
  const named = process.env.AEROSPIKE_HOST
  const server = named ? undefined : await LocalServer.start({ namespaces: [NS] })
  const client = await connect({ hosts: named || (server as LocalServer).address, totalTimeout: 10_000 })
  try {
    await fill(client)
    const candidates = Int32Array.from({ length: CANDIDATES }, (_, index) => (index * 37) % ARTICLES)
    for (const customer of [1, 2, 3]) await recommend(client, customer, candidates)
    await survey(client)
  } finally {
    await client.close()
    await server?.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
