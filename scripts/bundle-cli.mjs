// Bundles cli/ with the packages that it needs into .cache/cli/main.mjs, one ES module. Only aerospike-napi and apache-arrow
// stay outside: they are dependencies of the package aerospike-napi-cli.
//
//   node scripts/bundle-cli.mjs
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
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
rmSync(CLI_BUNDLE, { recursive: true, force: true })
mkdirSync(CLI_BUNDLE, { recursive: true })
const file = join(CLI_BUNDLE, 'main.mjs')
writeFileSync(file, output[0].code)
chmodSync(file, 0o755)
