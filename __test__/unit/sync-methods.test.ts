// The methods of ClientSync are generated from those of Client, and checked in.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('lib/methods/*-sync.ts are up to date; `make types` generates them', () => {
  const script = fileURLToPath(new URL('../../scripts/sync-methods.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
