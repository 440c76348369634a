// Every alias of the table exists, and is the same as its main name, unless the table says that it differs.
import { readFileSync } from 'node:fs'
import * as api from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { OrderedResults } from '../../lib/values/record'

interface Alias {
  readonly on: string
  readonly name: string
  readonly of: string
  readonly differs?: string
}

type Names = { readonly [name: string]: unknown }

const aliases = JSON.parse(readFileSync(new URL('../../scripts/aliases.json', import.meta.url), 'utf8')) as Alias[]
const of = (...places: string[]): Alias[] => aliases.filter(({ on }) => places.includes(on))
const named = (names: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((found, name) => (found as Names)[name], names)

describe('exports', () => {
  test.each(of('exports'))('$name is $of', ({ name, of }) => {
    expect(named(api, name)).toBeDefined()
    expect(named(api, name)).toBe(named(api, of))
  })
})

describe('builders', () => {
  const owner = { exp: api.exp, op: api.op, predicates: api } as Names
  const main = { exp: api.exp, op: { ...api.op, paths: api.paths }, predicates: api } as Names

  test.each(of('exp', 'op'))('$on.$name is $of', ({ on, name, of, differs }) => {
    expect(named(owner[on], name)).toBeTypeOf('function')
    if (differs === undefined) expect(named(owner[on], name)).toBe(named(main[on], of))
  })

  test.each(of('predicates'))('predicates.$name is $of', ({ name, of, differs }) => {
    expect(named(api.predicates, name)).toBeTypeOf('function')
    if (differs === undefined) expect(named(api.predicates, name)).toBe(named(api, of))
  })
})

describe('members of classes', () => {
  const classes: [string, { readonly prototype: object }][] = [
    ['Client', api.Client],
    ['Client', api.ClientSync],
    ['Query', api.Query],
    ['Query', api.QuerySync],
  ]
  const members = classes.flatMap(([on, Class]) => of(on).map(alias => ({ ...alias, Class })))

  test.each(members)('$Class.name.$name is $of', ({ Class, name, of, differs }) => {
    expect(named(Class.prototype, name)).toBeTypeOf('function')
    if (differs === undefined) expect(named(Class.prototype, name)).toBe(named(Class.prototype, of))
  })

  test.each(of('BatchRecords'))('BatchRecords.$name is $of', ({ name, of }) => {
    const rows = Object.create(api.BatchRecords.prototype, { [of]: { value: 3 } }) as Names
    expect(named(rows, name)).toBe(3)
  })

  test.each(of('OrderedResults'))('OrderedResults.$name is $of', ({ name, of }) => {
    const results = new OrderedResults(new api.Key('test', 'aliases', 1), { gen: 1, ttl: -1 }, [['a', 1]])
    expect(named(results, name)).toEqual([['a', 1]])
    expect(named(results, name)).toBe(named(results, of))
    expect(Object.keys(results)).not.toContain(name)
  })
})

test('an alias has one meaning, and is not the name of something else', () => {
  const places = aliases.map(({ on, name }) => `${on}.${name}`)
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([])
})
