import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { Writable } from 'node:stream'
import {
  Client,
  type ClientConfig,
  ClusterError,
  connectSync,
  type Logger,
  type LogLine,
  op,
  setLogger,
  setLogLevel,
} from 'aerospike-napi'
import { type LocalNode, LocalServer } from 'aerospike-napi/testing'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import winston from 'winston'
import { keysOf, rejection } from '../helpers/clients'
import { remains, settled, until } from '../helpers/until'

const { address } = inject('aerospike')
const newKey = keysOf('logging')

afterEach(() => {
  setLogger(null)
  setLogLevel('info')
})

/** Collects lines until the test's end. */
function collect(): LogLine[] {
  const lines: LogLine[] = []
  setLogger(line => {
    lines.push(line)
  })
  return lines
}

async function connectAndClose(config: ClientConfig = { hosts: address }): Promise<void> {
  const client = await new Client(config).connect()
  await client.close()
}

/** Waits for a line. */
const arrived = (lines: readonly LogLine[], message: RegExp): Promise<LogLine> =>
  vi.waitFor(() => {
    const line = lines.find(each => message.test(each.message))
    expect(line, `no line like ${message} among\n${lines.map(each => each.message).join('\n')}`).toBeDefined()
    return line as LogLine
  }, 5000)

describe('a logger', () => {
  test('hears of connecting and closing, by level, target, module and time', async () => {
    const before = Date.now()
    const lines = collect()
    await connectAndClose()
    const closed = await arrived(lines, /^client \d+: closed$/)
    expect(closed).toMatchObject({ level: 'info', target: 'aerospike_napi', module: 'aerospike_napi::environment' })
    expect(closed.time).toBeGreaterThanOrEqual(before - 1)
    expect(closed.time).toBeLessThanOrEqual(Date.now() + 1)
    const connected = await arrived(lines, /^client \d+: connected in \d+ ms to /)
    const seeded = await arrived(lines, /^Seeding the cluster/)
    expect(seeded).toMatchObject({ level: 'info', target: 'cluster' })
    expect(lines.indexOf(seeded)).toBeLessThan(lines.indexOf(connected))
    expect(lines.indexOf(connected)).toBeLessThan(lines.indexOf(closed))
    expect(lines.map(({ level }) => level)).not.toContain('debug')
  })

  test('hears of a cluster that cannot be reached', async () => {
    const lines = collect()
    const failed = await rejection(connectAndClose({ hosts: '127.0.0.1:1', connectTimeout: 500 }))
    expect(failed).toBeInstanceOf(ClusterError)
    expect((await arrived(lines, /^(could not connect|no usable node)/)).level).toBe('warn')
  })

  test('gets no lines after it is removed, or when the level is off', async () => {
    const lines = collect()
    setLogger(null)
    await connectAndClose()
    const others = collect()
    setLogLevel('off')
    await connectAndClose()
    setLogLevel('info', 'aerospike_napi')
    await connectAndClose()
    await arrived(others, /: closed$/)
    expect(lines).toEqual([])
    expect(new Set(others.map(({ target }) => target))).toEqual(new Set(['aerospike_napi']))
    expect(others).toHaveLength(2)
  })

  test('keeps its levels when it is changed', async () => {
    setLogLevel('debug', 'aerospike_core::cluster')
    setLogLevel('off', 'aerospike_napi')
    const lines = collect()
    await connectAndClose()
    await arrived(lines, /New cluster initialized/)
    expect(new Set(lines.map(({ target }) => target))).toEqual(new Set(['cluster']))
  })

  test('hears the blocking client once its thread is free', async () => {
    const lines = collect()
    const client = connectSync({ hosts: address })
    client.close()
    expect(lines).toEqual([])
    await arrived(lines, /: closed$/)
  })

  test('hears at trace what the servers answer, cut where it is long', async () => {
    setLogLevel('trace', 'command')
    const lines = collect()
    await connectAndClose()
    const line = await arrived(lines, /^response from server for info command/)
    expect(line).toMatchObject({ level: 'trace', target: 'command', module: 'aerospike_core::commands::info_command' })
    for (const { message } of lines) expect(message.length).toBeLessThanOrEqual(16_384 + 40)
  })

  test('runs in the asynchronous context of setLogger', async () => {
    const context = new AsyncLocalStorage<string>()
    const seen = new Set<string | undefined>()
    context.run('at registration', () => setLogger(() => void seen.add(context.getStore())))
    await context.run('at the call', () => connectAndClose())
    await vi.waitFor(() => expect(seen.size).toBeGreaterThan(0))
    expect([...seen]).toEqual(['at registration'])
  })
})

