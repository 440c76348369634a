import { BinNameError, Double, InvalidArgError, Key } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import * as commands from '../../lib/commands'
import { queryAggregate } from '../../lib/commands/aggregate'
import { Reader, Writer } from '../../lib/wire/wire'

const key = new Key('test', 'users', 'ada')

interface Encoder {
  encode(writer: Writer, args: unknown[]): unknown
  encodePolicy?(writer: Writer, args: unknown[]): void
  policy(args: unknown[]): unknown
}

type Name = keyof typeof commands
const encoders = new Map(Object.entries(commands)) as unknown as ReadonlyMap<string, Encoder>
const encoder = (name: Name): Encoder => encoders.get(name) as Encoder

const encode = (name: Name, writer: Writer, args: unknown[]): void => {
  encoder(name).encode(writer, args)
  encoder(name).encodePolicy?.(writer, args)
}

/** What writing the arguments of a command throws. */
const writing = (name: Name, ...args: unknown[]) => {
  return () => encode(name, new Writer(4), args)
}

/** The bytes of the arguments of a command. */
function written(name: Name, ...args: unknown[]): Buffer {
  const writer = new Writer(4)
  encode(name, writer, args)
  return Buffer.from(writer.buffer.subarray(0, writer.length))
}

const KEYED: [Name, unknown[]][] = [
  ['put', [{ a: 1 }]],
  ['get', []],
  ['getOrNull', []],
  ['select', [['a']]],
  ['exists', []],
  ['getMeta', []],
  ['remove', []],
  ['touch', []],
  ['append', ['a', 'x']],
  ['prepend', ['a', 'x']],
  ['increment', ['a', 1]],
  ['removeBin', ['a']],
  ['operate', [[{ op: 1 }]]],
  ['operateOrdered', [[{ op: 1 }]]],
]

describe.each(KEYED)('%s', (name, rest) => {
  test('takes a Key or its parts', () => {
    expect(written(name, ['test', 'users', 'ada'], ...rest)).toEqual(written(name, key, ...rest))
    expect(written(name, ['test', null, 5n], ...rest)).toEqual(written(name, new Key('test', null, 5n), ...rest))
    expect(writing(name, Key.fromDigest('test', 'users', key.digest), ...rest)).not.toThrow()
  })

  test.each([
    [undefined, /^key: .* not undefined/],
    ['ada', /^key: .* not the string "ada"/],
    [['test', 'users'], /^key: .* an array of 2/],
    [['test', 'users', null], /^key: .* not null/],
    [['', 'users', 1], /^key: the namespace is empty/],
    [['test', 'users', 1.5], /^key: .* not 1.5/],
  ])('refuses the key %j', (wrong, message) => {
    expect(writing(name, wrong, ...rest)).toThrow(InvalidArgError)
    expect(writing(name, wrong, ...rest)).toThrow(message)
  })

  test('refuses an invalid policy', () => {
    const policy = [key, ...rest]
    while (encoder(name).policy([...policy, 'policy']) !== 'policy') policy.push(undefined)
    expect(writing(name, ...policy, 5)).toThrow(/(read|write) policy: an object is needed, not 5/)
    expect(writing(name, ...policy, { nonsense: 1 })).toThrow(/unknown option "nonsense"/)
    expect(writing(name, ...policy, null)).not.toThrow()
  })
})

describe('bins', () => {
  test.each([
    [{}, /^bins: at least one bin is needed/],
    [undefined, /^bins: an object is needed, not undefined/],
    [null, /^bins: an object is needed, not null/],
    [[['a', 1]], /^bins: an object is needed, not an array/],
    ['a', /^bins: an object is needed, not the string "a"/],
    [new Map([['a', 1]]), /^bins: /],
    [new Date(0), /^bins: /],
    [{ temp: undefined }, /^temp: undefined cannot be stored; null removes a bin/],
    [{ good: 1, temp: () => 1 }, /^temp: a function cannot be stored/],
    [{ temp: Symbol('s') }, /^temp: a symbol cannot be stored/],
    [{ temp: new Date(0) }, /^temp: a Date cannot be stored/],
    [{ temp: 2n ** 63n }, /^temp: 9223372036854775808n is outside the 64-bit integers/],
    [{ temp: ['a\udc00'] }, /^temp\[0\]: .*lone surrogate/],
  ])('put refuses %s', (bins, message) => {
    expect(writing('put', key, bins)).toThrow(InvalidArgError)
    expect(writing('put', key, bins)).toThrow(message)
  })

  test.each([
    [{ '': 1 }, /^bins: a bin name is empty/],
    [{ 'sixteen-bytes-xx': 1 }, /^bins: the bin name "sixteen-bytes-xx" is longer than 15 bytes/],
    [{ üüüüüüüü: 1 }, /^bins: the bin name "üüüüüüüü" is longer than 15 bytes/],
    [{ 'a\ud800': 1 }, /^bins: the bin name .* contains a lone surrogate/],
  ])('put refuses the name in %s', (bins, message) => {
    expect(writing('put', key, bins)).toThrow(BinNameError)
    expect(writing('put', key, bins)).toThrow(message)
  })

  test('put takes names of 15 bytes, in whatever characters', () => {
    for (const name of ['fifteen-bytes-x', 'üüüüüüüx', '漢字仮名交', '😀😀😀abc', '__proto__', '0', ' ']) {
      expect(writing('put', key, Object.fromEntries([[name, 1]])), name).not.toThrow()
    }
  })

  test('put takes as many bins as a request can name, and no more', () => {
    const bins = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`b${index}`, 1]))
    expect(writing('put', key, bins(0x7fff))).not.toThrow()
    expect(writing('put', key, bins(0x8000))).toThrow(/^bins: 32768 bins are more than a record can hold/)
  })

  test('bins from a getter are asked once', () => {
    let asked = 0
    const bins = {
      get temp() {
        return ++asked
      },
    }
    expect(writing('put', key, bins)).not.toThrow()
    expect(asked).toBe(1)
  })

  test.each(['select', 'batchRead', 'removeBin'] as const)('%s refuses invalid names', name => {
    const where = name === 'batchRead' ? [key] : key
    expect(writing(name, where, [5])).toThrow(/^bins: a bin name is a string, not 5/)
    expect(writing(name, where, [''])).toThrow(/^bins: a bin name is empty/)
    expect(writing(name, where, ['sixteen-bytes-xx'])).toThrow(/^bins: .* longer than 15 bytes/)
    expect(writing(name, where, { a: 1 })).toThrow(/^bins: .* not an object/)
    expect(
      writing(
        name,
        where,
        Array.from({ length: 70_000 }, (_, index) => `b${index}`),
      ),
    ).toThrow(/^bins: 70000 bins/)
  })

  test('select needs a list, removeBin at least one name', () => {
    expect(writing('select', key, undefined)).toThrow(/^bins: a list of bin names is needed, not undefined/)
    expect(writing('select', key, 'a')).toThrow(/^bins: a list of bin names is needed, not the string "a"/)
    expect(writing('removeBin', key, [])).toThrow(/^bins: a bin name or a list of them is needed/)
    expect(writing('removeBin', key, undefined)).toThrow(/^bins: /)
  })
})

