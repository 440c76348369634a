import { Client, Key } from 'aerospike-napi'
import { afterEach, describe, expect, test } from 'vitest'
import { Caller, limitStacks, restoreStacks, startAtCaller } from '../../lib/common/stacks'
import { until } from '../helpers/until.js'

const refused = (): Error => {
  try {
    new Key('', 'set', 'a')
  } catch (error) {
    return error as Error
  }
  throw new Error('the key was accepted')
}

describe('a refused argument', () => {
  const { stackTraceLimit, prepareStackTrace } = Error
  afterEach(() => {
    Error.stackTraceLimit = stackTraceLimit
    Error.prepareStackTrace = prepareStackTrace
  })

  test('has as many frames as the runtime keeps', () => {
    Error.stackTraceLimit = 2
    const frames = refused().stack?.split('\n    at ')
    expect(frames).toHaveLength(3)
    expect(frames?.[1]).toContain('stacks.test.ts')
    expect(Error.stackTraceLimit).toBe(2)
  })

  test('has no frames if the application switched them off', () => {
    Error.stackTraceLimit = 0
    expect(refused()).toMatchObject({ name: 'InvalidArgError', message: 'key: the namespace is empty' })
    expect(Error.stackTraceLimit).toBe(0)
  })

  test("leaves the application's own form of stacks alone", () => {
    Error.prepareStackTrace = (_error, frames) => frames.length
    expect(refused().stack).toBeTypeOf('number')
  })
})

test('a stack that has no caller remains as it was', () => {
  const error = new Error('message')
  const { stack } = error
  startAtCaller(error, () => undefined)
  expect(error.stack).toBe(stack)
})

test('the stack of a call contains the message as it is when the error is located', () => {
  const caller = new Caller()
  const error = new Error('first')
  error.message = 'first: and a hint'
  expect(caller.locate(error).stack).toMatch(/^Error: first: and a hint\n {4}at .*stacks\.test\.ts/)
  expect(caller.locate('no error')).toBe('no error')
})

test('methods keep their names and numbers of parameters', () => {
  const { createIndex, udfRegister } = Client.prototype
  expect([createIndex.name, createIndex.length]).toEqual(['createIndex', 2])
  expect([udfRegister.name, udfRegister.length]).toEqual(['udfRegister', 2])
})

describe('a storm of errors', () => {
  const { stackTraceLimit } = Error

  test('has frames in its first errors only, and leaves the limit of the runtime as it was', async () => {
    let errors = 0
    let limit: number | undefined
    // Errors that are cheap to create: 100 of them fit into the period even on a slow machine.
    do {
      limit = limitStacks()
      if (limit === undefined) errors++
    } while (limit === undefined)
    const error = new Error('late')
    restoreStacks(limit)
    expect(error.stack).toBe('Error: late')
    expect(errors).toBeGreaterThanOrEqual(100)
    expect(Error.stackTraceLimit).toBe(stackTraceLimit)
    await until(() => {
      const limit = limitStacks()
      const { stack = '' } = new Error('later')
      restoreStacks(limit)
      return stack.includes('stacks.test.ts')
    })
  })
})
