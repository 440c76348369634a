import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import * as api from 'aerospike-napi'
import { AerospikeError, Key } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import {
  abortError,
  backpressureError,
  clientClosed,
  clientError,
  codeName,
  type Failure,
  failureOfCode,
  invalidArgument,
  invalidBinName,
  invalidHost,
  notConnected,
  refusedIn,
  toError,
} from '../../lib/common/errors'
import { readFailure } from '../../lib/wire/failure'
import { Reader, Writer } from '../../lib/wire/wire'

const failure = (over: Partial<Failure>): Failure => ({
  kind: 0,
  inDoubt: false,
  resultCode: 0,
  subCode: 0,
  attempts: 1,
  waitedMs: 0,
  node: '',
  address: '',
  message: 'It failed',
  cause: undefined,
  ...over,
})

/** Class -> its parent, as the seed has it. */
const TREE: { [name: string]: string } = {
  ClientError: 'AerospikeError',
  ClusterError: 'AerospikeError',
  InvalidArgError: 'AerospikeError',
  AerospikeTimeoutError: 'AerospikeError',
  AbortError: 'AerospikeError',
  BackpressureError: 'AerospikeError',
  BulkWriteError: 'AerospikeError',
  ValidationError: 'AerospikeError',
  RustPanicError: 'AerospikeError',
  ServerError: 'AerospikeError',
  AerospikeIndexError: 'ServerError',
  IndexNotFoundError: 'AerospikeIndexError',
  IndexExistsError: 'AerospikeIndexError',
  QueryError: 'ServerError',
  QueryAbortedError: 'QueryError',
  AdminError: 'ServerError',
  UDFError: 'ServerError',
  TransactionError: 'AerospikeError',
  CommitError: 'TransactionError',
  RecordError: 'AerospikeError',
  RecordNotFoundError: 'RecordError',
  RecordExistsError: 'RecordError',
  RecordGenerationError: 'RecordError',
  RecordTooBigError: 'RecordError',
  BinNameError: 'RecordError',
  BinExistsError: 'RecordError',
  BinNotFoundError: 'RecordError',
  BinTypeError: 'RecordError',
  FilteredOutError: 'RecordError',
}

test('every error class of the package is in this tree', () => {
  const classes = Object.values(api).filter(value => (value as { prototype?: unknown }).prototype instanceof Error)
  const names = new Set(classes.map(value => (value as { readonly name: string }).name))
  expect([...names].sort()).toEqual(['AerospikeError', ...Object.keys(TREE)].sort())
})

test('an error is an instance of its class under the former name too', () => {
  const error = toError(failureOfCode(2))
  expect(error).toBeInstanceOf(api.RecordNotFoundError)
  expect(error).toBeInstanceOf(api.RecordNotFound)
  expect(error.name).toBe('RecordNotFoundError')
})

test('errors keep their names in a minified bundle', async () => {
  const require = createRequire(import.meta.url)
  const { build } = createRequire(require.resolve('tsx/package.json'))('esbuild') as {
    build: (options: object) => Promise<{ outputFiles: { text: string }[] }>
  }
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../lib/common/errors.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  })
  const module = { exports: {} as { [name: string]: ErrorClass } }
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(module, module.exports, require)
  for (const name of ['AerospikeError', ...Object.keys(TREE)]) {
    const Class = module.exports[name] as ErrorClass
    expect(outputFiles[0]?.text).not.toContain(`class ${name} `)
    expect(Class.name).toBe(name)
    const error = new Class('message', { code: 'CODE', resultCode: 1 })
    expect(error.name).toBe(name)
    expect(String(error)).toBe(`${name}: message`)
    expect(error.stack?.startsWith(`${name}: message`)).toBe(true)
    expect(inspect(error)).toContain(`${name}: message`)
  }
})

type ErrorClass = typeof AerospikeError
const classOf = (name: string): ErrorClass => (api as unknown as { [name: string]: ErrorClass })[name] as ErrorClass

