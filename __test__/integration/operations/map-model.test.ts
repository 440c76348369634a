/**
 * Maps against a plain JavaScript model: random operations on random maps of every order, as a bin and within others.
 * A failure prints its seed and the shortest sequence that fails.
 */
import { type MapOrder, type MapPolicy, type MapReturnType, maps } from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compare,
  differentItems,
  type Item,
  items,
  PLACES,
  REFUSED,
  ranked,
  returned,
  returnedOne,
  type Selected,
  type Steps,
  sequences,
  span,
  spanFrom,
  step,
  within,
} from '../../helpers/cdt-model'
import { CLIENTS, connectBefore, keysOf } from '../../helpers/clients'

type MapKey = string | number
/** Entries in the order of their keys, which is that of their indexes, whatever order the map has. */
interface State {
  entries: (readonly [MapKey, Item])[]
}

const { order, writeFlags } = maps
const TYPES: readonly MapReturnType[] = [
  'none',
  'index',
  'reverse-index',
  'rank',
  'reverse-rank',
  'count',
  'key',
  'value',
  'key-value',
  'exists',
  'unordered-map',
  'ordered-map',
]
const PLACE_TYPES: readonly MapReturnType[] = ['index', 'reverse-index', 'rank', 'reverse-rank']

const keys: fc.Arbitrary<MapKey> = fc.constantFrom('a', 'b', 'c', 'ab', '', -1, 0, 1, 2)
const entries = fc.uniqueArray(fc.tuple(keys, items), { selector: ([key]) => key, minLength: 1, maxLength: 5 })
const index = fc.integer({ min: -6, max: 6 })
const count = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined })
const type = fc.constantFrom(...TYPES)
const inverted = fc.boolean()
const keyEdge = fc.option(keys, { nil: undefined })
const edge = fc.option(
  items.filter(item => item !== null),
  { nil: undefined },
)
const flags = fc.constantFrom(
  ...[writeFlags.CREATE_ONLY, writeFlags.UPDATE_ONLY].flatMap(only => [only, only | 4, only | 12]),
  writeFlags.DEFAULT,
)

const UPDATE_PARTLY = writeFlags.UPDATE_ONLY | writeFlags.NO_FAIL | writeFlags.PARTIAL

const byKey = (a: readonly [MapKey, Item], b: readonly [MapKey, Item]): number => compare(a[0], b[0])
const valuesOf = ({ entries }: State): Item[] => entries.map(([, value]) => value)
const placesOf = ({ entries }: State, test: (key: MapKey, value: Item) => boolean): number[] =>
  entries.map((_, place) => place).filter(place => test(...(entries[place] as readonly [MapKey, Item])))

function selected(state: State, places: readonly number[], turned = false): Selected {
  const chosen = state.entries.map((_, place) => place).filter(place => places.includes(place) !== turned)
  const ranks = ranked(valuesOf(state))
  const of = chosen.map(place => state.entries[place] as readonly [MapKey, Item])
  return {
    indexes: chosen,
    ranks: chosen.map(place => ranks.indexOf(place)),
    keys: of.map(([key]) => key),
    values: of.map(([, value]) => value),
    all: valuesOf(state),
  }
}

function removeAll(state: State, { indexes }: Selected): void {
  state.entries = state.entries.filter((_, place) => !indexes.includes(place))
}

function write(state: State, key: MapKey, value: Item): void {
  state.entries = [...state.entries.filter(([known]) => known !== key), [key, value] as const].sort(byKey)
}

function putAll(state: State, given: readonly (readonly [MapKey, Item])[], flag: number): unknown {
  const forbidden = ([key]: readonly [MapKey, Item]): boolean => {
    const known = state.entries.some(([other]) => other === key)
    return known ? (flag & writeFlags.CREATE_ONLY) !== 0 : (flag & writeFlags.UPDATE_ONLY) !== 0
  }
  const allowed = given.filter(entry => !forbidden(entry))
  if (allowed.length < given.length && (flag & writeFlags.NO_FAIL) === 0) return REFUSED
  if (allowed.length === given.length || (flag & writeFlags.PARTIAL) !== 0) {
    for (const [key, value] of allowed) write(state, key, value)
  }
  return state.entries.length
}

