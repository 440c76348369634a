// The public entry points, read from `exports` in package.json, so that they are listed only there.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The folder of the bundled command line. Programs in it find aerospike-napi by its name: it is this project. */
export const CLI_BUNDLE = join(root, '.cache', 'cli')

/**
 * @typedef {object} Entry
 * @property {string} subpath the subpath that users import: `.`, `./arrow` ...
 * @property {string} source lib/<name>.ts
 * @property {string} cjs dist/<name>.js
 * @property {string} esm dist/<name>.mjs
 * @property {string} types <name>.d.ts at the root
 * @property {string} esmTypes <name>.d.mts at the root
 */

/** @returns {Entry[]} all entries, the main entry first */
export function entries() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.entries(exports)
    .filter(([, conditions]) => typeof conditions === 'object')
    .map(([subpath, conditions]) => ({
      subpath,
      source: plain(conditions.require.default)
        .replace(/^dist\//, 'lib/')
        .replace(/\.js$/, '.ts'),
      cjs: plain(conditions.require.default),
      esm: plain(conditions.import.default),
      types: plain(conditions.require.types),
      esmTypes: plain(conditions.import.types),
    }))
}

const plain = path => path.replace(/^\.\//, '')