test.each(Object.entries(TREE))('%s is a %s', (name, parent) => {
  const error = new (classOf(name))('message', { code: 'CODE', resultCode: 1 })
  expect(Object.getPrototypeOf(classOf(name))).toBe(classOf(parent))
  expect(error).toBeInstanceOf(AerospikeError)
  expect(error).toBeInstanceOf(Error)
  expect(error.name).toBe(name)
  expect(String(error)).toBe(`${name}: message`)
  expect(error.stack).toContain(`${name}: message`)
  // Like the language's own: not listed, and the application may set another.
  expect(Object.keys(error)).not.toContain('name')
  error.name = 'Other'
  expect(String(error)).toBe('Other: message')
  expect(new (classOf(name))('message', { code: 'CODE', resultCode: 1 }).name).toBe(name)
})

describe("a server's answer", () => {
  const answers: [code: number, className: string, name: string][] = [
    [1, 'ServerError', 'SERVER_ERROR'],
    [2, 'RecordNotFoundError', 'RECORD_NOT_FOUND'],
    [3, 'RecordGenerationError', 'RECORD_GENERATION'],
    [4, 'InvalidArgError', 'INVALID_ARGUMENT'],
    [5, 'RecordExistsError', 'RECORD_EXISTS'],
    [6, 'BinExistsError', 'BIN_EXISTS'],
    [8, 'ServerError', 'SERVER_OUT_OF_MEMORY'],
    [9, 'AerospikeTimeoutError', 'TIMEOUT'],
    [11, 'ServerError', 'PARTITION_UNAVAILABLE'],
    [12, 'BinTypeError', 'BIN_TYPE'],
    [13, 'RecordTooBigError', 'RECORD_TOO_BIG'],
    [14, 'ServerError', 'KEY_BUSY'],
    [15, 'QueryAbortedError', 'SCAN_ABORTED'],
    [16, 'ServerError', 'UNSUPPORTED_FEATURE'],
    [17, 'BinNotFoundError', 'BIN_NOT_FOUND'],
    [18, 'ServerError', 'DEVICE_OVERLOAD'],
    [20, 'ServerError', 'INVALID_NAMESPACE'],
    [21, 'BinNameError', 'BIN_NAME'],
    [22, 'ServerError', 'FAIL_FORBIDDEN'],
    [23, 'RecordError', 'ELEMENT_NOT_FOUND'],
    [24, 'RecordError', 'ELEMENT_EXISTS'],
    [25, 'ServerError', 'ENTERPRISE_ONLY'],
    [26, 'ServerError', 'OP_NOT_APPLICABLE'],
    [27, 'FilteredOutError', 'FILTERED_OUT'],
    [51, 'AdminError', 'SECURITY_NOT_SUPPORTED'],
    [60, 'AdminError', 'INVALID_USER'],
    [80, 'AdminError', 'NOT_AUTHENTICATED'],
    [81, 'AdminError', 'ROLE_VIOLATION'],
    [100, 'UDFError', 'UDF'],
    [120, 'TransactionError', 'TRANSACTION_BLOCKED'],
    [152, 'ServerError', 'BATCH_QUEUES_FULL'],
    [200, 'IndexExistsError', 'INDEX_FOUND'],
    [201, 'IndexNotFoundError', 'INDEX_NOT_FOUND'],
    [203, 'AerospikeIndexError', 'INDEX_NOT_READABLE'],
    [210, 'QueryAbortedError', 'QUERY_ABORTED'],
    [213, 'QueryError', 'QUERY_GENERIC'],
    [99, 'ServerError', 'SERVER_99'],
  ]

  test.each(answers)('%i is a %s with code %s', (resultCode, className, code) => {
    const error = toError(failure({ resultCode }))
    expect(error.constructor).toBe(classOf(className))
    expect(error).toMatchObject({ name: className, code, resultCode })
    expect(codeName(resultCode)).toBe(code)
  })
})

test.each([
  [1, 'ClientError', 'CLIENT'],
  [2, 'ClusterError', 'CLUSTER'],
  [3, 'InvalidArgError', 'INVALID_ARGUMENT'],
  [4, 'AerospikeTimeoutError', 'TIMEOUT'],
  [5, 'AbortError', 'ABORT_ERR'],
  [6, 'RustPanicError', 'RUST_PANIC'],
  [7, 'ClientError', 'CLIENT_CLOSED'],
])('a failure of kind %i is a %s with code %s', (kind, className, code) => {
  const error = toError(failure({ kind, resultCode: -1 }))
  expect(error.constructor).toBe(classOf(className))
  expect(error).toMatchObject({ name: className, code, resultCode: -1 })
})

