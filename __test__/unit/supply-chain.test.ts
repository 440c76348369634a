// What goes into the packages and who can change it: actions are pinned, locks are complete, nothing runs at installation.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../helpers/packed.js'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const json = (file: string): Record<string, unknown> => JSON.parse(read(file))
const WORKFLOWS = readdirSync(join(root, '.github/workflows')).map(name => `.github/workflows/${name}`)
const PACKAGES = ['package.json', ...readdirSync(join(root, 'npm')).map(name => `npm/${name}/package.json`)]
const LOCKS = execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')

describe.each(WORKFLOWS)('%s', file => {
  const text = read(file)

  test('pins each action to a commit, and names its version', () => {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(match => match[1] ?? '')
    const loose = uses.filter(use => !use.startsWith('./') && !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # \S/.test(use))
    expect(loose).toEqual([])
  })

  test('has read-only permissions by default, and leaves no token in the work tree', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m)
    const checkouts = text.match(/uses: actions\/checkout@/g)?.length ?? 0
    expect(text.match(/persist-credentials: false/g)?.length ?? 0).toBe(checkouts)
  })
})

test('an action has the same commit in all workflows', () => {
  const commits = new Map<string, Set<string>>()
  for (const file of WORKFLOWS) {
    for (const [, action = '', commit = ''] of read(file).matchAll(/uses: ([\w./-]+)@([0-9a-f]{40})/g)) {
      commits.set(action, (commits.get(action) ?? new Set()).add(commit))
    }
  }
  expect(commits.size).toBeGreaterThan(5)
  expect([...commits].filter(([, all]) => all.size > 1)).toEqual([])
})

describe.each(PACKAGES)('%s', file => {
  const manifest = json(file) as { scripts?: object; dependencies?: object }

  test('runs nothing at installation and needs no other package', () => {
    const scripts = Object.keys(manifest.scripts ?? {})
    expect(scripts.filter(name => /^(?:pre|post)?(?:install|prepare|publish|pack|uninstall)|Only$/.test(name))).toEqual(
      [],
    )
    // The command line needs the client.
    expect(Object.keys(manifest.dependencies ?? {})).toEqual(
      file.includes('aerospike-napi-cli') ? ['aerospike-napi'] : [],
    )
  })
})

describe.each(LOCKS)('%s', file => {
  const { packages } = json(file) as {
    packages: Record<string, { integrity?: string; resolved?: string; link?: boolean; license?: string }>
  }
  const installed = Object.entries(packages).filter(([path, one]) => path.includes('node_modules/') && !one.link)

  test('has a checksum of each package, and all of them come from a registry', () => {
    expect(installed.length).toBeGreaterThan(10)
    expect(installed.filter(([, one]) => !/^sha(?:512|1)-/.test(one.integrity ?? '')).map(([path]) => path)).toEqual([])
    const sources = installed.map(([, one]) => one.resolved ?? '').filter(from => /^(?:git|http:|file:)/.test(from))
    expect(sources).toEqual([])
  })
})

test('dependabot updates every lock file and the workflows', () => {
  const text = read('.github/dependabot.yml')
  for (const ecosystem of ['cargo', 'npm', 'github-actions']) expect(text).toContain(`package-ecosystem: ${ecosystem}`)
  const folders = LOCKS.map(file => `/${file.replace(/\/?package-lock\.json$/, '')}`)
  const [, listed = ''] = /directories:\n((?: +- .*\n)+)/.exec(text) ?? []
  expect([...listed.matchAll(/- (.*)/g)].map(([, folder]) => folder)).toEqual(folders.sort())
})

test('deny.toml has the targets of package.json', () => {
  const { napi } = json('package.json') as unknown as { napi: { targets: string[] } }
  const [, listed = ''] = /^targets = \[([^\]]*)\]/m.exec(read('deny.toml')) ?? []
  expect([...listed.matchAll(/"([^"]+)"/g)].map(match => match[1])).toEqual(napi.targets)
})

test('deny.toml allows each licence under which THIRD_PARTY.md lists a crate', () => {
  const [, listed = ''] = /^allow = \[([^\]]*)\]/m.exec(read('deny.toml')) ?? []
  const allowed = new Set([...listed.matchAll(/"([^"]+)"/g)].map(match => match[1] ?? ''))
  const rows = [...read('THIRD_PARTY.md').matchAll(/^\| [\w-]+ \d\S* \| ([^|]+) \|/gm)]
  expect(rows.length).toBeGreaterThan(100)
  expect(rows.flatMap(row => (row[1] ?? '').split(', ')).filter(licence => !allowed.has(licence))).toEqual([])
})