describe('commands', () => {
  let server: LocalServer
  let client: Client
  beforeAll(async () => {
    server = await LocalServer.start()
    client = await new Client({ hosts: server.address, totalTimeout: 1500, maxRetries: 0 }).connect()
  })
  afterAll(async () => {
    await client.close()
    await server.stop()
  })

  test('have targets of their own when they fail', async () => {
    setLogLevel('debug')
    const lines = collect()
    await server.nodes[0]?.cutAnswers(4)
    const key = newKey('cut')
    await rejection(client.get(key))
    await rejection(client.batchRead([key, newKey()]))
    await server.nodes[0]?.clearFaults()
    const single = await arrived(lines, /^get failed: /)
    expect(single).toMatchObject({ level: 'debug', target: 'command', module: 'aerospike_napi::commands' })
    const { name, address } = server.nodes[0] as LocalNode
    expect(single.message).toContain(` (code -10, attempts 1, node ${name}, address ${address})`)
    const many = await arrived(lines, /^batch_read failed: /)
    expect(many).toMatchObject({ level: 'debug', target: 'batch', module: 'aerospike_napi::commands::batch' })
  })

  test('that find nothing are logged only at trace', async () => {
    setLogLevel('debug', 'command')
    const lines = collect()
    expect(await rejection(client.get(newKey()))).toMatchObject({ code: 'RECORD_NOT_FOUND' })
    setLogLevel('trace', 'command')
    expect(await rejection(client.get(newKey()))).toMatchObject({ code: 'RECORD_NOT_FOUND' })
    await arrived(lines, /^get failed: /)
    expect(lines.filter(({ message }) => message.startsWith('get failed'))).toHaveLength(1)
  })
})

describe('the shapes of loggers', () => {
  test('console and similar loggers: one text', async () => {
    const texts: unknown[][] = []
    const logger: Logger = {
      error: (...args: unknown[]) => texts.push(['error', ...args]),
      warn: (...args: unknown[]) => texts.push(['warn', ...args]),
      info: (...args: unknown[]) => texts.push(['info', ...args]),
      debug: (...args: unknown[]) => texts.push(['debug', ...args]),
    }
    setLogLevel('trace')
    setLogger(logger)
    await connectAndClose()
    await vi.waitFor(() => expect(texts.flat().join()).toContain(': closed'))
    expect(texts.every(each => each.length === 2)).toBe(true)
    expect(texts).toContainEqual(['info', expect.stringMatching(/^aerospike-napi: client \d+: closed$/)])
    expect(texts).toContainEqual(['info', expect.stringMatching(/^aerospike-napi cluster: Seeding the cluster/)])
    // Without `trace`, traces are debug lines.
    expect(texts).toContainEqual(['debug', expect.stringMatching(/^aerospike-napi command: response from server/)])
  })

  test('console itself', async () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => {})
    setLogger(console)
    await connectAndClose()
    await vi.waitFor(() => expect(info).toHaveBeenCalledWith(expect.stringMatching(/: closed$/)))
    info.mockRestore()
  })

  /** A stream that keeps the JSON lines that are written to it. */
  function jsonLines(): { stream: Writable; lines: { [name: string]: unknown }[]; texts: string[] } {
    const lines: { [name: string]: unknown }[] = []
    const texts: string[] = []
    const stream = new Writable({
      write(chunk: Buffer, _, done) {
        for (const line of chunk.toString().trim().split('\n')) {
          texts.push(line)
          lines.push(JSON.parse(line))
        }
        done()
      },
    })
    return { stream, lines, texts }
  }

  test('pino: fields, then the message', async () => {
    const { stream, lines, texts } = jsonLines()
    setLogger(pino({ level: 'trace' }, stream))
    setLogLevel('trace', 'command')
    await connectAndClose()
    await vi.waitFor(() => expect(lines.some(({ msg }) => /: closed$/.test(String(msg)))).toBe(true))
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 30,
        target: 'aerospike_napi',
        module: 'aerospike_napi::environment',
        loggedAt: expect.any(Number),
        msg: expect.stringMatching(/^client \d+: connected in/),
      }),
    )
    expect(lines.some(({ level, target }) => level === 10 && target === 'command')).toBe(true)
    for (const { time, loggedAt } of lines) expect(Math.floor(loggedAt as number)).toBeLessThanOrEqual(time as number)
    for (const text of texts) expect(text.match(/"(\w+)":/g)).toEqual([...new Set(text.match(/"(\w+)":/g))])
  })

  test('a child of pino, as Fastify has them', async () => {
    const { stream, lines } = jsonLines()
    setLogger(pino({ timestamp: false }, stream).child({ component: 'aerospike' }))
    await connectAndClose()
    await vi.waitFor(() => expect(lines.some(({ msg }) => /: closed$/.test(String(msg)))).toBe(true))
    expect(lines.every(({ component }) => component === 'aerospike')).toBe(true)
  })

  test('winston: the message, then fields', async () => {
    const { stream, lines } = jsonLines()
    const logger = winston.createLogger({ level: 'silly', transports: [new winston.transports.Stream({ stream })] })
    setLogLevel('trace')
    setLogger(logger)
    await connectAndClose()
    await vi.waitFor(() => expect(lines.some(({ message }) => /: closed$/.test(String(message)))).toBe(true))
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'info',
        target: 'aerospike_napi',
        module: 'aerospike_napi::environment',
        time: expect.any(Number),
      }),
    )
    expect(lines).toContainEqual(expect.objectContaining({ level: 'debug', target: 'command' }))
  })
})

