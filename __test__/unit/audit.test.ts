// `make audit` with programs that answer as the real ones do: what it checks, and how it ends when it cannot check.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const NONE = '{ "auditReportVersion": 2, "vulnerabilities": {} }'

// Windows runs no scripts of a shell by name.
describe.runIf(process.platform !== 'win32')('make audit', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'audit-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  interface Outcome {
    code: number | null
    output: string
  }

  /** Runs the script with these programs, as lines of a shell. Others find nothing to report. */
  function audit(programs: { [name: string]: string } = {}): Outcome {
    const all = { 'cargo-deny': '', actionlint: '', zizmor: '', npm: `echo '${NONE}'`, ...programs }
    for (const [name, lines] of Object.entries(all)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 })
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'audit.mjs')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
    })
    return { code: status, output: stdout + stderr }
  }

  test('checks the packages of every lock file but those of the benchmark', () => {
    const { code, output } = audit({ npm: `pwd >&2; echo '${NONE}'` })
    expect(output).not.toContain('not checked')
    expect(code).toBe(0)
    const files = execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: root, encoding: 'utf8' })
    const folders = files.trim().split('\n').map(dirname)
    expect(folders).toContain('docs/integrations')
    const checked = [...output.matchAll(/^==> npm packages of (.*)$/gm)].map(([, name]) => name)
    expect(checked).toEqual(folders.filter(name => name !== 'benchmark'))
  })

  test('lists advisories, and fails', () => {
    const via = [{ title: 'Prototype pollution', url: 'https://example.com/GHSA-1' }]
    const found = {
      auditReportVersion: 2,
      vulnerabilities: { left: { name: 'left', severity: 'high', range: '<2', via } },
    }
    const { code, output } = audit({
      npm: `case "$PWD" in */docs) echo '${JSON.stringify(found)}'; exit 1;; *) echo '${NONE}';; esac`,
    })
    expect(output).toContain('high: left <2: Prototype pollution (https://example.com/GHSA-1)')
    expect(output).toMatch(/\nfailed: npm packages of docs\n/)
    expect(output).not.toContain('not checked')
    expect(code).toBe(1)
  })

  test.each([
    [
      'refuses the request',
      '{ "message": "405 Method Not Allowed", "error": { "summary": "" } }',
      '405 Method Not Allowed',
    ],
    [
      'is not found',
      '{ "error": { "code": "ENOTFOUND", "summary": "getaddrinfo ENOTFOUND" } }',
      'getaddrinfo ENOTFOUND',
    ],
    ['prints nothing', '', 'npm printed no report'],
  ])('names what was not checked where the registry %s, and fails', (_, json, reason) => {
    const { code, output } = audit({ npm: `echo '${json}'; exit 1` })
    expect(output).toMatch(/\nnot checked: npm packages of .*docs\/integrations.*: no answer about advisories: /)
    expect(output).toContain(`no answer about advisories: ${reason}\n`)
    expect(output).not.toContain('\nfailed:')
    expect(code).toBe(1)
  })

  test('names the advisories about the crates where their database cannot be fetched, and fails', () => {
    const line = '[ERROR] failed to fetch advisory database https://example.com/db: timed out'
    const { code, output } = audit({
      'cargo-deny': `case "$*" in *advisories*) echo '${line}' >&2; exit 1;; esac`,
    })
    expect(output).toContain(`\nnot checked: advisories about the crates: no advisory database: ${line}\n`)
    expect(output).not.toContain('\nfailed:')
    expect(code).toBe(1)
  })

  test.each(['cargo-deny', 'actionlint', 'zizmor'])('fails where %s finds something', name => {
    const { code, output } = audit({
      [name]: 'case "$*" in -version | --version) exit 0 ;; esac; echo finding; exit 1',
    })
    expect(output).toContain('\nfailed: ')
    expect(output).not.toContain('not checked')
    expect(code).toBe(1)
  })
})