function add(state: State, key: MapKey, by: number): unknown {
  const found = state.entries.find(([known]) => known === key)
  const value = found === undefined ? 0 : found[1]
  if (typeof value !== 'number') return REFUSED
  write(state, key, value + by)
  return value + by
}

/** The result for the entry of a missing key. */
const absent = (what: MapReturnType): unknown =>
  PLACE_TYPES.includes(what)
    ? -1
    : what === 'key' || what === 'value'
      ? null
      : returned(what, { indexes: [], ranks: [], values: [], all: [] })

type Build = (bin: string, ...args: unknown[]) => ReturnType<typeof maps.getByValue>
const builders = maps as unknown as { readonly [name: string]: Build }

function ofMany(
  name: string,
  select: (state: State, ...args: never[]) => number[],
  args: fc.Arbitrary<unknown>[],
): Steps<State> {
  const made =
    (kind: 'getBy' | 'removeBy') =>
    (what: MapReturnType, turned: boolean, ...rest: never[]) => {
      const operation = (builders[`${kind}${name}`] as Build)('b', ...rest).andReturn(what)
      return turned ? operation.invertSelection() : operation
    }
  const model =
    (remove: boolean) =>
    (state: State, what: MapReturnType, turned: boolean, ...rest: never[]) => {
      // The server has no ranks for the entries of a list of keys.
      if (name === 'KeyList' && (what === 'rank' || what === 'reverse-rank')) return REFUSED
      const chosen = selected(state, select(state, ...rest), turned)
      if (remove) removeAll(state, chosen)
      return returned(what, chosen, turned)
    }
  return {
    [`getBy${name}`]: { args: [type, inverted, ...args], build: made('getBy'), model: model(false) },
    [`removeBy${name}`]: { args: [type, inverted, ...args], build: made('removeBy'), model: model(true) },
  }
}

function ofOne(
  name: 'Index' | 'Rank' | 'Key',
  select: (state: State, given: never) => number | undefined,
  arg: fc.Arbitrary<unknown>,
): Steps<State> {
  const made = (kind: 'getBy' | 'removeBy') => (what: MapReturnType, given: never) =>
    (builders[`${kind}${name}`] as Build)('b', given).andReturn(what)
  const model = (remove: boolean) => (state: State, what: MapReturnType, given: never) => {
    const place = select(state, given)
    if (place === undefined) return name === 'Key' ? absent(what) : REFUSED
    const chosen = selected(state, [place])
    if (remove) removeAll(state, chosen)
    return returnedOne(what, chosen)
  }
  return {
    [`getBy${name}`]: { args: [type, arg], build: made('getBy'), model: model(false) },
    [`removeBy${name}`]: { args: [type, arg], build: made('removeBy'), model: model(true) },
  }
}

function at({ entries }: State, given: number): number | undefined {
  const place = given < 0 ? given + entries.length : given
  return place >= 0 && place < entries.length ? place : undefined
}

function byRank(state: State, places: readonly number[]): number[] {
  const ranks = ranked(valuesOf(state))
  return places.map(rank => ranks[rank] as number)
}

