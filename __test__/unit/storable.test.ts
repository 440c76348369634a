// Which values can be stored: what the compiler accepts is what the client accepts. Each value is checked by both, in one line.
import {
  Double,
  GeoJSON,
  HyperLogLog,
  InvalidArgError,
  infinity,
  Particle,
  type ReadValue,
  type Storable,
  type StorableArgument,
  type StorableBins,
  wildcard,
} from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { put } from '../../lib/commands'
import { writeArgument, writeValue } from '../../lib/values/value'
import { Writer } from '../../lib/wire/wire'

/** Writes a value as a bin. */
const store =
  <T>(value: Storable<T>) =>
  (): void =>
    writeValue(new Writer(1024), value, 'a')
/** Writes an argument of an operation. */
const pass =
  <T>(value: StorableArgument<T>) =>
  (): void =>
    writeArgument(new Writer(1024), value, 'a')
/** Writes a record. */
const record =
  <T extends object>(bins: StorableBins<T>) =>
  (): void => {
    put.encode(new Writer(1024), [['test', 'users', 1], bins, undefined, undefined])
  }

interface Address {
  street: string
  zip?: string
  at: GeoJSON
}

interface User {
  readonly name: string
  visits: number | bigint
  address: Address | null
  past: readonly Address[]
  byName: ReadonlyMap<string, Address>
  pair: [Address, number]
  nickname?: string
}

interface Tree {
  name: string
  children: Tree[]
  parent?: Tree
}

const address: Address = { street: 'Main', at: GeoJSON.Point(1, 2) }
const user: User = {
  name: 'Ada',
  visits: 5n,
  address,
  past: [address],
  byName: new Map([['home', address]]),
  pair: [address, 1],
}
const tree: Tree = { name: 'a', children: [{ name: 'b', children: [] }] }

describe('accepted by both', () => {
  test.each<[string, () => void]>([
    ['a number', store(1.5)],
    ['a bigint', store(5n)],
    ['text', store('a')],
    ['a boolean', store(true)],
    ['null', store(null)],
    ['bytes', store(Uint8Array.of(1))],
    ['a Buffer', store(Buffer.from('a'))],
    ['another view', store(new Float64Array(1))],
    ['a DataView', store(new DataView(new ArrayBuffer(1)))],
    ['an ArrayBuffer', store(new ArrayBuffer(1))],
    ['a Double', store(Double(1))],
    ['GeoJSON', store(GeoJSON.Point(1, 2))],
    ['a HyperLogLog', store(new HyperLogLog(Uint8Array.of(1)))],
    ['a Particle', store(new Particle(9, Uint8Array.of(1)))],
    ['an empty list', store([])],
    ['a tuple', store([1, 'a', null] as const)],
    ['an empty object', store({})],
    ['a Map', store(new Map([[5n, [new Map([[Buffer.from('a'), { b: 1 }]])]]]))],
    ['what was read', store({ a: [{ b: new Map([['c', 1]]) }] } as ReadValue)],
    ['an interface', store(user)],
    ['interfaces in a list', store([user, null, 'a'])],
    ['interfaces in a Map', store(new Map([['a', user]]))],
    ['a recursive interface', store(tree)],
    ['an object without prototype', store(Object.assign(Object.create(null) as object, { a: 1 }))],
    ['text of a template', store(`id-${1}` as `id-${number}`)],
    ['a branded string', store('a' as string & { readonly __brand: 'id' })],
    ['a record of an interface', record(user)],
    ['a record of a part of an interface', record({ name: 'Ada' } as Partial<User>)],
    ['a record of an object literal', record({ user, tags: ['a'], none: null })],
    ['infinity as an argument', pass([1, infinity()])],
    ['wildcard in an object', pass({ a: wildcard() })],
    ['an interface as an argument', pass([user])],
  ])('%s', (_, write) => {
    expect(write).not.toThrow()
  })
})

describe('refused by both', () => {
  const maybe = undefined as string | undefined
  const undated: { at: string | Date } = { at: new Date() }
  class Account {
    id = 1
    save(): void {}
  }
  test.each<[string, () => void]>([
    // @ts-expect-error undefined cannot be stored; null removes a bin
    ['undefined', store(undefined)],
    // @ts-expect-error the same in a union
    ['maybe undefined', store(maybe)],
    // @ts-expect-error undefined in a list
    ['undefined in a list', store([1, undefined])],
    // @ts-expect-error a symbol cannot be stored
    ['a symbol', store(Symbol('s'))],
    // @ts-expect-error a function cannot be stored
    ['a function', store(() => 1)],
    // @ts-expect-error a function cannot be stored
    ['a class', store(Account)],
    // @ts-expect-error a function cannot be stored
    ['a method', store({ list: [{ save() {} }] })],
    // @ts-expect-error a function cannot be stored
    ['an instance with a method', store(new Account())],
    // @ts-expect-error a Date cannot be stored
    ['a Date', store(new Date())],
    // @ts-expect-error a Date deep inside
    ['a Date deep inside', store([{ list: [{ at: new Date() }] }])],
    // @ts-expect-error a Date in a union
    ['a Date in a union', store(undated)],
    // @ts-expect-error a Date in a Map
    ['a Date in a Map', store(new Map([['a', new Date()]]))],
    // @ts-expect-error a Set cannot be stored
    ['a Set', store(new Set([1]))],
    // @ts-expect-error a RegExp cannot be stored
    ['a RegExp', store(/x/)],
    // @ts-expect-error a Promise cannot be stored
    ['a Promise', store(Promise.resolve(1))],
    // @ts-expect-error an Error cannot be stored
    ['an Error', store(new Error('a'))],
    // @ts-expect-error a URL has methods
    ['a URL', store(new URL('http://a'))],
    // @ts-expect-error a SharedArrayBuffer cannot be stored
    ['a SharedArrayBuffer', store(new SharedArrayBuffer(1))],
    // @ts-expect-error a map key is a string, an integer or bytes
    ['a Map with a boolean as key', store(new Map([[true, 1]]))],
    // @ts-expect-error infinity cannot be stored
    ['infinity', store(infinity())],
    // @ts-expect-error infinity in a list cannot be stored
    ['wildcard in a list', store([1, wildcard()])],
    // @ts-expect-error a Date is no argument either
    ['a Date as an argument', pass([infinity(), new Date()])],
    // @ts-expect-error bins are an object
    ['a list as bins', record([1])],
    // @ts-expect-error bins are an object
    ['text as bins', record('a')],
    // @ts-expect-error undefined cannot be stored
    ['an undefined bin', record({ a: 1, b: maybe })],
    // @ts-expect-error a Date cannot be stored
    ['a Date as bin', record({ ...user, at: new Date() })],
  ])('%s', (_, write) => {
    expect(write).toThrow(InvalidArgError)
  })

  test('unknown values, which the client checks', () => {
    const given: unknown = 5
    // @ts-expect-error narrow its type first
    expect(store(given)).not.toThrow()
  })
})