describe('append, prepend and increment', () => {
  test.each([[5], [null], [undefined], [['x']], [{}], [true], [new Date(0)]])('text may not be %s', value => {
    for (const name of ['append', 'prepend'] as const) {
      expect(writing(name, key, 'a', value)).toThrow(InvalidArgError)
      expect(writing(name, key, 'a', value)).toThrow(`${name}: the value is a string or bytes, not `)
    }
  })

  test.each([['5'], [null], [undefined], [[1]], [{}], [true]])('an increment may not be %s', value => {
    expect(writing('increment', key, 'a', value)).toThrow(/^increment: the value is a number, not /)
  })

  test('what they take', () => {
    for (const value of ['', 'x', Buffer.from('x'), new Uint8Array(0)]) {
      expect(writing('append', key, 'a', value)).not.toThrow()
    }
    for (const value of [1, -1, 0.5, 5n, Double(1)]) expect(writing('increment', key, 'a', value)).not.toThrow()
  })

  test.each(['', 'sixteen-bytes-xx', 5, undefined])('a bin may not be named %s', bin => {
    expect(writing('append', key, bin, 'x')).toThrow(/^bin: /)
    expect(writing('increment', key, bin, 1)).toThrow(/^bin: /)
  })
})

describe('info', () => {
  test.each([[''], [undefined], [null], [5], [['build']]])('refuses the command %j', command => {
    for (const name of ['infoAll', 'infoRandomNode'] as const) {
      expect(writing(name, command)).toThrow(/^command: an info command is needed, not /)
    }
    expect(writing('infoNode', command, 'A1')).toThrow(/^command: /)
  })

  test.each([[''], [undefined], [null], [5]])('refuses the node %j', node => {
    expect(writing('infoNode', 'build', node)).toThrow(/^node: a node's name is needed, not /)
  })
})

describe('batches', () => {
  test.each([[undefined], ['keys'], [{}], [5], [new Set([key])]])('refuse the keys %s', keys => {
    expect(writing('batchRead', keys)).toThrow(/^keys: an array of keys is needed, not /)
    expect(writing('batchReadColumns', keys, { a: 'i32' })).toThrow(/^keys: /)
  })

  test('refuse a list with one wrong key', () => {
    expect(writing('batchRead', [key, ['test', 'users']])).toThrow(/^keys\[1\]: key: /)
    expect(writing('batchReadColumns', [key, undefined], { a: 'i32' })).toThrow(/^keys\[1\]: key: /)
  })

  test('columns refuse what wrap is not, and unknown options', () => {
    expect(writing('batchReadColumns', [key], { a: 'i32' }, { wrap: 1 })).toThrow(/batch policy.wrap: true or false/)
    expect(writing('batchReadColumns', [key], { a: 'i32' }, { wraps: true })).toThrow(/unknown option "wraps"/)
    expect(writing('batchReadColumns', [key], { a: 'i32' }, 5)).toThrow(/batch policy: an object is needed, not 5/)
    expect(writing('batchRead', [key], null, { wrap: true })).toThrow(/unknown option "wrap"/)
  })
})

test('a refused argument leaves nothing behind that a reader would take for a key', () => {
  const writer = new Writer(4)
  commands.get.encode(writer, [['test', 'users', 'ada'], null])
  const reader = new Reader(Buffer.from(writer.buffer.subarray(0, writer.length)))
  expect([reader.name(), reader.name(), reader.u8(), reader.text()]).toEqual(['test', 'users', 8, 'ada'])
})

test('every command has a number of its own, with a variant that fits into four bits', () => {
  const all = [...Object.values(commands), queryAggregate]
  expect(new Set(all.map(({ id, variant }) => `${id}/${variant}`)).size).toBe(all.length)
  for (const { name, variant } of all) expect(variant, name).toBeLessThan(16)
})
