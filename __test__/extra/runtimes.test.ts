// The packed package in other runtimes: the Node versions that are supported beside this one, Bun and Deno. They come
// from the npm registry, into a folder of their own; none of their install scripts is run.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Installed, packAndInstall, root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'

interface Runtime {
  name: string
  /** What to install, as `npm install` takes it. */
  spec: string
  /** Its program, from the folder that it was installed in. */
  program: string
  args: string[]
}

const { platform, arch } = process
const bunArch = arch === 'arm64' ? 'aarch64' : 'x64'
const denoPlatform = platform === 'linux' ? `linux-${arch}-glibc` : `${platform}-${arch}`

const runtimes: Runtime[] = [
  ...(platform === 'linux'
    ? [20, 22, 24, 26].map(major => ({
        name: `Node ${major}`,
        spec: `node-linux-${arch}@${major}`,
        program: `node_modules/node-linux-${arch}/bin/node`,
        args: [],
      }))
    : []),
  {
    name: 'Bun',
    spec: 'bun@1',
    program: `node_modules/@oven/bun-${platform}-${bunArch}/bin/bun`,
    args: [],
  },
  {
    name: 'Deno',
    spec: 'deno@2',
    program: `node_modules/@deno/${denoPlatform}/deno`,
    args: ['run', '--allow-read', '--allow-env', '--allow-ffi', '--no-prompt', '--node-modules-dir=manual'],
  },
]

const cache = join(root, '.cache', 'runtimes')
let installed: Installed

beforeAll(() => {
  installed = packAndInstall()
  copyFileSync(join(root, '__test__/package/fixture/smoke.mjs'), join(installed.folder, 'smoke.mjs'))
})
afterAll(() => installed?.remove())

describe.each(runtimes)('$name', ({ name, spec, program, args }) => {
  let path: string
  beforeAll(() => {
    const folder = join(cache, name.toLowerCase().replace(' ', '-'))
    path = join(folder, program)
    if (existsSync(path)) return
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "name": "runtime", "private": true }\n')
    try {
      execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', spec], {
        cwd: folder,
        stdio: 'pipe',
      })
    } catch (error) {
      // A registry that does not have it says nothing of this package; where it must be there, EXTRA_STRICT=1 says so.
      if (process.env.EXTRA_STRICT === '1') throw error
    }
  })

  test('runs the smoke test to its end', async context => {
    if (!existsSync(path)) context.skip(`${spec} could not be fetched`)
    const { stdout } = await runFile(path, [...args, 'smoke.mjs'], {
      cwd: installed.folder,
      timeout: 60_000,
      env: { ...process.env, AEROSPIKE_HOST: inject('aerospike').address },
    })
    expect(stdout.trim().split('\n').at(-1)).toBe('done')
  })
})
