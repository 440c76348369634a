import { exp, InvalidArgError, type WriteMeta, type WritePolicy } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { type PolicyKind, writePolicy, writeWritePolicy } from '../../lib/options/policy'
import { Reader, Writer } from '../../lib/wire/wire'

type Fields = { [id: number]: number | string }

/** The fields that were written, by their numbers. */
function fieldsOf(writer: Writer): Fields {
  const reader = new Reader(Buffer.from(writer.buffer.subarray(0, writer.length)))
  const fields: Fields = {}
  for (let left = reader.u8(); left > 0; left--) {
    const id = reader.u8()
    fields[id] = id < 64 ? reader.f64() : reader.blob().toString('hex')
  }
  expect(reader.at).toBe(writer.length)
  return fields
}

function policy(kind: PolicyKind, given: unknown): Fields {
  const writer = new Writer(8)
  writePolicy(writer, kind, given as object)
  return fieldsOf(writer)
}

function written(given: WritePolicy | null | undefined, meta?: WriteMeta | null): Fields {
  const writer = new Writer(8)
  writeWritePolicy(writer, given, meta)
  return fieldsOf(writer)
}

const MS: [unknown, number][] = [
  [0, 0],
  [1, 1],
  [0xffff_ffff, 0xffff_ffff],
]
const NOT_MS = [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, '5', 5n, null, true]
const FLAG: [unknown, number][] = [
  [true, 1],
  [false, 0],
]
const NOT_FLAG = [0, 1, 'true', null]
const words = (...list: string[]): [unknown, number][] => list.map((word, index) => [word, index])
const NOT_WORD = [0, 1, 2, '', 'none', 'toString', '__proto__', 'constructor', null, true]

/** Option, its number on the wire, what it takes and as what, what it refuses. */
type Option = readonly [name: string, id: number, good: [unknown, number][], bad: unknown[]]

