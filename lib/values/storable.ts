/**
 * The compile-time check of values to write: which types `value.ts` can store.
 */
import type { InfinityBound, WildcardBound } from './range-bounds'
import type { MapKey, Value } from './value'

declare const REASON: unique symbol

/** Stands in compile errors for a value that cannot be stored, with the reason. No value has this type. */
export interface NotStorable<Reason extends string> {
  readonly [REASON]: Reason
}

/** Why a type cannot be stored; `never` if it can. */
type Refusal<T> = unknown extends T
  ? 'an unknown value cannot be stored; narrow its type first'
  : T extends undefined
    ? 'undefined cannot be stored; null removes a bin'
    : T extends symbol
      ? 'a symbol cannot be stored'
      : T extends ((...args: never) => unknown) | (abstract new (...args: never) => unknown)
        ? 'a function cannot be stored'
        : T extends Date
          ? 'a Date cannot be stored; store its getTime() or toISOString()'
          : T extends PromiseLike<unknown>
            ? 'a Promise cannot be stored; await it'
            : T extends RegExp
              ? 'a RegExp cannot be stored; store its source'
              : T extends SharedArrayBuffer
                ? 'a SharedArrayBuffer cannot be stored; store a Uint8Array'
                : T extends InfinityBound | WildcardBound
                  ? 'infinity and wildcard are arguments of operations; they cannot be stored'
                  : RefusedObject<T>

type RefusedObject<T> =
  T extends ReadonlyMap<unknown, unknown>
    ? never
    : T extends ReadonlySet<unknown>
      ? 'a Set cannot be stored; store an array'
      : T extends Error
        ? 'stack' extends keyof T
          ? 'an Error cannot be stored; store its message'
          : never
        : never

type StorableMapKey<K> = K extends MapKey ? K : NotStorable<'a map key is a string, an integer or bytes'>

/**
 * `T` if it can be stored: scalars, bytes, arrays, Maps, and objects whose properties can be stored, interfaces included.
 * In place of a part that cannot be stored, it has `NotStorable` with the reason, so that `T` is not assignable to it.
 * `More` are further types to accept.
 *
 * Use it in your own generic functions: `function save<T extends object>(value: Storable<T>)`.
 *
 * The compiler cannot see that an object is an instance of a class. Within a value, the client accepts only plain objects,
 * and rejects an instance with InvalidArgError.
 */
export type Storable<T, More = never> = T extends Value | More
  ? T
  : [Refusal<T>] extends [never]
    ? T extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<StorableMapKey<K>, Storable<V, More>>
      : { [K in keyof T]: Storable<T[K], More> }
    : NotStorable<Refusal<T>>

/** `T` if it can be written as the bins of a record: an object of bin name -> value that can be stored. */
export type StorableBins<T> = T extends { readonly [bin: string]: Value }
  ? T
  : T extends readonly unknown[]
    ? NotStorable<'bins are an object: bin name -> value'>
    : { [B in keyof T]: Storable<T[B]> }

/** `T` if it can be an argument of an operation: a value that may contain infinity and wildcard. */
export type StorableArgument<T> = Storable<T, InfinityBound | WildcardBound>
