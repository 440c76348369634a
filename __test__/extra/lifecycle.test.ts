// Lives of clients that take longer than `make test` allows, or that use what the whole process shares.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { canPreload, preloadable } from '../helpers/preload.js'
import { runScript, runScriptWith } from '../helpers/script.js'

const { address } = inject('aerospike')
/** For the many rounds, which take long on a loaded machine; in milliseconds. */
const LIMIT = 540_000

describe('a process', () => {
  test('connects and closes 1,000 times, and has 200 clients at a time', { timeout: LIMIT }, async () => {
    const { code, output } = await runScriptWith({ limit: LIMIT }, 'rounds', address, '1000', '200')
    expect(output.split('\n')).toEqual(['rounds 1000', 'memory is flat', 'files are flat', 'together 200', 'handles 0'])
    expect(code).toBe(0)
  })

  test.runIf(process.platform !== 'win32')(
    'without file handles: connect says why it fails, open connections work, and so does everything once there are some',
    async () => {
      const { code, output } = await runScriptWith({ files: 100 }, 'files', address)
      expect(output.split('\n')).toEqual([
        'EMFILE',
        'connect: ClusterError names the reason',
        'connectSync: ClusterError names the reason',
        'one call: 1',
        expect.stringMatching(/^many calls: (ClusterError names the reason, )?ok$/),
        'afterwards: 20 1',
      ])
      expect(code).toBe(0)
    },
  )

  test('has workers of node:cluster and a forked child, each with a client of its own, beside its own', async () => {
    expect(await runScript('processes', address)).toEqual({
      code: 0,
      signal: null,
      output: '0:true 0:true 0:true 0:true\n4',
    })
  })

  test('passes arguments from 20 contexts of node:vm, and uses the results there', async () => {
    expect(await runScript('contexts', address)).toEqual({ code: 0, signal: null, output: 'true 20' })
  })

  test('terminates 8 workers at a time with columns, batches and reads in flight, 3 times over', async () => {
    expect(await runScript('terminate', address, '3', '8')).toEqual({ code: 0, signal: null, output: '7' })
  })
})

describe.runIf(canPreload)('the time of day', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clock-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('jumps a day ahead and back: no deadline moves, no connection is lost, and sessions are renewed in time', async () => {
    await using server = await LocalServer.start()
    await using secured = await LocalServer.start({ security: { sessionTtl: 2 } })
    const offset = join(folder, 'offset')
    writeFileSync(offset, Buffer.alloc(8))
    const env = { LD_PRELOAD: preloadable('clock', folder), CLOCK_OFFSET: offset }
    const { code, output } = await runScriptWith({ env }, 'clock', String(server.port), String(secured.port))
    expect(output.split('\n')).toEqual([
      'day 1, moved 1: 500 read, TIMEOUT, 1, true',
      'day -1, moved -2: 500 read, TIMEOUT, 1, true',
      'day 0, moved 1: 500 read, TIMEOUT, 1, true',
      'renewed',
      'renewed, blocking',
    ])
    expect(code).toBe(0)
  })
})
