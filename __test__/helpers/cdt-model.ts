/** A plain JavaScript model of what lists and maps are to a server: its order of values, selections, return types. */
import {
  type AerospikeError,
  type CdtContext,
  type CdtOperation,
  type Key,
  type MapReturnType,
  op,
  type ReadValue,
  type Value,
} from 'aerospike-napi'
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Commands } from './clients'

/** Values of the model: some of each type that the order tells apart. */
export type Item = null | boolean | number | string | readonly Item[]

/** Different items. */
export const differentItems = (): fc.Arbitrary<Item[]> =>
  fc.uniqueArray(items, { minLength: 1, maxLength: 4, selector: item => JSON.stringify(item) })

export const items: fc.Arbitrary<Item> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 3, arbitrary: fc.constantFrom('', 'a', 'b', 'ab') },
  { weight: 1, arbitrary: fc.constantFrom<Item>(null, true, false) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }) },
)

const typeOf = (item: Item): number =>
  item === null ? 0 : typeof item === 'boolean' ? 1 : typeof item === 'number' ? 2 : typeof item === 'string' ? 3 : 4

/** The server's order: nil, booleans, integers, strings by their bytes, lists by their items and then their length. */
export function compare(a: Item, b: Item): number {
  if (typeOf(a) !== typeOf(b)) return typeOf(a) - typeOf(b)
  if (a === null || b === null) return 0
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string))
  if (typeof a === 'object') {
    const other = b as readonly Item[]
    for (let index = 0; index < Math.min(a.length, other.length); index++) {
      const order = compare(a[index] as Item, other[index] as Item)
      if (order !== 0) return order
    }
    return a.length - other.length
  }
  return Number(a) - Number(b)
}

/** Positions of sorted items; among equal ones the first comes first. */
export function ranked(values: readonly Item[]): number[] {
  return values.map((_, index) => index).sort((a, b) => compare(values[a] as Item, values[b] as Item) || a - b)
}

/** `count` places from `start` on, which may be negative and lie outside: those of them that there are. */
export function span(start: number, count: number | undefined, size: number): number[] {
  const first = start < 0 ? start + size : start
  const end = count === undefined ? size : first + count
  return Array.from({ length: size }, (_, place) => place).filter(place => place >= first && place < end)
}

/** `count` places from `start` on, which is counted from the first place and may lie before it. */
export function spanFrom(start: number, count: number | undefined, size: number): number[] {
  const end = count === undefined ? size : start + count
  return Array.from({ length: size }, (_, place) => place).filter(place => place >= start && place < end)
}

/** Whether a value lies in a range; undefined leaves a side open. */
export const within = (value: Item, begin: Item | undefined, end: Item | undefined): boolean =>
  (begin === undefined || compare(value, begin) >= 0) && (end === undefined || compare(value, end) < 0)

/** What selected items look like to a return type. */
export interface Selected {
  /** Place of each in the order of indexes, of how many. */
  readonly indexes: readonly number[]
  readonly ranks: readonly number[]
  readonly values: readonly Item[]
  readonly keys?: readonly (string | number)[]
  /** All values that there are. */
  readonly all: readonly Item[]
}

/** A list whose order does not matter. */
class Bag {
  constructor(readonly items: readonly unknown[]) {}
}

/** An answer that the model does not know. */
const ANY = Symbol('any')

/** Items that are equal have no ranks that one could rely on: they depend on how they are selected. */
export const distinct = (values: readonly Item[]): boolean =>
  ranked(values).every((at, rank, order) => rank === 0 || compare(values[order[rank - 1]!]!, values[at]!) !== 0)

/** What the server answers for a selection of many. */
export function returned(
  type: MapReturnType,
  { indexes, ranks, values, keys = [], all }: Selected,
  turned = false,
): unknown {
  const size = all.length
  if ((type === 'rank' || type === 'reverse-rank') && !distinct(all)) return ANY
  // Of an inverted range of values or keys the server tells whether the range itself is empty.
  if (type === 'exists' && turned) return ANY
  switch (type) {
    case 'none':
      return null
    case 'index':
      return new Bag(indexes)
    case 'reverse-index':
      return new Bag(indexes.map(index => size - 1 - index))
    case 'rank':
      return new Bag(ranks)
    case 'reverse-rank':
      return new Bag(ranks.map(rank => size - 1 - rank))
    case 'count':
      return indexes.length
    case 'key':
      return new Bag(keys)
    case 'value':
      return new Bag(values)
    case 'key-value':
      return new Bag(keys.map((key, place) => [key, values[place]]))
    case 'exists':
      return indexes.length > 0
    case 'unordered-map':
    case 'ordered-map':
      return new Map(keys.map((key, place) => [key, values[place]]))
  }
}

