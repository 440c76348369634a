/**
 * The types of values, and the classes of those that JavaScript lacks.
 */

import { types } from 'node:util'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'

/** A key of a map. */
export type MapKey = string | number | bigint | Uint8Array

/** The types that can be stored. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | ArrayBufferView
  | ArrayBuffer
  | Double
  | GeoJSON
  | HyperLogLog
  | Particle
  | readonly Value[]
  | ReadonlyMap<MapKey, Value>
  | { readonly [key: string]: Value }

/** The types that reads return. */
export type ReadValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | GeoJSON
  | HyperLogLog
  | Particle
  | ReadValue[]
  | Map<string | number | bigint | Buffer, ReadValue>
  | { [key: string]: ReadValue }

/** An integer as it is read: `number`, `bigint` or both, depending on the option `int64`. */
export type Integer = number | bigint

/** The values of the option `int64`. */
export type Int64 = ReadOptions['int64']

/** The integers that a client with the option `int64` reads. */
export type IntegerOf<M extends Int64> = M extends 'number' ? number : M extends 'bigint' ? bigint : number | bigint

/** The values of the option `int64` for a client that reads integers as `I`. */
export type Int64For<I extends Integer> = [Integer] extends [I] ? Int64 : I extends number ? 'number' : 'bigint'

/** How integers and maps are decoded. */
export interface ReadOptions {
  /**
   * `auto`: number within +-(2^53-1), otherwise bigint. `bigint`: always bigint. `number`: always number; an integer
   * outside that range is an error.
   */
  int64: 'auto' | 'bigint' | 'number'
  /**
   * `auto`: a plain object if all keys are strings, otherwise a Map. `map`: always a Map. `object`: keys become
   * strings; two keys of a map with the same text are an error.
   */
  maps: 'auto' | 'map' | 'object'
}

/** A number that is stored as a double even if it has no fraction: `Double(1)`. */
export interface Double {
  /** The number. */
  readonly value: number
  valueOf(): number
  toJSON(): number
}

export interface DoubleConstructor {
  new (value: number): Double
  (value: number): Double
  readonly prototype: Double
}

/** @internal What `Double` makes. */
export class DoubleNumber implements Double {
  readonly value: number

  constructor(value: number) {
    if (typeof value !== 'number') throw invalidArgument(`Double takes a number, not ${describe(value)}`)
    this.value = value
  }

  valueOf(): number {
    return this.value
  }

  toJSON(): number {
    return this.value
  }
}

// The name in error messages and inspections.
Object.defineProperty(DoubleNumber, 'name', { value: 'Double' })

/**
 * Marks a number as a double: `Double(1)` or `new Double(1)`. Without it, a whole number within +-(2^53-1) is stored as
 * an integer.
 *
 * @example
 * ```ts
 * await client.put(['test', 'users', 'ada'], { ratio: Double(3) })
 * ```
 */
export const Double: DoubleConstructor = new Proxy(DoubleNumber, {
  apply: (_target, _self, [value]: [number]) => new DoubleNumber(value),
}) as unknown as DoubleConstructor

/** @internal GeoJSON text as a server returned it. Inside lists and maps, servers accept any text as GeoJSON. */
export class StoredGeoJSON {
  constructor(readonly json: string) {}
}

/**
 * A GeoJSON value: a point, a polygon or an AeroCircle. A value that was read keeps the stored text unchanged. Servers
 * do not validate GeoJSON inside lists and maps, so `value()` can throw a SyntaxError.
 *
 * @example
 * ```ts
 * await client.put(['test', 'shops', 1], { location: GeoJSON.Point(13.4, 52.5) })
 * ```
 */
export class GeoJSON {
  /** The text that is stored. */
  readonly json: string

  /**
   * @param value - GeoJSON as text, or as an object
   * @throws InvalidArgError if the text is not valid JSON
   */
  constructor(value: string | object) {
    if (value instanceof StoredGeoJSON) {
      this.json = value.json
    } else if (typeof value === 'string') {
      try {
        JSON.parse(value)
      } catch (cause) {
        throw invalidArgument(`GeoJSON must be valid JSON: ${(cause as Error).message}`)
      }
      this.json = value
    } else if (typeof value === 'object' && value !== null) {
      this.json = JSON.stringify(value)
    } else {
      throw invalidArgument(`GeoJSON takes text or an object, not ${describe(value)}`)
    }
  }

  /**
   * Creates a point. As in GeoJSON, the longitude comes first.
   *
   * @param longitude - in degrees
   * @param latitude - in degrees
   */
  static Point(longitude: number, latitude: number): GeoJSON {
    return new GeoJSON({ type: 'Point', coordinates: [longitude, latitude] })
  }

  /**
   * Creates a polygon.
   *
   * @param corners - `[longitude, latitude]` in degrees; the last corner equals the first
   */
  static Polygon(...corners: (readonly [number, number])[]): GeoJSON {
    return new GeoJSON({ type: 'Polygon', coordinates: [corners] })
  }

  /**
   * Creates a circle around a point.
   *
   * @param longitude - of the centre, in degrees
   * @param latitude - of the centre, in degrees
   * @param radius - in metres
   */
  static Circle(longitude: number, latitude: number, radius: number): GeoJSON {
    return new GeoJSON({ type: 'AeroCircle', coordinates: [[longitude, latitude], radius] })
  }

  /**
   * Returns the parsed GeoJSON.
   *
   * @throws SyntaxError if a stored text is not valid JSON
   */
  value(): unknown {
    return JSON.parse(this.json)
  }

  /** Returns the parsed GeoJSON, or the text if it is not valid JSON. */
  toJSON(): unknown {
    try {
      return this.value()
    } catch {
      return this.json
    }
  }

  toString(): string {
    return this.json
  }
}

/** A HyperLogLog in the server's own format. You can write it back, but not inspect it. */
export class HyperLogLog {
  /** The server's bytes. */
  readonly bytes: Buffer

  /** @param bytes - the server's bytes, as they were read */
  constructor(bytes: Uint8Array) {
    if (!types.isUint8Array(bytes)) throw invalidArgument(`HyperLogLog takes bytes, not ${describe(bytes)}`)
    checkBytes(bytes, 'HyperLogLog')
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Returns the bytes as hexadecimal text. */
  toJSON(): string {
    return this.bytes.toString('hex')
  }
}

/** A value of a type that clients of other languages write and this client does not decode. You can write it back. */
export class Particle {
  /** The particle type, 0 to 255. */
  readonly type: number
  /** The bytes of the value. */
  readonly bytes: Buffer

  /**
   * @param type - particle type, 0 to 255
   * @param bytes - bytes of the value
   */
  constructor(type: number, bytes: Uint8Array) {
    if (!Number.isInteger(type) || type < 0 || type > 255) {
      throw invalidArgument(`A particle type is 0 to 255, not ${describe(type)}`)
    }
    if (!types.isUint8Array(bytes)) throw invalidArgument(`Particle takes bytes, not ${describe(bytes)}`)
    checkBytes(bytes, 'Particle')
    this.type = type
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Returns the type, and the bytes as hexadecimal text. */
  toJSON(): object {
    return { type: this.type, bytes: this.bytes.toString('hex') }
  }
}