describe('a logger with trouble', () => {
  /** The warnings that the process gives meanwhile. */
  async function warnings(work: () => Promise<void>): Promise<Error[]> {
    const heard: Error[] = []
    const listener = (warning: Error): void => {
      if (warning.name === 'AerospikeWarning') heard.push(warning)
    }
    process.on('warning', listener)
    try {
      await work()
      // Warnings come in the order in which they are given: those of `work` before this one.
      const last = once(process, 'warning')
      process.emitWarning('the last one')
      await last
    } finally {
      process.off('warning', listener)
    }
    return heard
  }

  test('that throws causes one process warning, and is called again', async () => {
    let calls = 0
    const heard = await warnings(async () => {
      setLogger(() => {
        calls++
        throw new Error('disk full')
      })
      await connectAndClose()
      await vi.waitFor(() => expect(calls).toBeGreaterThanOrEqual(3))
    })
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject({ code: 'AEROSPIKE_LOGGER_FAILED', message: expect.stringContaining('disk full') })
  })

  test('that rejects causes one process warning, too', async () => {
    let calls = 0
    const heard = await warnings(async () => {
      setLogger(async () => {
        calls++
        throw 'no connection'
      })
      await connectAndClose()
      await vi.waitFor(() => expect(calls).toBeGreaterThanOrEqual(3))
    })
    expect(heard.map(({ message }) => message)).toEqual([expect.stringContaining('no connection')])
  })

  test('that takes itself away, sets another, or changes levels during a call', async () => {
    const second: string[] = []
    setLogger(() => {
      setLogger(line => {
        second.push(line.message)
        if (/: connected/.test(line.message)) setLogLevel('off')
      })
    })
    await connectAndClose()
    await connectAndClose()
    await vi.waitFor(() => expect(second.join()).toContain(': connected'))
    await remains(() => second.filter(message => message.includes(': connected')).length === 1, 100)
  })

  test.each([{}, { autoBatch: true }])(
    'that writes through the client does not hear of its own writes: %o',
    async auto => {
      await using client = await new Client({ hosts: address, maxRetries: 0 }).connect()
      await using broken = await LocalServer.start()
      await using failing = await new Client({
        hosts: broken.address,
        maxRetries: 0,
        totalTimeout: 500,
        ...auto,
      }).connect()
      await broken.nodes[0]?.cutAnswers(4)
      setLogLevel('debug', 'command')
      setLogLevel('off', 'cluster')
      const key = newKey()
      const pending: Promise<unknown>[] = []
      let lines = 0
      setLogger(({ target }) => {
        if (target !== 'command') return
        lines++
        // One works, the other fails and would make lines without end.
        pending.push(client.operate(key, [op.incr('lines', 1)]), rejection(failing.put(key, { a: 1 })))
      })
      for (const error of await Promise.all(Array.from({ length: 8 }, () => rejection(failing.get(key))))) {
        expect(error).toMatchObject({ name: 'ClusterError', code: 'CLUSTER' })
      }
      await until(() => lines > 0)
      const told = await settled(() => lines, 300)
      await Promise.all(pending)
      await remains(() => lines === told, 300)
      expect((await client.get(key)).bins).toEqual({ lines: told })
      setLogger(null)
    },
  )
})

test('a failed connect fails in the same way with a logger', async () => {
  collect()
  setLogLevel('trace')
  const failure = await rejection(new Client({ hosts: '127.0.0.1:1', connectTimeout: 300 }).connect())
  expect(failure).toBeInstanceOf(ClusterError)
})
