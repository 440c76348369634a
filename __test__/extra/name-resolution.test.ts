// Name servers that fail, answer late, or list dead addresses first.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canPreload, preloadable } from '../helpers/preload.js'
import { runScriptWith } from '../helpers/script.js'

describe.runIf(canPreload)('a host name', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'name-resolution-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('without an address, or whose name servers are late, is an error that says so; dead addresses are skipped', async () => {
    // A server of its own, because the test listens at its port on another address.
    await using server = await LocalServer.start()
    const env = { LD_PRELOAD: preloadable('resolver', folder) }
    const { code, output } = await runScriptWith({ env }, 'resolver', String(server.port))
    expect(output.split('\n')).toEqual([
      'unknown.test INVALID_HOST retryable false names the host true',
      'unknown.test blocking INVALID_HOST retryable false names the host true',
      'unanswered.test CLUSTER retryable true names the host true',
      'unanswered.test blocking CLUSTER retryable true names the host true',
      'late-5000.test CLUSTER retryable true names the host true',
      'before the answer true the event loop turned true',
      'late-800.test connected',
      'late-800.test blocking connected',
      'dead-first.test connected',
      'dead-first.test blocking connected',
      'recovering.test open',
      'recovering.test 1',
    ])
    expect(code).toBe(0)
  })
})
