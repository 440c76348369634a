import { InvalidArgError, Key, type KeyLike, type UserKey } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { writeKeyList } from '../../lib/columns/keys'
import { userKeyName } from '../../lib/values/key'
import { Writer } from '../../lib/wire/wire'

describe('digest', () => {
  // RIPEMD-160 over the set, one byte of type (1 integer, 3 string, 4 bytes) and the key (integers as 8 bytes, big-endian),
  // computed with Python's hashlib.
  const vectors: [set: string, userKey: UserKey, digest: string][] = [
    ['users', 'ada', 'b7981222b74b46ad1fb33a25149df1f0b7c7cd02'],
    ['', 'ada', '61d7c23f1bee5db87009d1b4560ae9a76fc85848'],
    ['users', '', 'f54d82aa9cafbf311cde6afa0c8e3e58d49fbde2'],
    ['users', '1', 'db4f9481f68b568bbe6f7e972bfc177e9efccabc'],
    ['sättchen', 'grün 漢 😀', '406170d2e62baa768bdcb8e1d023d14415da4aea'],
    ['s'.repeat(63), 'k'.repeat(1000), 'c51ef75f3d24a605b8ece3d2c255f1779dde74ee'],
    ['users', 0, 'acc05ee84f53c0d073db673291add98954bc678e'],
    ['users', 1, '3921e84015258aed3b93d7ef5770cd27b9bb4167'],
    ['users', -1, '5b1720147bbb521d365966ef9493ac78e6538343'],
    ['users', 2 ** 31, '7b5d697a850e1a53b4d8d2e9fb2bca91399c86e8'],
    ['users', -(2 ** 31) - 1, 'ce404bede36159cb0b9277632058865bfb33fd72'],
    ['users', 2 ** 53 - 1, 'd895db29dafd565fd39202478594d06b90237a14'],
    ['users', -(2 ** 53 - 1), 'cae3415c48aa3c18c899844726feded9e853fc5f'],
    ['users', 2n ** 63n - 1n, 'e8ba1fb08d100d1d48870b3e6cb6eae47619d1df'],
    ['users', -(2n ** 63n), '482fa7228862f9546ec67ebdc249e8f8731b88b7'],
    ['users', new Uint8Array(0), '17bb25d949a43026546ef902581f2a4bcf2dc850'],
    ['users', Buffer.from([0, 1, 255]), 'c8f20ce6ef1806db78a2e0c3d8f72da31d852c61'],
    ['users', Buffer.from('ada'), '3ca3cae63f8832bee10a66b3f1d9e5a81db5f50b'],
    ['users', Uint8Array.from({ length: 256 }, (_, i) => i), 'bd536523df1b8a2ad47d46285546c347dcd8d1fe'],
  ]

  test.each(vectors)('set %s, user key %s', (set, userKey, digest) => {
    expect(new Key('test', set, userKey).digest.toString('hex')).toBe(digest)
  })

  test('does not depend on the namespace, nor on how a number is given', () => {
    const digest = (namespace: string, userKey: UserKey): string =>
      new Key(namespace, 'users', userKey).digest.toString('hex')
    expect(digest('a', 1)).toBe(digest('b', 1))
    expect(digest('a', 1)).toBe(digest('a', 1n))
    expect(digest('a', 0)).toBe(digest('a', -0))
    expect(digest('a', 1)).not.toBe(digest('a', '1'))
    expect(digest('a', 'x')).not.toBe(digest('a', Buffer.from('x')))
  })

  test('is a Buffer of 20 bytes, computed once', () => {
    const key = new Key('test', 'users', 'ada')
    expect(key.digest).toBeInstanceOf(Buffer)
    expect(key.digest).toHaveLength(20)
  })
})

