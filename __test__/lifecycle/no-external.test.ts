// Runtimes that refuse external memory in an ArrayBuffer, such as Electron: columns and large replies are copied.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { canPreload, preloadable } from '../helpers/preload.js'
import { runScriptWith } from '../helpers/script.js'

const { address } = inject('aerospike')
/** What the script checks. */
const RIGHT = [
  'batchWriteColumns true',
  'batchReadColumns true',
  'batchReadColumns into true',
  'query columns true',
  'batchRead true',
  'blocking true',
]

describe.runIf(canPreload)('columns and large replies', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'no-external-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Runs the script. Returns its own lines, and how many ArrayBuffers the preloaded library has refused. */
  async function run(preload: string): Promise<{ code: number | null; lines: string[]; refused: number }> {
    const set = `no-external-${randomUUID().slice(0, 8)}`
    const { code, output } = await runScriptWith({ env: { LD_PRELOAD: preload } }, 'no-external', address, set)
    const lines = output.split('\n')
    const own = lines.filter(line => line !== 'refused')
    return { code, lines: own, refused: lines.length - own.length }
  }

  test('are copied if the runtime refuses external memory, and have the same values', async () => {
    const refusing = await run(preloadable('no-external', folder))
    expect(refusing).toMatchObject({ code: 0, lines: RIGHT })
    // Each of the reads has had at least one.
    expect(refusing.refused).toBeGreaterThanOrEqual(5)
  })

  test('are not copied otherwise', async () => {
    expect(await run('')).toEqual({ code: 0, lines: RIGHT, refused: 0 })
  })
})