const STEPS: Steps<State> = {
  put: {
    args: [keys, items, flags],
    build: (key: MapKey, value: Item, flag: number) => maps.put('b', key, value, { writeFlags: flag }),
    model: (state, key: MapKey, value: Item, flag: number) => putAll(state, [[key, value]], flag),
  },
  putItems: {
    args: [entries, flags],
    build: (given: [MapKey, Item][], flag: number) => maps.putItems('b', new Map(given), { writeFlags: flag }),
    // Server 8.1.2 puts what may only be updated, in part, into a map that is empty.
    model: (state, given: [MapKey, Item][], flag: number) =>
      putAll(state, given, flag === UPDATE_PARTLY && state.entries.length === 0 ? writeFlags.DEFAULT : flag),
  },
  increment: {
    args: [keys, fc.integer({ min: -2, max: 2 })],
    build: (key: MapKey, by: number) => maps.increment('b', key, by),
    model: (state, key: MapKey, by: number) => add(state, key, by),
  },
  decrement: {
    args: [keys, fc.integer({ min: -2, max: 2 })],
    build: (key: MapKey, by: number) => maps.decrement('b', key, by),
    model: (state, key: MapKey, by: number) => add(state, key, 0 - by),
  },
  size: { args: [], build: () => maps.size('b'), model: state => state.entries.length },
  clear: {
    args: [],
    build: () => maps.clear('b'),
    model: state => {
      state.entries = []
      return null
    },
  },
  setOrder: {
    args: [fc.constantFrom(...Object.values(order))],
    build: (how: MapOrder) => maps.setOrder('b', how),
    model: () => null,
  },
  setPolicy: {
    args: [fc.constantFrom(...Object.values(order).map(how => ({ order: how })))],
    build: (policy: MapPolicy) => maps.setPolicy('b', policy),
    model: () => null,
  },
  ...ofOne('Key', (state, key: MapKey) => placesOf(state, known => known === key)[0], keys),
  ...ofOne('Index', at, index),
  ...ofOne(
    'Rank',
    (state, given: number) => {
      const rank = at(state, given)
      return rank === undefined ? undefined : ranked(valuesOf(state))[rank]
    },
    index,
  ),
  ...ofMany('KeyList', (state, list: MapKey[]) => placesOf(state, key => list.includes(key)), [
    fc.uniqueArray(keys, { minLength: 1, maxLength: 4 }),
  ]),
  ...ofMany(
    'KeyRange',
    (state, begin: MapKey | undefined, end: MapKey | undefined) => placesOf(state, key => within(key, begin, end)),
    [keyEdge, keyEdge],
  ),
  ...ofMany(
    'KeyRelIndexRange',
    (state, key: MapKey, offset: number, most?: number) => {
      const less = placesOf(state, known => compare(known, key) < 0).length
      return spanFrom(less + offset, most, state.entries.length)
    },
    [keys, index, count],
  ),
  ...ofMany('Value', (state, value: Item) => placesOf(state, (_, item) => compare(item, value) === 0), [items]),
  ...ofMany(
    'ValueList',
    (state, values: Item[]) => placesOf(state, (_, item) => values.some(value => compare(item, value) === 0)),
    [differentItems()],
  ),
  ...ofMany(
    'ValueRange',
    (state, begin: Item | undefined, end: Item | undefined) => placesOf(state, (_, item) => within(item, begin, end)),
    [edge, edge],
  ),
  ...ofMany(
    'ValueRelRankRange',
    (state, value: Item, rank: number, most?: number) => {
      const less = placesOf(state, (_, item) => compare(item, value) < 0).length
      return byRank(state, spanFrom(less + rank, most, state.entries.length))
    },
    [items, index, count],
  ),
  ...ofMany('IndexRange', (state, given: number, most?: number) => span(given, most, state.entries.length), [
    index,
    count,
  ]),
  ...ofMany(
    'RankRange',
    (state, given: number, most?: number) => byRank(state, span(given, most, state.entries.length)),
    [index, count],
  ),
}

const newKey = keysOf('map-model')

describe('maps', () => {
  const client = connectBefore(CLIENTS[0]!, { maps: 'map' })

  test.each(PLACES)('as $name behave as the model', { timeout: 60_000 }, async place => {
    await fc.assert(
      fc.asyncProperty(entries, sequences(STEPS), async (given, calls) => {
        const key = newKey()
        const state: State = { entries: [...given].sort(byKey) }
        await client().put(key, { b: place.wrap(new Map(given)) })
        for (const [name, ...args] of calls) {
          const what = `${name}(${JSON.stringify(args)}) on ${JSON.stringify(state)}`
          await step(client(), key, place, STEPS[name]!, args, state, current => new Map(current.entries), what)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('the model has every operation of the builders but what sets up', () => {
    const names = Object.entries(maps).filter(([, value]) => typeof value === 'function')
    expect(names.map(([name]) => name).filter(name => !(name in STEPS))).toEqual(['create'])
  })
})