describe('parts', () => {
  test('are kept as they were given', () => {
    const bytes = Buffer.from([1, 2])
    for (const userKey of ['ada', '', 5, -5, 2n ** 60n, bytes]) {
      const key = new Key('test', 'users', userKey)
      expect([key.namespace, key.set, key.userKey]).toEqual(['test', 'users', userKey])
    }
  })

  test.each([[null], [undefined], ['']])('a set of %s means no set', set => {
    expect(new Key('test', set, 1).set).toBe('')
    expect(new Key('test', set, 1).digest.equals(new Key('test', '', 1).digest)).toBe(true)
  })

  test('a name may be as long as the server allows, in bytes', () => {
    expect(new Key('n'.repeat(31), 's'.repeat(63), 1).set).toHaveLength(63)
    expect(new Key('test', `${'ü'.repeat(31)}s`, 1).set).toHaveLength(32)
  })

  test('an array of three is a key', () => {
    const key = Key.from(['test', null, 7])
    expect(key).toBeInstanceOf(Key)
    expect([key.namespace, key.set, key.userKey]).toEqual(['test', '', 7])
    expect(Key.from(key)).toBe(key)
  })

  test('a digest alone is a key', () => {
    const { digest } = new Key('test', 'users', 'ada')
    const given = Uint8Array.from(digest)
    const key = Key.fromDigest('test', 'users', given)
    given.fill(0)
    expect(key.userKey).toBeUndefined()
    expect(key.digest.equals(digest)).toBe(true)
  })
})

describe('what is refused names the part', () => {
  const namespace: [unknown, RegExp][] = [
    ['', /the namespace is empty/],
    ['n'.repeat(32), /the namespace "n+" is longer than 31 bytes/],
    ['ü'.repeat(16), /the namespace "ü+" is longer than 31 bytes/],
    [undefined, /the namespace is a string, not undefined/],
    [null, /the namespace is a string, not null/],
    [5, /the namespace is a string, not 5/],
  ]
  test.each(namespace)('namespace %s', (value, message) => {
    expect(() => new Key(value as string, 'users', 1)).toThrow(InvalidArgError)
    expect(() => new Key(value as string, 'users', 1)).toThrow(message)
  })

  const set: [unknown, RegExp][] = [
    ['s'.repeat(64), /the set "s+" is longer than 63 bytes/],
    ['ü'.repeat(32), /the set "ü+" is longer than 63 bytes/],
    [5, /the set is a string, not 5/],
    ['a:b', /the set "a:b" contains ":", which is not allowed in the name of a set/],
    ['a;b', /the set "a;b" contains ";"/],
    ['a\nb', /the set "a\\nb" contains "\\n"/],
    ['a\tb', /the set "a\\tb" contains "\\t"/],
    ['a\0b', /the set "a\\u0000b" contains "\\u0000"/],
    [{}, /the set is a string, not an object/],
  ]
  test.each(set)('set %s', (value, message) => {
    expect(() => new Key('test', value as string, 1)).toThrow(InvalidArgError)
    expect(() => new Key('test', value as string, 1)).toThrow(message)
  })

  const userKey: [string, unknown, RegExp][] = [
    ['undefined', undefined, /the user key is .*, not undefined/],
    ['null', null, /the user key is .*, not null/],
    ['a boolean', true, /the user key is .*, not true/],
    ['a fraction', 1.5, /user key is an integer .*, not 1.5/],
    ['NaN', Number.NaN, /user key is an integer .*, not NaN/],
    ['Infinity', Number.POSITIVE_INFINITY, /user key is an integer .*, not Infinity/],
    ['an unsafe integer', 2 ** 53, /user key is an integer .*, not 9007199254740992/],
    ['a bigint above int64', 2n ** 63n, /9223372036854775808n is outside the 64-bit integers/],
    ['a bigint below int64', -(2n ** 63n) - 1n, /-9223372036854775809n is outside the 64-bit integers/],
    ['an object', {}, /the user key is .*, not an object/],
    ['a list', [1], /the user key is .*, not an array/],
    ['a Date', new Date(0), /the user key is .*, not a Date/],
    ['a function', () => 1, /the user key is .*, not a function/],
    ['a symbol', Symbol('s'), /the user key is .*, not a symbol/],
    ['floats', Float64Array.of(1), /the user key is .*, not a Float64Array/],
    ['an ArrayBuffer', new ArrayBuffer(1), /the user key is .*, not an ArrayBuffer/],
  ]
  test.each(userKey)('user key: %s', (_name, value, message) => {
    expect(() => new Key('test', 'users', value as UserKey)).toThrow(InvalidArgError)
    expect(() => new Key('test', 'users', value as UserKey)).toThrow(message)
  })

  test.each([
    ['the namespace', 'te\ud800st', 'users', 'ada'],
    ['the set', 'test', 'use\udc00rs', 'ada'],
    ['the user key', 'test', 'users', 'a\ud800'],
  ])('a lone surrogate in %s', (_name, ...parts) => {
    expect(() => new Key(...parts).digest).toThrow(InvalidArgError)
    expect(() => new Key(...parts).digest).toThrow(/^key: .*lone surrogate/)
  })

  const likes: [string, unknown, RegExp][] = [
    ['undefined', undefined, /not undefined/],
    ['a string', 'test/users/ada', /not the string/],
    ['two parts', ['test', 'ada'], /not an array of 2/],
    ['four parts', ['test', 'users', 'ada', 1], /not an array of 4/],
    ['an object', { namespace: 'test', set: 'users', key: 1 }, /not an object/],
  ]
  test.each(likes)('as a key: %s', (_name, value, message) => {
    expect(() => Key.from(value as KeyLike)).toThrow(InvalidArgError)
    expect(() => Key.from(value as KeyLike)).toThrow(message)
  })

  test.each([[19], [21], [0]])('a digest of %i bytes', length => {
    expect(() => Key.fromDigest('test', 'users', new Uint8Array(length))).toThrow(/a digest is 20 bytes/)
  })
})