describe('what an error tells', () => {
  const key = new Key('test', 'users', 'ada')

  test('is in its message: the command and the key', () => {
    expect(toError(failure({}), 'get', key).message).toBe('It failed (get test/users/ada)')
    expect(toError(failure({}), 'infoAll').message).toBe('It failed (infoAll)')
    expect(toError(failure({})).message).toBe('It failed')
  })

  test('is in its fields', () => {
    const error = toError(
      failure({ inDoubt: true, resultCode: 9, subCode: 7, attempts: 3, node: 'A1', address: '127.0.0.1:3000' }),
      'put',
      key,
    )
    expect(error).toMatchObject({
      inDoubt: true,
      resultCode: 9,
      subCode: 7,
      attempts: 3,
      node: 'A1',
      address: '127.0.0.1:3000',
    })
    expect(error.key).toBe(key)
    expect(error.cause).toBeUndefined()
    expect('cause' in error).toBe(false)
  })

  test('has its causes', () => {
    const inner = failure({ resultCode: 14, message: 'Hot key' })
    const middle = failure({ kind: 2, resultCode: -10, message: 'Connection lost', cause: inner })
    const error = toError(failure({ kind: 4, resultCode: 9, cause: middle }), 'put', key)
    expect(error.cause).toBeInstanceOf(api.ClusterError)
    expect((error.cause as AerospikeError).cause).toMatchObject({ code: 'KEY_BUSY', message: 'Hot key' })
  })

  test('is nothing that it does not know', () => {
    const error = new AerospikeError('message', { code: 'CODE', resultCode: 5 })
    expect(error).toMatchObject({ subCode: 0, inDoubt: false, attempts: 0, key: undefined })
    expect([error.node, error.address]).toEqual([undefined, undefined])
  })
})

test.each([
  [1, -2, 'ClientError', 'BAD_RESPONSE'],
  [2, -4, 'ClusterError', 'INVALID_HOST'],
  [2, -11, 'ClusterError', 'CLUSTER'],
])('a failure of kind %i with the result code %i is a %s with code %s', (kind, resultCode, name, code) => {
  expect(toError(failure({ kind, resultCode }))).toMatchObject({ name, code, resultCode })
})

describe('retryable', () => {
  const retryable = (over: Partial<Failure>): boolean => toError(failure(over)).retryable

  test.each([
    ['a timeout', { kind: 4, resultCode: 9 }],
    ['no connection', { kind: 2, resultCode: -10 }],
    ['no node', { kind: 2, resultCode: -11 }],
    ['too many connections', { kind: 2, resultCode: -7 }],
    ['an open circuit breaker', { kind: 2, resultCode: -12 }],
    ...[7, 9, 11, 14, 18, 32, 66, 83, 120, 152, 203, 211, 212].map(code => [
      `result code ${code}`,
      { resultCode: code },
    ]),
  ] as [string, Partial<Failure>][])('%s is, unless it is in doubt', (_name, over) => {
    expect(retryable(over)).toBe(true)
    expect(retryable({ ...over, inDoubt: true })).toBe(false)
  })

  test.each([
    ['a refused argument', { kind: 3, resultCode: 4 }],
    ['an abort', { kind: 5, resultCode: -1 }],
    ['a panic', { kind: 6, resultCode: -1 }],
    ['a closed client', { kind: 7, resultCode: -1 }],
    ['an answer that cannot be read', { kind: 1, resultCode: -2 }],
    ['an unknown host', { kind: 2, resultCode: -4 }],
    ['another cluster', { kind: 2, resultCode: -1 }],
    ...[1, 2, 3, 4, 5, 8, 12, 13, 15, 20, 22, 27, 81, 100, 121, 200, 201, 210, 213, 999].map(code => [
      `result code ${code}`,
      { resultCode: code },
    ]),
  ] as [string, Partial<Failure>][])('%s is not', (_name, over) => {
    expect(retryable(over)).toBe(false)
  })

  test("the client's own errors", () => {
    expect(backpressureError(7).retryable).toBe(true)
    for (const error of [invalidArgument('no'), notConnected('get'), clientClosed('get: closed'), invalidHost('no')]) {
      expect(error.retryable).toBe(false)
    }
    expect(abortError(AbortSignal.abort(), 'get', false).retryable).toBe(false)
  })
})

