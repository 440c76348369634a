// Sources in lib/ that scripts generate from others are checked in.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Each script starts the formatter once for each file. */
const PATIENCE_MS = 120_000

test.each(['aliases', 'sync-methods', 'migration-tables'])(
  'what scripts/%s.mjs generates is up to date; `make types` writes it',
  name => {
    const script = fileURLToPath(new URL(`../../scripts/${name}.mjs`, import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  },
  PATIENCE_MS,
)
