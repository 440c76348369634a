import { InvalidArgError, setLogger, setLogLevel } from 'aerospike-napi'
import { afterEach, describe, expect, test } from 'vitest'

afterEach(() => setLogger(null))

const fine = { error() {}, warn() {}, info() {}, debug() {} }

describe('setLogLevel', () => {
  test.each([
    [
      'loud',
      undefined,
      "level: one of 'off', 'error', 'warn', 'info', 'debug', 'trace' is needed, not the string \"loud\"",
    ],
    [3, undefined, 'level: one of'],
    [undefined, undefined, 'level: one of'],
    ['__proto__', undefined, 'level: one of'],
    ['info', 'aerospike_core::net', "target: one of 'aerospike_napi', 'cluster', 'batch', 'command' is needed"],
    ['info', null, 'target: one of'],
  ])('refuses %o of %o', (level, target, message) => {
    const set = setLogLevel as (level: unknown, target: unknown) => void
    expect(() => set(level, target)).toThrow(InvalidArgError)
    expect(() => set(level, target)).toThrow(message)
  })

  test('needs no logger', () => {
    expect(() => {
      setLogLevel('trace', 'cluster')
      setLogLevel('info')
    }).not.toThrow()
  })
})

describe('setLogger', () => {
  test.each([
    [undefined, 'logger: an object with error, warn, info and debug is needed, not undefined'],
    ['console', 'logger: an object'],
    [{}, 'logger.error: a function is needed, not undefined'],
    [{ ...fine, warn: 1 }, 'logger.warn: a function is needed, not'],
    [{ ...fine, trace: 'no' }, 'logger.trace: a function is needed, not'],
  ])('refuses %o', (logger, message) => {
    const set = setLogger as (logger: unknown) => void
    expect(() => set(logger)).toThrow(InvalidArgError)
    expect(() => set(logger)).toThrow(message)
  })

  test('takes console, any object with the methods, a function, and null', () => {
    for (const logger of [console, fine, () => {}, null]) expect(() => setLogger(logger)).not.toThrow()
  })
})
