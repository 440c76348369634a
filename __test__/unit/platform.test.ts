// Which binary a process needs, found out without another process.
import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { platformTarget } from '../../lib/native/platform'

vi.mock('node:fs', async original => ({ ...(await original<typeof import('node:fs')>()), readFileSync: vi.fn() }))

const maps = vi.mocked(readFileSync)
const library = (path: string): string =>
  `7f00-7f01 r-xp 00000000 08:01 42    /usr/bin/node\n7f02-7f03 r-xp 0 08:01 43    ${path}\n`

function stub(values: { platform: NodeJS.Platform; arch?: string; report?: object }): void {
  vi.stubGlobal('process', { ...process, arch: 'x64', versions: process.versions, ...values })
}

describe('the platform', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    maps.mockReset()
  })

  test.each([
    ['gnu', '/usr/lib/x86_64-linux-gnu/libc.so.6'],
    ['musl', '/lib/ld-musl-x86_64.so.1'],
    ['musl', '/lib/libc.musl-x86_64.so.1'],
  ])('has the C library %s that is mapped into the process (%s)', (libc, path) => {
    stub({ platform: 'linux' })
    maps.mockReturnValue(library(path))
    expect(platformTarget()).toBe(`linux-x64-${libc}`)
  })

  test.each([
    ['gnu', { glibcVersionRuntime: '2.36' }],
    ['musl', {}],
  ])('has the C library %s of the report where /proc cannot be read', (libc, header) => {
    stub({ platform: 'linux', arch: 'arm64', report: { getReport: () => ({ header }) } })
    maps.mockImplementation(() => {
      throw new Error('ENOENT')
    })
    expect(platformTarget()).toBe(`linux-arm64-${libc}`)
  })

  test('has no C library in its name on other systems', () => {
    stub({ platform: 'darwin', arch: 'arm64' })
    expect(platformTarget()).toBe('darwin-arm64')
    stub({ platform: 'win32' })
    expect(platformTarget()).toBe('win32-x64-msvc')
    expect(maps).not.toHaveBeenCalled()
  })
})
