// What a release puts together: nothing while a link or a binary is missing, and then each package with its links.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { platforms } from '../../scripts/stage-packages.mjs'
import { LINKS, manifest, root } from '../helpers/packed.js'

/** Files of the project that the script reads. */
const COPIED = ['package.json', 'README.md', 'LICENSE', 'THIRD_PARTY.md', 'bin.js', 'npm']
const SCRIPTS = ['prepare-release.mjs', 'claim-packages.mjs', 'stage-packages.mjs', 'entries.mjs']
/** Files that a build writes; the script only copies them. */
const BUILT = ['dist/index.js', 'index.d.ts', '.cache/cli/main.mjs', '.cache/cli/THIRD_PARTY.md']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-release-'))
  for (const file of COPIED) cpSync(join(root, file), join(folder, file), { recursive: true })
  for (const name of SCRIPTS) cpSync(join(root, 'scripts', name), join(folder, 'scripts', name))
  for (const file of BUILT) write(file, '// built\n')
  for (const platform of platforms()) for (const file of binaries(platform)) write(file, Buffer.alloc(200_000))
  write('scripts/package-links.json', JSON.stringify(LINKS))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(file: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), content)
}

function binaries(platform: string): string[] {
  const server = platform.startsWith('win32') ? 'aerospike-local.exe' : 'aerospike-local'
  return [`aerospike-napi.${platform}.node`, server].map(name => `binaries/${platform}/${name}`)
}

function prepare(env: NodeJS.ProcessEnv = {}): { code: number | null; problems: string[] } {
  const { REPOSITORY: _, ...others } = process.env
  const { status, stderr } = spawnSync(process.execPath, ['scripts/prepare-release.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...others, ...env },
  })
  return { code: status, problems: stderr.split('\n').filter(line => line !== '') }
}

describe('nothing is written', () => {
  afterEach(() => expect(existsSync(join(folder, 'release'))).toBe(false))

  test('while the links of the project are empty', () => {
    write('scripts/package-links.json', JSON.stringify({ repository: '', homepage: '', bugs: '' }))
    expect(prepare()).toEqual({
      code: 1,
      problems: ['scripts/package-links.json: repository, homepage, bugs must not be empty'],
    })
  })

  test('if the links have another form, or another repository publishes', () => {
    const repository = `git+${LINKS.repository}.git`
    write('scripts/package-links.json', JSON.stringify({ ...LINKS, repository }))
    expect(prepare().problems).toEqual([
      `scripts/package-links.json: repository is ${repository}, not of the form https://<host>/<owner>/<name>`,
    ])
    write('scripts/package-links.json', JSON.stringify(LINKS))
    const fork = 'https://example.com/other/aerospike-napi'
    expect(prepare({ REPOSITORY: fork })).toEqual({
      code: 1,
      problems: [`scripts/package-links.json: repository is ${LINKS.repository}, but ${fork} publishes`],
    })
  })

  test('if a binary is missing, too small or too large', () => {
    const [addon = '', server = ''] = binaries('linux-x64-musl')
    const [large = ''] = binaries('win32-arm64-msvc')
    rmSync(join(folder, addon))
    write(server, 'stub')
    write(large, Buffer.alloc(10_000_001))
    expect(prepare()).toEqual({
      code: 1,
      problems: [
        `${addon} is missing: was its target built?`,
        `${server} is too small to be a binary`,
        `${large} has 10000001 bytes, more than 10000000: is it stripped?`,
      ],
    })
  })
})

test('each package has its files, the links and the version', () => {
  expect(prepare({ REPOSITORY: LINKS.repository })).toEqual({ code: 0, problems: [] })
  const names = readdirSync(join(folder, 'release'))
  expect(names).toHaveLength(2 * platforms().length + 3)
  for (const name of names) {
    const packed = JSON.parse(readFileSync(join(folder, 'release', name, 'package.json'), 'utf8'))
    expect(packed).toMatchObject({
      name,
      version: manifest().version,
      license: 'Apache-2.0',
      homepage: LINKS.homepage,
      bugs: { url: LINKS.bugs },
      repository: { type: 'git', url: `git+${LINKS.repository}.git` },
    })
    for (const file of ['README.md', 'LICENSE', ...packed.files.filter((file: string) => !file.includes('*'))]) {
      expect(existsSync(join(folder, 'release', name, file)), `${name}: ${file}`).toBe(true)
    }
  }
})

test.skipIf(process.platform === 'win32')(
  'the workflow publishes all packages, last those that depend on others',
  () => {
    expect(prepare().code).toBe(0)
    const workflow = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')
    const [, loop = ''] = /^ +for folder in (release\/\*-.*); do$/m.exec(workflow) ?? []
    const script = `cd "$1" && for folder in ${loop}; do basename "$folder"; done`
    const listed = spawnSync('bash', ['-c', script, 'bash', folder], { encoding: 'utf8' }).stdout.trim().split('\n')
    expect([...listed].sort()).toEqual(readdirSync(join(folder, 'release')).sort())
    expect(listed.slice(-3)).toEqual(['aerospike-local', 'aerospike-napi', 'aerospike-napi-cli'])
  },
)

test('before the first release, each package gets a placeholder and the workflow as its publisher', () => {
  const args = ['scripts/claim-packages.mjs', '--dry-run']
  const printed = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout.trim().split('\n')
  const names = printed.flatMap(line => /^npm publish .*[\\/](\S+) --access public$/.exec(line)?.[1] ?? [])
  expect(names).toContain('aerospike-napi')
  expect(new Set(names).size).toBe(2 * platforms().length + 3)
  const rest = '--repo owner/aerospike-napi --file release.yml --env npm --allow-publish --yes'
  expect(printed.slice(names.length)).toEqual(names.map(name => `npm trust github ${name} ${rest}`))
  write('scripts/package-links.json', JSON.stringify({ repository: '', homepage: '', bugs: '' }))
  expect(spawnSync(process.execPath, args, { cwd: folder }).status).toBe(1)
})
