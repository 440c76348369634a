// Columns against a model of them: whatever is stored, and whatever it is read as.
import {
  Double,
  GeoJSON,
  type Key,
  type PlainColumnType,
  type ScalarType,
  type Schema,
  type Value,
} from 'aerospike-napi'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients'

const newKey = keysOf('column-model')
const client = connectBefore(CLIENTS[0]!)

const BITS: { [type: string]: number } = { i8: 8, i16: 16, i32: 32, i64: 64, u8: 8, u16: 16, u32: 32, u64: 64 }
const BYTES: { [type: string]: number } = { f32: 4, f64: 8, bool: 1 }
const width = (type: ScalarType): number => (BITS[type] ?? 0) / 8 || (BYTES[type] as number)

/** The integer that a value is stored as; undefined for other values. */
function asInteger(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value as number) : undefined
}

/** The bytes of one element; undefined when the value does not fit. */
function element(type: ScalarType, value: unknown, wrap: boolean): Buffer | undefined {
  const cell = Buffer.alloc(width(type))
  const integer = asInteger(value)
  if (type === 'f64' || type === 'f32') {
    const number = value instanceof Double ? value.value : typeof value === 'bigint' ? Number(value) : value
    if (typeof number !== 'number') return undefined
    if (type === 'f64') cell.writeDoubleLE(number)
    else cell.writeFloatLE(number)
    return cell
  }
  if (type === 'bool') {
    if (typeof value !== 'boolean' && integer !== 0n && integer !== 1n) return undefined
    cell[0] = Number(value)
    return cell
  }
  if (integer === undefined) return undefined
  const bits = BITS[type] as number
  const cut = BigInt.asUintN(bits, integer)
  const kept = type.startsWith('u') ? cut : BigInt.asIntN(bits, integer)
  if (kept !== integer && !wrap) return undefined
  const wide = Buffer.alloc(8)
  wide.writeBigUInt64LE(cut)
  return wide.subarray(0, bits / 8)
}

type Modelled = Exclude<PlainColumnType, 'dictionary'>

/** The bytes of a cell; undefined when the value does not fit. */
function cellOf(type: Modelled, value: unknown, wrap: boolean): Buffer | undefined {
  const bytes = Buffer.isBuffer(value) ? value : undefined
  const text = typeof value === 'string' ? Buffer.from(value) : undefined
  if (type === 'binary') return bytes
  if (type === 'utf8') return text ?? (value instanceof GeoJSON ? Buffer.from(value.json) : undefined)
  if (typeof type === 'string') return element(type, value, wrap)
  const [kind, count] = type
  if (kind === 'bytes') {
    const given = bytes ?? text
    return given !== undefined && given.length <= count ? Buffer.concat([given], count) : undefined
  }
  if (bytes !== undefined) return bytes.length === count * width(kind) ? bytes : undefined
  if (!Array.isArray(value) || value.length !== count) return undefined
  const cells = value.map(item => element(kind, item, wrap))
  return cells.every(cell => cell !== undefined) ? Buffer.concat(cells as Buffer[]) : undefined
}

const number = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true }),
  fc.integer().map(value => Double(value)),
  fc.constantFrom(0, 1, -1, 255, 256, -128, -129, 65_535, 65_536, 2 ** 31, 2 ** 32, -0),
)
const value: fc.Arbitrary<Value | undefined> = fc.oneof(
  number,
  fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(value => BigInt.asIntN(54, value)),
  fc.boolean(),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.uint8Array({ maxLength: 8 }).map(bytes => Buffer.from(bytes)),
  fc.array(fc.oneof(number, fc.boolean(), fc.constant(null), fc.string({ maxLength: 2 })), { maxLength: 3 }),
  fc.constant(GeoJSON.Point(1, 2)),
  fc.constant({ a: 1 }),
  fc.constant(undefined),
)

const scalar = fc.constantFrom<ScalarType[]>('i8', 'i16', 'i32', 'i64', 'u8', 'u16', 'u32', 'u64', 'f32', 'f64', 'bool')
const columnType: fc.Arbitrary<Modelled> = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.constantFrom<Modelled[]>('utf8', 'binary'),
  fc.nat(7).map(count => ['bytes', count + 1] as const),
  fc.tuple(scalar, fc.constantFrom(1, 2, 3)),
)

type Record = readonly (Value | undefined)[] | null

const input = fc.tuple(fc.array(columnType, { minLength: 1, maxLength: 4 }), fc.boolean()).chain(([types, wrap]) =>
  fc.record({
    types: fc.constant(types),
    wrap: fc.constant(wrap),
    records: fc.array(fc.option(fc.tuple(...types.map(() => value)), { freq: 6 }) as unknown as fc.Arbitrary<Record>, {
      minLength: 1,
      maxLength: 20,
    }),
  }),
)

async function store(keys: readonly Key[], records: readonly Record[]): Promise<void> {
  const writes = records.flatMap((record, row) => {
    if (record === null) return []
    const entries = record.flatMap((value, column) => (value === undefined ? [] : [[`c${column}`, value] as const]))
    return [client().put(keys[row] as Key, { always: row, ...Object.fromEntries(entries) })]
  })
  await Promise.all(writes)
}

test('columns are what the model says', async () => {
  const property = fc.asyncProperty(input, async ({ types, wrap, records }) => {
    const keys = newKey.many(records.length)
    await store(keys, records)
    const schema: Schema = Object.fromEntries(types.map((type, column) => [`c${column}`, type]))
    const rows = await client().batchReadColumns(keys, schema, { wrap })
    const cells = records.map(record => {
      const laid = record?.map((value, column) => {
        return value === undefined ? null : cellOf(types[column] as Modelled, value, wrap)
      })
      return { laid, code: laid === undefined ? 2 : laid.includes(undefined) ? 12 : 0 }
    })
    expect([...rows.resultCodes]).toEqual(cells.map(({ code }) => code))
    for (const [column, type] of types.entries()) {
      const name = `c${column}`
      const wanted = cells.map(({ laid, code }) => (code === 0 ? (laid?.[column] ?? null) : null))
      expect(keys.map((_, row) => rows.isValid(name, row))).toEqual(wanted.map(cell => cell !== null))
      expect(rows.nullCounts[name]).toBe(wanted.filter(cell => cell === null).length)
      const read = rows.columns[name] as unknown as ArrayBufferView & { data: Buffer; offsets: Int32Array }
      if (type === 'utf8' || type === 'binary') {
        let end = 0
        const ends = wanted.map(cell => (end += cell?.length ?? 0))
        expect([...read.offsets]).toEqual([0, ...ends])
        expect(read.data.equals(Buffer.concat(wanted.filter(cell => cell !== null) as Buffer[]))).toBe(true)
      } else {
        const size = typeof type === 'string' ? width(type) : type[0] === 'bytes' ? type[1] : width(type[0]) * type[1]
        const memory = Buffer.from(read.buffer, read.byteOffset, read.byteLength)
        expect(memory.equals(Buffer.concat(wanted.map(cell => cell ?? Buffer.alloc(size))))).toBe(true)
      }
    }
  })
  await fc.assert(property, { numRuns: 200 })
})
