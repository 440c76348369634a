// Bundles cli/ with the packages that it needs into .cache/cli/main.mjs, one ES module. Only aerospike-napi and apache-arrow
// stay outside: they are dependencies of the package aerospike-napi-cli.
//
//   node scripts/bundle-cli.mjs
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { root } from './entries.mjs'

/** The folder of the bundle. Programs in it find aerospike-napi by its name: it is this project. */
export const CLI_BUNDLE = join(root, '.cache', 'cli')

const bundle = await rolldown({
  input: { main: join(root, 'cli', 'main.mts') },
  platform: 'node',
  transform: { target: 'node20' },
  tsconfig: join(root, 'cli', 'tsconfig.json'),
  external: /^(?:aerospike-napi|apache-arrow)(?:\/|$)/,
  onLog(level, log) {
    if (level !== 'info') throw new Error(log.message)
  },
})
const { output } = await bundle.generate({
  format: 'es',
  banner: '#!/usr/bin/env node',
  comments: { legal: true, annotation: true, jsdoc: false },
  entryFileNames: '[name].mjs',
})
await bundle.close()
if (output.length !== 1) throw new Error(`the bundler wrote ${output.map(({ fileName }) => fileName)}`)
// Renamed when it is complete: tests of several processes can need it at the same time.
mkdirSync(CLI_BUNDLE, { recursive: true })
const temporary = join(CLI_BUNDLE, `main.${process.pid}.tmp`)
writeFileSync(temporary, output[0].code, { mode: 0o755 })
renameSync(temporary, join(CLI_BUNDLE, 'main.mjs'))
