/**
 * Synthetic features, the same in every run: customer behaviour and article properties.
 */
import {
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Int32,
  makeData,
  makeVector,
  Table,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow'

/** Number of elements of an embedding. */
export const WIDTH = 64
export const CATEGORIES = ['books', 'garden', 'games', 'kitchen', 'music', 'sports', 'tools', 'travel'] as const

/** Pseudo-random numbers between -1 and 1. The same seed produces the same sequence. */
function randoms(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 31 - 1
  }
}

/** The centre of each category's embeddings. */
const centres = CATEGORIES.map((_, category) => {
  const next = randoms(1000 + category)
  return Float32Array.from({ length: WIDTH }, next)
})

/** Unit vectors near the centres of their categories. */
function embeddings(categories: readonly number[], seed: number): Float32Array {
  const next = randoms(seed)
  const all = new Float32Array(categories.length * WIDTH)
  for (const [row, category] of categories.entries()) {
    const own = all.subarray(row * WIDTH, (row + 1) * WIDTH)
    const centre = centres[category] as Float32Array
    let square = 0
    for (let index = 0; index < WIDTH; index++) {
      const value = (centre[index] as number) + 0.6 * next()
      own[index] = value
      square += value * value
    }
    const length = Math.sqrt(square)
    for (let index = 0; index < WIDTH; index++) own[index] = (own[index] as number) / length
  }
  return all
}

function vectors(values: Float32Array): Vector {
  const type = new FixedSizeList(WIDTH, new Field('item', new Float32(), false))
  const child = makeData({ type: new Float32(), data: values, length: values.length, nullCount: 0 })
  return new Vector([makeData({ type, length: values.length / WIDTH, nullCount: 0, child })])
}

function words(values: readonly string[]): Vector {
  return vectorFromArray(values, new Dictionary(new Utf8(), new Int32()))
}

const ids = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, row) => row)

/** Articles: category, price, stock and embedding. One in twelve has no price yet. */
export function articles(rows: number): Table {
  const next = randoms(7)
  const category = Array.from({ length: rows }, () => Math.floor(((next() + 1) / 2) * CATEGORIES.length))
  const price = Array.from({ length: rows }, (_, row) => (row % 12 === 5 ? null : Math.fround(20 + 19 * next())))
  return new Table({
    _key: makeVector(ids(rows)),
    category: words(category.map(index => CATEGORIES[index] ?? CATEGORIES[0])),
    price: vectorFromArray(price, new Float32()),
    stock: makeVector(Int32Array.from({ length: rows }, (_, row) => (row * 7) % 50)),
    embedding: vectors(embeddings(category, 11)),
  })
}

/** Customers: favourite category, number of visits, and an embedding of their taste. */
export function customers(rows: number): Table {
  const taste = Array.from({ length: rows }, (_, row) => (row * 5) % CATEGORIES.length)
  return new Table({
    _key: makeVector(ids(rows)),
    likes: words(taste.map(index => CATEGORIES[index] ?? CATEGORIES[0])),
    visits: makeVector(Int32Array.from({ length: rows }, (_, row) => (row * 13) % 100)),
    taste: vectors(embeddings(taste, 13)),
  })
}
