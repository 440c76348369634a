// Keys and sets on the command line.
import { Key } from 'aerospike-napi'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type KeyType, parseKeys, parseSet, parseTarget, parseUserKey, splitKey } from '../../../cli/keys.mjs'

afterEach(() => vi.unstubAllEnvs())

const partsOf = ({ namespace, set, userKey }: Key): unknown[] => [namespace, set, userKey]
const keys = (words: string[], type: KeyType = 'auto', options = {}): unknown[] =>
  parseKeys(words, type, options).map(partsOf)

describe('a key', () => {
  test.each([
    ['ada', 'ada'],
    ['42', 42],
    ['-7', -7],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775808', '9223372036854775808'],
    ['007', '007'],
    ['-0', '-0'],
    ['4.2', '4.2'],
    ['"42"', '42'],
    ["x'0aff'", Buffer.from([10, 255])],
    ['0xff', '0xff'],
    ['', ''],
  ])('%s is read as %o', (text, value) => {
    expect(parseUserKey(text, 'auto')).toEqual(value)
  })

  test('has the type that is asked for', () => {
    expect(parseUserKey('42', 'string')).toBe('42')
    expect(parseUserKey('42', 'int')).toBe(42)
    expect(parseUserKey('0x0aff', 'bytes')).toEqual(Buffer.from([10, 255]))
    expect(() => parseUserKey('ada', 'int')).toThrow("the key 'ada' is not a 64-bit integer")
    expect(() => parseUserKey('0af', 'bytes')).toThrow('pairs of hexadecimal digits')
  })

  test('is one word with slashes, or three words', () => {
    expect(keys(['test/users/ada'])).toEqual([['test', 'users', 'ada']])
    expect(keys(['test', 'users', '42'])).toEqual([['test', 'users', 42]])
    expect(keys(['test/users/a/b', 'test//x'])).toEqual([
      ['test', 'users', 'a/b'],
      ['test', '', 'x'],
    ])
    expect(keys(['test/a/1', 'test/a/2', 'test/a/3'])).toHaveLength(3)
    expect(() => keys(['test/users'])).toThrow("'test/users' is not a key")
    expect(() => keys(['test', 'users'])).toThrow("'test' is not a key")
  })

  test('is a digest', () => {
    const { digest } = new Key('test', 'users', 'ada')
    const [key] = parseKeys([`test/users/${digest.toString('hex')}`], 'digest', {})
    expect(key?.digest).toEqual(digest)
  })

  test('can be in the default namespace, of the option or of the URI', () => {
    expect(keys(['/users/ada'], 'auto', { namespace: 'demo' })).toEqual([['demo', 'users', 'ada']])
    expect(keys(['/users/ada'], 'auto', { uri: 'aerospike://a:b@h1,h2:3000/my%20ns?x=1' })).toEqual([
      ['my ns', 'users', 'ada'],
    ])
    vi.stubEnv('AEROSPIKE_URI', 'aerospike://h/other')
    expect(keys(['/users/ada'])).toEqual([['other', 'users', 'ada']])
    // Options name another cluster.
    expect(() => keys(['/users/ada'], 'auto', { hosts: 'h2' })).toThrow('no namespace')
  })

  test('precedes the bins of put', () => {
    expect(splitKey(['test/users/ada', 'a=1/2'], 'auto', {}).rest).toEqual(['a=1/2'])
    expect(splitKey(['test', 'users', 'ada', 'a=1'], 'auto', {}).rest).toEqual(['a=1'])
    expect(() => splitKey(['test', 'users'], 'auto', {})).toThrow('a key is needed')
  })
})

describe('a set', () => {
  test('is one word with a slash, or two words', () => {
    expect(parseTarget(['test/users'], {})).toEqual({ namespace: 'test', set: 'users' })
    expect(parseTarget(['test', 'users'], {})).toEqual({ namespace: 'test', set: 'users' })
    expect(parseTarget(['test'], {})).toEqual({ namespace: 'test', set: null })
    expect(parseTarget(['/users'], { namespace: 'demo' })).toEqual({ namespace: 'demo', set: 'users' })
    expect(() => parseTarget(['test/users/ada'], {})).toThrow("'test/users/ada' names a record")
    expect(() => parseTarget(['test/users', 'x'], {})).toThrow('not both')
    expect(() => parseTarget(['a', 'b', 'c'], {})).toThrow('not 3 words')
    expect(() => parseSet(['test'], {})).toThrow('a set is needed, as in test/users')
  })
})