/** And for a selection of one, which is there. */
export function returnedOne(type: MapReturnType, selected: Selected): unknown {
  const many = returned(type, selected)
  return many instanceof Bag && type !== 'key-value' ? many.items[0] : many
}

/** The operation is refused. */
export const REFUSED = Symbol('refused')

/** One operation of the model: how it is built, and what it does to the state; it answers, or is REFUSED. */
export interface Step<S> {
  readonly args: readonly fc.Arbitrary<unknown>[]
  readonly build: (...args: never[]) => CdtOperation
  readonly model: (state: S, ...args: never[]) => unknown
  /** Whether a server is free in what it does, so that there is nothing to compare with. */
  readonly unsure?: (state: S) => boolean
}

export type Steps<S> = { readonly [name: string]: Step<S> }

/** Where the list or map lies: it is the bin, or lies in one. */
export interface Place {
  readonly name: string
  readonly wrap: (value: Value) => Value
  readonly unwrap: (bin: ReadValue) => ReadValue
  readonly way: ((context: CdtContext) => unknown) | undefined
}

export const PLACES: readonly Place[] = [
  { name: 'a bin', wrap: value => value, unwrap: bin => bin, way: undefined },
  {
    name: 'a map',
    wrap: value => ({ other: 1, in: value }),
    unwrap: bin => (bin instanceof Map ? bin.get('in') : (bin as { in: ReadValue }).in) as ReadValue,
    way: context => context.addMapKey('in'),
  },
  {
    name: 'the last item of a list in a list',
    wrap: value => [0, [1, value]],
    unwrap: bin => ((bin as ReadValue[])[1] as ReadValue[])[1] as ReadValue,
    way: context => context.addListIndex(1).addListIndex(-1),
  },
]

/** Sequences of operations, as their names and arguments. */
export function sequences<S>(steps: Steps<S>): fc.Arbitrary<readonly (readonly [string, ...unknown[]])[]> {
  const each = Object.entries(steps).map(([name, { args }]) => fc.tuple(fc.constant(name), ...args))
  return fc.array(fc.oneof(...each) as fc.Arbitrary<[string, ...unknown[]]>, { minLength: 1, maxLength: 12 })
}

const sorted = (values: readonly unknown[]): unknown[] =>
  [...values].sort((a, b) => Buffer.compare(Buffer.from(JSON.stringify(a)), Buffer.from(JSON.stringify(b))))

function expectAnswer(answer: unknown, wanted: unknown, what: string): void {
  if (wanted === ANY) return
  if (!(wanted instanceof Bag)) expect(answer, what).toEqual(wanted)
  else expect(sorted(answer as unknown[]), what).toEqual(sorted(wanted.items))
}

/** What a server refuses an operation with. */
const REFUSALS = ['OP_NOT_APPLICABLE', 'INVALID_ARGUMENT', 'BIN_TYPE', 'ELEMENT_EXISTS', 'ELEMENT_NOT_FOUND']

/** Does one operation on the server and the model, and compares what they answer and what they hold. */
export async function step<S>(
  client: Commands,
  key: Key,
  place: Place,
  { build, model, unsure }: Step<S>,
  args: readonly unknown[],
  state: S,
  stored: (state: S) => unknown,
  what: string,
): Promise<void> {
  if (unsure?.(state) === true) return
  const operation = build(...(args as never[]))
  if (place.way !== undefined) operation.withContext(place.way)
  const before = stored(state)
  const wanted = model(state, ...(args as never[]))
  const outcome = await client.operateOrdered(key, [operation, op.read('b')]).catch((error: unknown) => error as Error)
  if (outcome instanceof Error) {
    expect(wanted, `${what}: ${outcome}`).toBe(REFUSED)
    expect(REFUSALS, `${what}: ${outcome}`).toContain((outcome as AerospikeError).code)
    expect(place.unwrap((await client.get(key)).bins.b as ReadValue), `${what}: refused`).toEqual(before)
    return
  }
  expect(wanted, `${what}: not refused, but ${JSON.stringify(outcome.results)}`).not.toBe(REFUSED)
  expectAnswer(outcome.results[0][1], wanted, `${what}: its answer`)
  expect(place.unwrap(outcome.results[1][1]), `${what}: what is stored`).toEqual(stored(state))
}
