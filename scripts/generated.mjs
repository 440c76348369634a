// Shared code of the scripts that generate sources in lib/.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './entries.mjs'

/** Formats a module, and sorts its imports. */
export const formatted = code => format(code, 'lib/methods/generated.ts')

/** An object as a formatted JSON file. */
export const formattedJson = value => format(JSON.stringify(value, null, 2), 'scripts/generated.json')

function format(code, path) {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const command = [biome, 'check', '--write', `--stdin-file-path=${path}`]
  return execFileSync(process.execPath, command, { cwd: root, input: code, encoding: 'utf8' })
}

/** Writes a file if its text has changed. With --check, reports an outdated file instead, and the script fails. */
export function writeGenerated(file, text) {
  const path = join(root, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  if (process.argv.includes('--check')) {
    console.error(`${file} is out of date: run \`make types\``)
    process.exitCode = 1
  } else {
    writeFileSync(path, text)
    console.log(`${file} written`)
  }
}