test('adding a double to a bin of integers is explained', () => {
  const { message } = toError(failure({ resultCode: 12, message: 'Bin type error' }), 'increment', undefined, ['n'])
  expect(message).toMatch(/^Bin type error; .*only Double\(n\) to a double \(increment: bin n\)$/)
})

test('a failure is read as it was sent', () => {
  const sent = failure({
    inDoubt: true,
    resultCode: -10,
    subCode: 4,
    attempts: 2,
    waitedMs: 17,
    node: 'A1',
    address: '127.0.0.1:3000',
    message: 'gründlich',
    cause: failure({ resultCode: 14 }),
  })
  const writer = new Writer(8)
  for (let part: Failure | undefined = sent; part !== undefined; part = part.cause) {
    writer.u8(part.kind)
    writer.u8(part.inDoubt ? 1 : 0)
    writer.i32(part.resultCode)
    for (const number of [part.subCode, part.attempts, part.waitedMs]) writer.u32(number)
    writer.text(part.node)
    writer.text(part.address)
    writer.text(part.message)
    writer.u8(part.cause === undefined ? 0 : 1)
  }
  const reader = new Reader(Buffer.from(writer.buffer.subarray(0, writer.length)))
  expect(readFailure(reader)).toEqual(sent)
  expect(reader.at).toBe(writer.length)
})

test('a row of which only the code is known', () => {
  expect(toError(failureOfCode(2))).toMatchObject({
    name: 'RecordNotFoundError',
    resultCode: 2,
    message: 'Key not found',
  })
  expect(toError(failureOfCode(12))).toMatchObject({ name: 'BinTypeError', resultCode: 12, message: 'bin type' })
  expect(toError(failureOfCode(-10))).toMatchObject({ name: 'ClientError', code: 'CLIENT', resultCode: -10 })
})

describe("the client's own errors", () => {
  test('a refused argument', () => {
    expect(invalidArgument('bins: no')).toMatchObject({
      name: 'InvalidArgError',
      code: 'INVALID_ARGUMENT',
      resultCode: 4,
      message: 'bins: no',
    })
  })

  test('a refused address, and a refused bin name', () => {
    expect(invalidHost('hosts: no')).toMatchObject({ name: 'InvalidArgError', code: 'INVALID_HOST', resultCode: -4 })
    expect(invalidBinName('bins: no')).toMatchObject({ name: 'BinNameError', code: 'BIN_NAME', resultCode: 21 })
    expect(refusedIn(invalidBinName('no'), 'rows[3]')).toMatchObject({ name: 'BinNameError', message: 'rows[3]: no' })
  })

  test('a client that is not connected, or is closed', () => {
    expect(notConnected('get')).toMatchObject({ name: 'ClientError', code: 'NOT_CONNECTED', resultCode: -1 })
    expect(clientClosed('get: no')).toMatchObject({ name: 'ClientError', code: 'CLIENT_CLOSED', message: 'get: no' })
  })

  test('a state that allows nothing', () => {
    const cause = new Error('why')
    expect(clientError('closed', cause)).toMatchObject({ name: 'ClientError', code: 'CLIENT', resultCode: -1, cause })
  })

  test('an abort carries the reason of the signal', () => {
    const key = new Key('test', 'users', 'ada')
    const reason = new Error('enough')
    const error = abortError(AbortSignal.abort(reason), 'put', true, key)
    expect(error).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', inDoubt: true })
    expect(error.cause).toBe(reason)
    expect(error.key).toBe(key)
    expect(error.message).toBe('The call was aborted and may have been applied (put test/users/ada)')
    expect(abortError(AbortSignal.abort(reason), 'get', false).message).toBe('The call was aborted (get)')
  })

  test('a full queue says how much waits', () => {
    expect(backpressureError(7)).toMatchObject({ name: 'BackpressureError', code: 'BACKPRESSURE' })
    expect(backpressureError(7).message).toMatch(/^7 commands are already waiting/)
  })
})