const BASE: Option[] = [
  ['totalTimeout', 1, MS, NOT_MS],
  ['socketTimeout', 2, MS, NOT_MS],
  ['maxRetries', 3, MS, NOT_MS],
  ['sleepBetweenRetries', 4, MS, NOT_MS],
  [
    'sleepMultiplier',
    5,
    [
      [1, 1],
      [2.5, 2.5],
    ],
    [0.5, 0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1', null],
  ],
  ['timeoutDelay', 6, MS, NOT_MS],
  ['replica', 7, words('master', 'sequence', 'prefer-rack', 'master-proles', 'random'), NOT_WORD],
  ['readModeAp', 8, words('one', 'all'), NOT_WORD],
  ['readModeSc', 9, words('session', 'linearize', 'allow-replica', 'allow-unavailable'), NOT_WORD],
  ['compress', 10, FLAG, NOT_FLAG],
  ['compressionThreshold', 11, MS, NOT_MS],
  [
    'readTouchTtlPercent',
    12,
    [
      [-1, -1],
      [0, 0],
      [100, 100],
    ],
    [-2, 101, 50.5, '50', null],
  ],
  [
    'errorDetailVerbosity',
    13,
    [
      [0, 0],
      [3, 3],
    ],
    [-1, 4, 1.5, '1', null],
  ],
]

const WRITE: Option[] = [
  [
    'exists',
    20,
    [
      ['ignore', 0],
      ['update', 0],
      ['update-only', 1],
      ['replace', 2],
      ['replace-only', 3],
      ['create-only', 4],
    ],
    NOT_WORD,
  ],
  [
    'ttl',
    23,
    [
      [0, 0],
      [-1, -1],
      [-2, -2],
      [1, 1],
      [0xffff_fffd, 0xffff_fffd],
    ],
    [-4, 0xffff_fffe, 1.5, '60', null],
  ],
  ['key', 24, words('digest', 'send'), NOT_WORD],
  ['durableDelete', 25, FLAG, NOT_FLAG],
  ['commitLevel', 26, words('all', 'master'), NOT_WORD],
  ['onLockingOnly', 27, FLAG, NOT_FLAG],
]

const BATCH: Option[] = [
  ['concurrency', 30, words('parallel', 'sequential'), NOT_WORD],
  ['allowInline', 31, FLAG, NOT_FLAG],
  ['allowInlineSSD', 32, FLAG, NOT_FLAG],
  ['respondAllKeys', 33, FLAG, NOT_FLAG],
]

const QUERY: Option[] = [
  ['recordsPerSecond', 60, MS, NOT_MS],
  ['maxConcurrentNodes', 61, MS, NOT_MS],
  ['expectedDuration', 62, words('long', 'short', 'long-relax-ap'), NOT_WORD],
]

const OPTIONS: { [K in PolicyKind]: Option[] } = {
  read: BASE,
  write: [...BASE, ...WRITE],
  batch: [...BASE, ...BATCH],
  admin: [['timeout', 1, MS, NOT_MS]],
  query: [...BASE, ...QUERY],
}

describe.each(Object.entries(OPTIONS) as [PolicyKind, Option[]][])('%s policy', (kind, options) => {
  test.each(options)('%s crosses as field %i', (name, id, good) => {
    for (const [value, number] of good) expect(policy(kind, { [name]: value })).toEqual({ [id]: number })
  })

  test.each(options)('%s is refused by its name when it is wrong', (name, _id, _good, bad) => {
    for (const value of bad) {
      expect(() => policy(kind, { [name]: value }), String(value)).toThrow(InvalidArgError)
      expect(() => policy(kind, { [name]: value }), String(value)).toThrow(`${kind} policy.${name}: `)
    }
  })

  test('all at once, and undefined is not given', () => {
    const all = Object.fromEntries(options.map(([name, , good]) => [name, good[0]?.[0]]))
    const expected = Object.fromEntries(options.map(([, id, good]) => [id, good[0]?.[1]]))
    expect(policy(kind, all)).toEqual(expected)
    expect(policy(kind, Object.fromEntries(options.map(([name]) => [name, undefined])))).toEqual({})
  })

  test.each([[undefined], [null], [{}]])('%s says nothing', given => {
    expect(policy(kind, given)).toEqual({})
  })

  test.each([
    ['a number', 5, /not 5/],
    ['a string', 'send', /not the string "send"/],
    ['a list', [], /not an array/],
    ['true', true, /not true/],
    ['a function', () => ({}), /not a function/],
  ])('%s is refused', (_name, given, message) => {
    expect(() => policy(kind, given)).toThrow(InvalidArgError)
    expect(() => policy(kind, given)).toThrow(`${kind} policy: an object is needed`)
    expect(() => policy(kind, given)).toThrow(message)
  })

  test('an unknown option is refused by its name, with those that there are', () => {
    const known = options[0]?.[0] as string
    expect(() => policy(kind, { nonsense: 1 })).toThrow(InvalidArgError)
    expect(() => policy(kind, { nonsense: 1 })).toThrow(/unknown option "nonsense"/)
    expect(() => policy(kind, { nonsense: 1 })).toThrow(known)
  })

  test.each(options)('%s written as in other clients gets a hint', name => {
    const snake = name.replace(/SSD$/, '_ssd').replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
    const others = [snake, name.toUpperCase(), `${name[0]?.toUpperCase()}${name.slice(1)}`]
    for (const other of others.filter(other => other !== name)) {
      expect(() => policy(kind, { [other]: 1 })).toThrow(`unknown option "${other}"; did you mean ${name}?`)
    }
  })

  test('a signal is checked and stays on this side', () => {
    expect(policy(kind, { signal: new AbortController().signal })).toEqual({})
    for (const signal of [true, {}, 'abort', new AbortController(), null]) {
      expect(() => policy(kind, { signal })).toThrow(`${kind} policy.signal: an AbortSignal is needed`)
    }
  })
})

test('options of one kind are unknown to another', () => {
  expect(() => policy('read', { exists: 'replace' })).toThrow(/read policy: unknown option "exists"/)
  expect(() => policy('batch', { ttl: 5 })).toThrow(/batch policy: unknown option "ttl"/)
  expect(() => policy('write', { allowInline: true })).toThrow(/write policy: unknown option "allowInline"/)
  expect(() => policy('admin', { totalTimeout: 5 })).toThrow(/admin policy: unknown option "totalTimeout"/)
})

test('a bare number where a word belongs gets told why', () => {
  expect(() => policy('write', { exists: 1 })).toThrow(
    /exists: one of 'ignore', 'update', .* is needed, not 1; the numbers of other clients contradict each other/,
  )
})

describe('filter expression', () => {
  test.each(['filterExpression', 'expressions'])('%s crosses as bytes', name => {
    for (const kind of ['read', 'write', 'batch'] as const) {
      expect(policy(kind, { [name]: Buffer.from('93', 'hex') })).toEqual({ 64: '93' })
    }
  })

  test('both names are one filter, which is true where both are', () => {
    const [a, b] = [exp.eq(exp.binInt('a'), 1), exp.lt(exp.binInt('b'), 2)]
    const both = { 64: exp.and(a, b).bytes.toString('hex') }
    for (const kind of ['read', 'write', 'batch'] as const) {
      expect(policy(kind, { filterExpression: a, expressions: b })).toEqual(both)
      expect(policy(kind, { expressions: b.bytes, filterExpression: a.bytes })).toEqual(both)
      expect(policy(kind, { filterExpression: a, expressions: undefined })).toEqual({ 64: a.bytes.toString('hex') })
      expect(policy(kind, { filterExpression: Buffer.alloc(0), expressions: b })).toEqual({
        64: b.bytes.toString('hex'),
      })
    }
  })

  test('what cannot be part of another is refused beside another', () => {
    const filterExpression = exp.eq(exp.binInt('a'), 1)
    for (const [expressions, reason] of [
      [exp.ael('$.a == 1'), /read policy.expressions: exp.ael is a whole filter/],
      [Buffer.from('93', 'hex'), /read policy.expressions: the bytes are not one packed expression/],
      [exp.binInt('a'), /read policy.expressions: an expression of type bool/],
    ] as const) {
      expect(() => policy('read', { filterExpression, expressions })).toThrow(reason)
    }
  })

  test('anything else is refused', () => {
    for (const value of ['93', [1], {}, null, 5]) {
      expect(() => policy('read', { filterExpression: value })).toThrow(/read policy.filterExpression: an expression/)
    }
    expect(() => policy('admin', { filterExpression: Buffer.alloc(1) })).toThrow(/unknown option "filterExpression"/)
  })
})

describe('generation and lifetime of a write', () => {
  const GEN = 21
  const GENERATION = 22
  const TTL = 23

  test('a generation in meta alone means: equal', () => {
    expect(written(undefined, { gen: 7 })).toEqual({ [GEN]: 1, [GENERATION]: 7 })
    expect(written(null, { gen: 0 })).toEqual({ [GEN]: 1, [GENERATION]: 0 })
  })

  test('policy.gen says how it is compared', () => {
    expect(written({ gen: 'eq' }, { gen: 7 })).toEqual({ [GEN]: 1, [GENERATION]: 7 })
    expect(written({ gen: 'gt' }, { gen: 7 })).toEqual({ [GEN]: 2, [GENERATION]: 7 })
    expect(written({ gen: 'ignore' }, { gen: 7 })).toEqual({})
  })

  test.each(['eq', 'gt'] as const)("gen: '%s' without a generation is refused", gen => {
    expect(() => written({ gen })).toThrow(InvalidArgError)
    expect(() => written({ gen })).toThrow(/write policy.gen: '..' needs the generation in meta.gen/)
    expect(() => written({ gen }, { ttl: 5 })).toThrow(/meta.gen/)
  })

  test('the lifetime of meta comes before that of the policy', () => {
    expect(written({ ttl: 60 })).toEqual({ [TTL]: 60 })
    expect(written(undefined, { ttl: 60 })).toEqual({ [TTL]: 60 })
    expect(written({ ttl: 60 }, { ttl: 90 })).toEqual({ [TTL]: 90 })
    expect(written({ ttl: 60 }, { ttl: 0 })).toEqual({ [TTL]: 0 })
    expect(written({ ttl: 60 }, {})).toEqual({ [TTL]: 60 })
  })

  test('-3 is the lifetime of the client: the call says nothing of it', () => {
    expect(written({ ttl: -3 })).toEqual({})
    expect(written(undefined, { ttl: -3 })).toEqual({})
    expect(written({ ttl: 60 }, { ttl: -3 })).toEqual({})
  })

  test.each([
    ['gen', -1],
    ['gen', 1.5],
    ['gen', '1'],
    ['gen', 2 ** 32],
    ['gen', null],
    ['ttl', -4],
    ['ttl', 1.5],
    ['ttl', '60'],
    ['ttl', 0xffff_fffe],
    ['ttl', null],
  ])('meta.%s: %s is refused', (name, value) => {
    expect(() => written(undefined, { [name]: value })).toThrow(InvalidArgError)
    expect(() => written(undefined, { [name]: value })).toThrow(`meta.${name}: an integer from`)
  })

  test('an unknown field of meta is refused by its name', () => {
    const meta = { generation: 5 } as WriteMeta
    expect(() => written(undefined, meta)).toThrow(/meta: unknown option "generation"; did you mean gen\?/)
    expect(() => written(undefined, { exists: 5 } as WriteMeta)).toThrow(/"exists"; exists is a field of the policy$/)
    expect(() => written(undefined, { nonsense: 5 } as WriteMeta)).toThrow(/the known options are gen, ttl$/)
    expect(() => written(undefined, { GEN: 5 } as WriteMeta)).toThrow(/did you mean gen\?/)
    expect(() => written(undefined, 5 as WriteMeta)).toThrow(/meta: an object is needed, not 5/)
    expect(() => written(undefined, [5] as WriteMeta)).toThrow(/meta: an object is needed, not an array/)
  })
})
