/** Reads and writes of single records of other shapes: many bins, nested collections, blobs. */
import { loopsOf } from '../harness/loops'
import { type AnyBins, RECORDS, type ReadBins, SHAPE_SET, userId } from './data'
import { expect, type Suite } from './suite'

export interface Shape {
  readonly name: string
  readonly title: string
  /** Number of records per set: fewer of large ones. */
  readonly records: number
  bins(index: number): AnyBins
}

/** The bins of a wide record, and their kinds in turn. */
const WIDE_BINS = 50
const KIB = 1024

function wide(index: number): AnyBins {
  const bins: AnyBins = { visits: index }
  for (let bin = 1; bin < WIDE_BINS; bin++) {
    bins[`bin${bin}`] = bin % 3 === 0 ? index + bin : bin % 3 === 1 ? index + bin + 0.5 : `value ${bin} of ${index}`
  }
  return bins
}

function nested(index: number): AnyBins {
  const orders = Array.from({ length: 10 }, (_, order) => ({
    id: index * 10 + order,
    total: order + 0.5,
    items: [`item ${order}`, `item ${order + 1}`],
    address: { city: 'Turin', zip: '10121', lines: ['Via Po', String(order)] },
  }))
  return {
    visits: index,
    profile: { name: `user ${index}`, tags: ['a', 'b', 'c'], settings: { theme: 'dark' } },
    orders,
  }
}

function blob(size: number): Shape['bins'] {
  return index => ({ visits: index, data: Buffer.alloc(size, index % 251) })
}

export const SHAPES: readonly Shape[] = [
  { name: 'wide', title: `${WIDE_BINS} bins`, records: RECORDS, bins: wide },
  { name: 'nested', title: 'nested lists and maps', records: RECORDS, bins: nested },
  { name: 'blob-1k', title: 'a blob of 1 KiB', records: RECORDS, bins: blob(KIB) },
  { name: 'blob-100k', title: 'a blob of 100 KiB', records: 200, bins: blob(100 * KIB) },
]

export const shapeSet = ({ name }: Shape): string => `${SHAPE_SET}-${name}`

function shapeNamed(name: string | undefined): Shape {
  const found = SHAPES.find(shape => shape.name === name)
  if (found === undefined) throw new Error(`there is no shape ${name}`)
  return found
}

export const getShape: Suite = (adapter, { shape: name }) => {
  const shape = shapeNamed(name)
  const set = shapeSet(shape)
  const ids = Array.from({ length: shape.records }, (_, index) => userId(index))
  return {
    run: loopsOf<{ readonly bins: ReadBins }>({
      start: index => adapter.get(set, ids[index % shape.records]!),
      check: ({ bins }, index) => expect(bins.visits === index % shape.records, 'the record'),
    }),
  }
}

/** Number of distinct records that are written, made before the measurement. */
const WRITTEN = 64

export const putShape: Suite = (adapter, { shape: name }) => {
  const shape = shapeNamed(name)
  const set = `${shapeSet(shape)}-put`
  const ids = Array.from({ length: shape.records }, (_, index) => userId(index))
  const made = Array.from({ length: WRITTEN }, (_, index) => shape.bins(index))
  let last = 0
  return {
    run: loopsOf<unknown>({
      start: index => adapter.put(set, ids[index % shape.records]!, made[index % WRITTEN]!),
      check: (_, index) => {
        last = index
      },
    }),
    verify: async () => {
      await adapter.put(set, ids[last % shape.records]!, made[last % WRITTEN]!)
      const { bins } = await adapter.get(set, ids[last % shape.records]!)
      expect(bins.visits === last % WRITTEN, 'the record')
    },
  }
}
