// Runtimes that allow no memory of others in an ArrayBuffer, such as Electron: columns are copied.
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { runScriptWith } from '../helpers/script.js'

const { address } = inject('aerospike')
const SHIM = fileURLToPath(new URL('fixtures/no-external.c', import.meta.url))
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'no-external-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the script, with a library preloaded or without. Returns its lines without those of the library, and how many those are. */
async function run(preload = ''): Promise<{ code: number | null; lines: string[]; refused: number }> {
  const set = `no-external-${randomUUID().slice(0, 8)}`
  const { code, output } = await runScriptWith({ env: { LD_PRELOAD: preload } }, 'no-external', address, set)
  const lines = output.split('\n')
  const own = lines.filter(line => line !== 'refused')
  return { code, lines: own, refused: lines.length - own.length }
}

// Preloading is the business of the dynamic linkers of Linux.
describe.runIf(process.platform === 'linux')('columns', () => {
  test('are copied where the runtime refuses external memory, and have the same values', async () => {
    const library = join(folder, 'no-external.so')
    execFileSync(process.env.CC ?? 'cc', ['-shared', '-fPIC', '-O1', '-o', library, SHIM, '-ldl'])
    const refusing = await run(library)
    expect(refusing).toMatchObject({ code: 0, lines: ['true true true'] })
    expect(refusing.refused).toBeGreaterThanOrEqual(3)
  })

  test('the same script passes where it is allowed', async () => {
    expect(await run()).toEqual({ code: 0, lines: ['true true true'], refused: 0 })
  })
})
