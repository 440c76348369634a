// The bundled command line.
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PROGRAM = join(root, '.cache', 'cli', 'main.mjs')

let built = false

/** The program, bundled again if a source is newer. */
export function cliProgram(): string {
  if (!built) {
    const newest = Math.max(
      ...['cli', 'chaos'].flatMap(folder =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter(name => name.endsWith('.mts'))
          .map(name => statSync(join(root, folder, name)).mtimeMs),
      ),
    )
    const stats = statSync(PROGRAM, { throwIfNoEntry: false })
    if (stats === undefined || stats.mtimeMs < newest) {
      execFileSync(process.execPath, [join(root, 'scripts', 'bundle-cli.mjs')], { stdio: 'inherit' })
    }
    built = true
  }
  return PROGRAM
}
