import { Client, Key } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { toError } from '../../lib/common/errors'
import { quote, shorten } from '../../lib/common/shorten'

const BIG = 'x'.repeat(2 << 20)

test('a text within its bound stays as it is', () => {
  expect(shorten('abc', 3)).toBe('abc')
  expect(quote('a"b')).toBe('"a\\"b"')
})

test('a longer one keeps both ends and says how much was cut', () => {
  const short = shorten(`begin ${'x'.repeat(1000)} end`, 100)
  expect(short).toMatch(/^begin x+ … \(910 characters cut\) … x+ end$/)
  expect(quote(BIG)).toBe(`"${'x'.repeat(64)}"... (2097152 characters)`)
})

describe('the message of a refusal is bounded, whatever argument it repeats', () => {
  const refusals: [string, () => unknown][] = [
    ['a namespace', () => new Key(BIG, 'set', 1)],
    ['a set', () => new Key('test', BIG, 1)],
    ['a host', () => new Client({ hosts: `${BIG}:x:y:z` })],
    ['an option', () => new Client({ [BIG]: 1 } as object)],
    ['the value of an option', () => new Client({ totalTimeout: BIG as unknown as number })],
    ['an integer', () => new Key('test', 'set', 1n << 100_000n)],
  ]
  test.each(refusals)('%s', (_, refused) => {
    let error: Error | undefined
    try {
      refused()
    } catch (thrown) {
      error = thrown as Error
    }
    expect(error?.name).toBe('InvalidArgError')
    expect(error?.message.length).toBeLessThan(17 << 10)
  })
})

test('so is the message of a failure, with all that it is about', () => {
  const failure = {
    kind: 0,
    inDoubt: false,
    resultCode: 12,
    subCode: 0,
    attempts: 1,
    waitedMs: 0,
    node: '',
    address: '',
    message: 'y'.repeat(100_000),
    cause: undefined,
  }
  const bins = Array.from({ length: 32_000 }, (_, number) => `bin${number}`)
  const { message } = toError(failure, 'operate', new Key('test', 'set', 1), bins)
  expect(message.length).toBeLessThan(17 << 10)
  expect(message).toMatch(/characters cut\) … y*.*\(operate test\/set\/1: one of the bins bin0, .*bin31999\)$/)
})
