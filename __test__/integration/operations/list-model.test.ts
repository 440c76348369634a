/**
 * Lists against a plain JavaScript model: random operations on random lists, ordered or not, as a bin and within others.
 * A failure prints its seed and the shortest sequence that fails.
 */
import { type ListOrder, type ListReturnType, lists } from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compare,
  differentItems,
  distinct,
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

interface State {
  list: Item[]
  ordered: boolean
}

const { writeFlags, sortFlags, order } = lists
const TYPES: readonly ListReturnType[] = [
  'none',
  'index',
  'reverse-index',
  'rank',
  'reverse-rank',
  'count',
  'value',
  'exists',
]

const index = fc.integer({ min: -7, max: 7 })
const count = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined })
const many = fc.array(items, { minLength: 1, maxLength: 4 })
const type = fc.constantFrom(...TYPES)
const inverted = fc.boolean()
const edge = fc.option(
  items.filter(item => item !== null),
  { nil: undefined },
)
/** Write flags that make a difference, and what they make of a value that is there. */
const flags = fc.constantFrom(0, writeFlags.ADD_UNIQUE, writeFlags.ADD_UNIQUE | writeFlags.NO_FAIL, 13)

const equal = (a: Item, b: Item): boolean => compare(a, b) === 0
const kept = (state: State): Item[] =>
  state.ordered ? ranked(state.list).map(at => state.list[at] as Item) : state.list

/** Where an index is, or undefined where it is outside. */
function at(state: State, given: number): number | undefined {
  const place = given < 0 ? given + state.list.length : given
  return place >= 0 && place < state.list.length ? place : undefined
}

function selected({ list }: State, places: readonly number[], turned = false): Selected {
  const chosen = list.map((_, place) => place).filter(place => places.includes(place) !== turned)
  const ranks = ranked(list)
  return {
    indexes: chosen,
    ranks: chosen.map(place => ranks.indexOf(place)),
    values: chosen.map(place => list[place] as Item),
    all: list,
  }
}

function removeAll(state: State, { indexes }: Selected): void {
  state.list = state.list.filter((_, place) => !indexes.includes(place))
}

/** Adds values by flags: gives those that go in, or REFUSED. */
function admitted(state: State, values: readonly Item[], flag: number): Item[] | typeof REFUSED {
  if ((flag & writeFlags.ADD_UNIQUE) === 0) return [...values]
  const into: Item[] = []
  for (const value of values) {
    const known = [...state.list, ...into].some(item => equal(item, value))
    if (!known) into.push(value)
    else if ((flag & writeFlags.NO_FAIL) === 0) return REFUSED
    else if ((flag & writeFlags.PARTIAL) === 0) return []
  }
  return into
}

function add(state: State, values: readonly Item[], flag: number, place?: number): unknown {
  const into = admitted(state, values, flag)
  if (into === REFUSED) return REFUSED
  state.list.splice(place ?? state.list.length, 0, ...into)
  state.list = kept(state)
  return state.list.length
}

/** A selection by places, which reads or removes. */
function ofMany(
  name: string,
  select: (state: State, ...args: never[]) => number[],
  args: fc.Arbitrary<unknown>[],
): Steps<State> {
  type Build = (bin: string, ...args: unknown[]) => ReturnType<typeof lists.getByValue>
  const builders = lists as unknown as { readonly [name: string]: Build }
  const made =
    (kind: 'getBy' | 'removeBy') =>
    (what: ListReturnType, turned: boolean, ...rest: never[]) => {
      const operation = (builders[`${kind}${name}`] as Build)('b', ...rest).andReturn(what)
      return turned ? operation.invertSelection() : operation
    }
  const model =
    (remove: boolean) =>
    (state: State, what: ListReturnType, turned: boolean, ...rest: never[]) => {
      const chosen = selected(state, select(state, ...rest), turned)
      if (remove) removeAll(state, chosen)
      return returned(what, chosen, turned)
    }
  const unsure = rankUnsure(name)
  return {
    [`getBy${name}`]: { args: [type, inverted, ...args], build: made('getBy'), model: model(false), unsure },
    [`removeBy${name}`]: { args: [type, inverted, ...args], build: made('removeBy'), model: model(true), unsure },
  }
}