describe('as text', () => {
  test.each([
    [new Key('test', 'users', 'ada'), 'test/users/ada', { namespace: 'test', set: 'users', userKey: 'ada' }],
    [new Key('test', '', -7), 'test//-7', { namespace: 'test', set: '', userKey: -7 }],
    [new Key('test', 's', 2n ** 60n), `test/s/${2n ** 60n}`, { namespace: 'test', set: 's', userKey: `${2n ** 60n}` }],
    [
      new Key('test', 's', Buffer.from('ff0a', 'hex')),
      'test/s/0xff0a',
      { namespace: 'test', set: 's', userKey: 'ff0a' },
    ],
  ])('%s', (key, text, json) => {
    expect(String(key)).toBe(text)
    expect(JSON.parse(JSON.stringify(key))).toEqual(json)
  })

  test('a digest is shown in hexadecimal', () => {
    const { digest } = new Key('test', 'users', 'ada')
    const key = Key.fromDigest('test', 'users', digest)
    expect(String(key)).toBe(`test/users/${digest.toString('hex')}`)
    expect(JSON.parse(JSON.stringify(key))).toEqual({ namespace: 'test', set: 'users', digest: digest.toString('hex') })
  })

  test('a long user key is cut', () => {
    expect(String(new Key('test', 'users', 'x'.repeat(1000)))).toBe(`test/users/${'x'.repeat(64)}...`)
  })
})

test('a run of keys of one namespace and set names them once', () => {
  const size = (count: number): number => {
    const writer = new Writer(64)
    writeKeyList(
      writer,
      Array.from({ length: count }, (_, index): KeyLike => ['namespace', 'a long name of a set', index]),
    )
    return writer.length
  }
  expect(size(101) - size(1)).toBeLessThan(100 * 8)
})

test('what is not a list of keys is refused', () => {
  expect(() => writeKeyList(new Writer(64), 'abc' as unknown as KeyLike[])).toThrow(/keys: an array of keys/)
  expect(() => writeKeyList(new Writer(64), [['test', 'users', 1], null as unknown as KeyLike])).toThrow(
    InvalidArgError,
  )
})

test('names for indexes tell types apart', () => {
  const names = [1, '1', Buffer.from('1'), 2, '2', ''].map(userKeyName)
  expect(new Set(names).size).toBe(names.length)
  expect(userKeyName(1)).toBe(userKeyName(1n))
})
