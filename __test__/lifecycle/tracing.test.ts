// Processes and workers that end while spans wait for a collector.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { Collector } from '../helpers/collector.js'
import { runScript } from '../helpers/script.js'

const { address } = inject('aerospike')

let collector: Collector
const sockets: Socket[] = []
/** Takes connections, and says nothing. */
const silent = createServer(socket => void sockets.push(socket.on('error', () => {})))
let silentEndpoint = ''

beforeAll(async () => {
  collector = await Collector.start()
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  silentEndpoint = `http://127.0.0.1:${(silent.address() as { port: number }).port}`
})
afterAll(() => {
  collector.stop()
  for (const socket of sockets) socket.destroy()
  silent.close()
})
beforeEach(() => collector.reset())

describe.each([
  ['a collector that takes spans', () => collector.endpoint],
  ['a collector that says nothing', () => silentEndpoint],
  ['no collector', () => 'http://127.0.0.1:1'],
])('with %s', (_, endpoint) => {
  test('a process ends by itself, though spans wait', async () => {
    const { code, signal } = await runScript('tracing-end', address, endpoint(), 'alone')
    expect({ code, signal }).toEqual({ code: 0, signal: null })
  })

  test.each(['exit', 'flood'])('a process ends by process.exit: %s', async how => {
    const { code, signal } = await runScript('tracing-end', address, endpoint(), how)
    expect({ code, signal }).toEqual({ code: 7, signal: null })
  })

  test('shutdownTracing is bounded, and all spans are accounted for', async () => {
    const { code, signal, output } = await runScript('tracing-end', address, endpoint(), 'shutdown')
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(output).toMatch(/^500 500 /)
  })
})

test('workers can be terminated while they make spans, and others go on', async () => {
  expect(await runScript('tracing-terminate', address, collector.endpoint, '10')).toEqual({
    code: 0,
    signal: null,
    output: 'true',
  })
  const sets = new Set(collector.spans.map(({ attributes }) => attributes['db.collection.name']))
  expect(sets).toContain('tracing-worker')
  expect(sets).toContain('tracing-after')
  // The main thread had not begun yet.
  expect(sets).not.toContain('tracing-main')
})