/** A selection of one place, which is refused where there is none. */
function ofOne(name: 'Index' | 'Rank', select: (state: State, given: number) => number | undefined): Steps<State> {
  const model = (remove: boolean) => (state: State, what: ListReturnType, given: number) => {
    const place = select(state, given)
    if (place === undefined) return REFUSED
    const chosen = selected(state, [place])
    if (remove) removeAll(state, chosen)
    return returnedOne(what, chosen)
  }
  const unsure = rankUnsure(name)
  return {
    [`getBy${name}`]: {
      args: [type, index],
      build: (what: ListReturnType, given: number) => lists[`getBy${name}`]('b', given).andReturn(what),
      model: model(false),
      unsure,
    },
    [`removeBy${name}`]: {
      args: [type, index],
      build: (what: ListReturnType, given: number) => lists[`removeBy${name}`]('b', given).andReturn(what),
      model: model(true),
      unsure,
    },
  }
}

/** Of equal items any may have a rank. */
const rankUnsure = (name: string) => (name.includes('Rank') ? ({ list }: State) => !distinct(list) : () => false)

const byRank = (state: State, places: readonly number[]): number[] => {
  const ranks = ranked(state.list)
  return places.map(rank => ranks[rank] as number)
}

const STEPS: Steps<State> = {
  append: {
    args: [items, flags],
    build: (value: Item, flag: number) => lists.append('b', value, { writeFlags: flag }),
    model: (state, value: Item, flag: number) => add(state, [value], flag),
  },
  appendItems: {
    args: [many, flags],
    build: (values: Item[], flag: number) => lists.appendItems('b', values, { writeFlags: flag }),
    model: (state, values: Item[], flag: number) => add(state, values, flag),
  },
  insert: {
    args: [index, items],
    build: (given: number, value: Item) => lists.insert('b', given, value),
    model: (state, given: number, value: Item) => insertAt(state, given, [value]),
  },
  insertItems: {
    args: [index, many],
    build: (given: number, values: Item[]) => lists.insertItems('b', given, values),
    model: (state, given: number, values: Item[]) => insertAt(state, given, values),
  },
  set: {
    args: [index, items.filter(item => item !== null)],
    build: (given: number, value: Item) => lists.set('b', given, value),
    model: (state, given: number, value: Item) => {
      const place = given < 0 ? given + state.list.length : given
      if (place < 0 || state.ordered) return REFUSED
      while (state.list.length < place) state.list.push(null)
      state.list[place] = value
      return null
    },
  },
  increment: {
    args: [index, fc.integer({ min: -2, max: 2 })],
    build: (given: number, by: number) => lists.increment('b', given, by),
    model: (state, given: number, by: number) => {
      const { list, ordered } = state
      const place = given < 0 ? given + list.length : given
      if (place < 0 || (ordered && place > list.length)) return REFUSED
      const value = place < list.length ? list[place] : 0
      if (typeof value !== 'number') return REFUSED
      while (list.length < place) list.push(null)
      list[place] = value + by
      state.list = kept(state)
      return value + by
    },
  },
  get: {
    args: [index],
    build: (given: number) => lists.get('b', given),
    model: (state, given: number) => {
      const place = at(state, given)
      return place === undefined ? REFUSED : state.list[place]
    },
  },
  pop: {
    args: [index],
    build: (given: number) => lists.pop('b', given),
    model: (state, given: number) => {
      const place = at(state, given)
      return place === undefined ? REFUSED : state.list.splice(place, 1)[0]
    },
  },
  remove: {
    args: [index],
    build: (given: number) => lists.remove('b', given),
    model: (state, given: number) => {
      const place = at(state, given)
      return place === undefined ? REFUSED : state.list.splice(place, 1).length
    },
  },
  getRange: {
    args: [index, count],
    build: (given: number, most?: number) => lists.getRange('b', given, most),
    model: ({ list }, given: number, most?: number) => span(given, most, list.length).map(place => list[place]),
  },
  popRange: {
    args: [index, count],
    build: (given: number, most?: number) => lists.popRange('b', given, most),
    model: (state, given: number, most?: number) => {
      const chosen = selected(state, span(given, most, state.list.length))
      removeAll(state, chosen)
      return chosen.values
    },
  },
  removeRange: {
    args: [index, count],
    build: (given: number, most?: number) => lists.removeRange('b', given, most),
    model: (state, given: number, most?: number) => {
      const chosen = selected(state, span(given, most, state.list.length))
      removeAll(state, chosen)
      return chosen.indexes.length
    },
  },
  trim: {
    args: [index, fc.integer({ min: 1, max: 6 })],
    build: (given: number, most: number) => lists.trim('b', given, most),
    model: (state, given: number, most: number) => {
      const chosen = selected(state, span(given, most, state.list.length), true)
      removeAll(state, chosen)
      return chosen.indexes.length
    },
  },
  size: { args: [], build: () => lists.size('b'), model: ({ list }) => list.length },
  clear: {
    args: [],
    build: () => lists.clear('b'),
    model: state => {
      state.list = []
      return null
    },
  },
  sort: {
    // Server 8.1.2 does not do both, or not always.
    args: [fc.constantFrom(sortFlags.DEFAULT, sortFlags.DESCENDING, sortFlags.DROP_DUPLICATES)],
    build: (how: number) => lists.sort('b', how),
    model: (state, how: number) => {
      let sorted = ranked(state.list).map(place => state.list[place] as Item)
      if ((how & sortFlags.DROP_DUPLICATES) !== 0) {
        sorted = sorted.filter((item, place) => place === 0 || !equal(item, sorted[place - 1] as Item))
      }
      state.list = (how & sortFlags.DESCENDING) !== 0 && !state.ordered ? sorted.reverse() : sorted
      return null
    },
  },
  setOrder: {
    args: [fc.constantFrom(order.UNORDERED, order.ORDERED)],
    build: (how: ListOrder) => lists.setOrder('b', how),
    model: (state, how: ListOrder) => {
      state.ordered = how === order.ORDERED
      state.list = kept(state)
      return null
    },
  },
  ...ofOne('Index', at),
  ...ofOne('Rank', (state, given) => {
    const rank = at(state, given)
    return rank === undefined ? undefined : ranked(state.list)[rank]
  }),
  ...ofMany('IndexRange', (state, given: number, most?: number) => span(given, most, state.list.length), [
    index,
    count,
  ]),
  ...ofMany('RankRange', (state, given: number, most?: number) => byRank(state, span(given, most, state.list.length)), [
    index,
    count,
  ]),
  ...ofMany('Value', ({ list }, value: Item) => places(list, item => equal(item, value)), [items]),
  ...ofMany('ValueList', ({ list }, values: Item[]) => places(list, item => values.some(value => equal(item, value))), [
    differentItems(),
  ]),
  ...ofMany(
    'ValueRange',
    ({ list }, begin: Item | undefined, end: Item | undefined) => places(list, item => within(item, begin, end)),
    [edge, edge],
  ),
  ...ofMany(
    'ValueRelRankRange',
    (state, value: Item, rank: number, most?: number) => {
      const less = state.list.filter(item => compare(item, value) < 0).length
      return byRank(state, spanFrom(less + rank, most, state.list.length))
    },
    [items, index, count],
  ),
}

