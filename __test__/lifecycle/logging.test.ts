// Loggers in processes and workers that end, and floods of lines.
import { afterEach, describe, expect, inject, test, vi } from 'vitest'
import { runScript } from '../helpers/script.js'

const { address } = inject('aerospike')

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a process with a logger', () => {
  test('ends by itself with its client open, and its lines are logged', async () => {
    const { code, signal, output } = await runScript('log-exit', address, 'idle')
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(JSON.parse(output)).toEqual({ connected: 1, told: 0 })
  })

  test('leaves by process.exit in a flood, and waiting lines are logged first', async () => {
    const { code, signal, output } = await runScript('log-exit', address, 'exit')
    expect({ code, signal }).toEqual({ code: 7, signal: null })
    expect(JSON.parse(output)).toMatchObject({ connected: 1 })
    expect(JSON.parse(output).told).toBeGreaterThanOrEqual(1000)
  })

  test('says it on stderr with NODE_DEBUG=aerospike-napi, without a logger', async () => {
    vi.stubEnv('NODE_DEBUG', 'aerospike-napi')
    const { code, output } = await runScript('log-exit', address, 'debug')
    expect(code).toBe(0)
    expect(output).toMatch(/^AEROSPIKE-NAPI \d+: aerospike_napi info: client \d+: connected in /m)
    expect(output).toMatch(/^AEROSPIKE-NAPI \d+: cluster debug: /m)
  })

  test('is silent without either', async () => {
    expect(await runScript('log-exit', address, 'debug')).toEqual({ code: 0, signal: null, output: '' })
  })
})

test('workers can be terminated in floods of lines, 10 times over', async () => {
  expect(await runScript('log-terminate', address, '10')).toEqual({ code: 0, signal: null, output: 'true' })
})

test('a flood is logged in order and in small batches, and dropped lines are counted', async () => {
  const { code, output } = await runScript('log-flood', address)
  expect(code, output).toBe(0)
  const flood = JSON.parse(output)
  expect(flood).toMatchObject({ told: 10_000, ordered: true, chunked: true })
  expect(flood.dropped).toBeGreaterThanOrEqual(2000)
})