const places = (list: readonly Item[], test: (item: Item) => boolean): number[] =>
  list.map((_, place) => place).filter(place => test(list[place] as Item))

function insertAt(state: State, given: number, values: readonly Item[]): unknown {
  if (state.ordered) return REFUSED
  const place = given < 0 ? given + state.list.length : given
  if (place < 0) return REFUSED
  while (state.list.length < place) state.list.push(null)
  return add(state, values, 0, place)
}

const newKey = keysOf('list-model')

describe('lists', () => {
  const client = connectBefore(CLIENTS[0]!)

  test.each(PLACES)('as $name behave as the model', { timeout: 60_000 }, async place => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(items, { maxLength: 6 }),
        fc.boolean(),
        sequences(STEPS),
        async (list, ordered, calls) => {
          const key = newKey()
          const state: State = { list, ordered: false }
          await client().put(key, { b: place.wrap(list) })
          const begin = [...(ordered ? [['setOrder', order.ORDERED] as const] : []), ...calls]
          for (const [name, ...args] of begin) {
            const what = `${name}(${JSON.stringify(args)}) on ${JSON.stringify(state)}`
            await step(client(), key, place, STEPS[name]!, args, state, ({ list }) => [...list], what)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  test('the model has every operation of the builders but what needs another server or sets up', () => {
    const builders = Object.entries(lists).filter(([, value]) => typeof value === 'function')
    const left = builders.map(([name]) => name).filter(name => !(name in STEPS))
    expect(left.sort()).toEqual(['create', 'join'])
  })
})
