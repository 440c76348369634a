// Dependencies in the Rust crates run downward only, like those in lib/: see layers.test.ts.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { circles, type Import } from '../helpers/import-circles.js'
import { modulePath, rustImports, rustModules } from '../helpers/rust-modules.js'

interface Crate {
  /** The folder of the sources. */
  readonly folder: string
  /** What lies in the folder, the lowest first: folders, and files without `.rs`. Each imports only from what stands before it. */
  readonly layers: readonly string[]
  /** Largest number of files in a folder. */
  readonly files: number
}

const CRATES: readonly Crate[] = [
  {
    folder: 'crate/src',
    layers: [
      'catalog',
      'common',
      'wire',
      'requests',
      'nodes',
      'policy',
      'convert',
      'telemetry',
      'stream',
      'client',
      'query',
      'commands',
      'environment',
      'napi',
      'fuzzing',
      'instruction_counts',
      'lib',
    ],
    files: 16,
  },
  {
    folder: 'server/src',
    layers: [
      'common',
      'tls',
      'proto',
      'record',
      'compute',
      'store',
      'security',
      'cluster',
      'commands',
      'query',
      'net',
      'fuzzing',
      'control',
      'lib',
      'report',
      'cli',
      'main',
    ],
    files: 15,
  },
]

/** Largest number of lines in a file. */
const MAX_LINES = 500

/** The first part of a path: the folder, or the file without its ending. */
const layerOf = (module: string): string => module.split('/')[0]?.replace(/\.rs$/, '') as string

const folderOf = (module: string): string => module.split('/').slice(0, -1).join('/')

/** Whether one module contains the other: a `mod.rs` and the modules that it declares may use each other. */
function isFamily({ from, to }: Import): boolean {
  const [source, target] = [modulePath(from).join('/'), modulePath(to).join('/')]
  return folderOf(source) === target || folderOf(target) === source
}

/** The part of a path that lies directly in `folder`; undefined if the path lies elsewhere. */
function partIn(folder: string, module: string): string | undefined {
  if (!module.startsWith(folder)) return undefined
  const [part] = module.slice(folder.length).split('/')
  return part
}

/** The imports between the parts of a folder: its files, and its folders as a whole. */
function importsWithin(folder: string, imports: readonly Import[]): Import[] {
  return imports.flatMap(({ from, to }) => {
    const [source, target] = [partIn(folder, from), partIn(folder, to)]
    if (source === undefined || target === undefined || source === target) return []
    return source === 'mod.rs' || target === 'mod.rs' ? [] : [{ from: `${folder}${source}`, to: `${folder}${target}` }]
  })
}

describe.each(CRATES)('$folder', ({ folder, layers, files }) => {
  const root = fileURLToPath(new URL(`../../${folder}/`, import.meta.url))
  const modules = rustModules(root)
  const imports = rustImports(root)

  test('has only folders and files with a place in the layers', () => {
    expect([...new Set(modules.map(layerOf))].sort()).toEqual([...layers].sort())
  })

  test('imports downward only', () => {
    expect(imports.length).toBeGreaterThan(modules.length)
    const height = (module: string) => layers.indexOf(layerOf(module))
    // The root of a library only names what it contains and what it exports.
    const upward = imports.filter(({ from, to }) => to !== 'lib.rs' && height(to) > height(from))
    expect(upward.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  test('has no circles of modules', () => {
    expect(circles(imports.filter(edge => !isFamily(edge)))).toEqual([])
  })

  test('has no circles of folders at any depth', () => {
    const folders = new Set(
      modules.flatMap(module => module.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))),
    )
    const found = [...folders].flatMap(each => circles(importsWithin(each === '' ? '' : `${each}/`, imports)))
    expect(found).toEqual([])
  })

  test('has no folder with too many files, and no file with too many lines', () => {
    const sizes = new Map<string, number>()
    for (const module of modules) sizes.set(folderOf(module), (sizes.get(folderOf(module)) ?? 0) + 1)
    expect([...sizes].filter(([, size]) => size > files)).toEqual([])
    const lines = (module: string) => readFileSync(join(root, module), 'utf8').split('\n').length
    expect(modules.filter(module => lines(module) > MAX_LINES)).toEqual([])
  })
})

describe('the reader of imports', () => {
  const read = (files: Record<string, string>): string[] => {
    const folder = mkdtempSync(join(tmpdir(), 'rust-modules-'))
    try {
      for (const [name, source] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), source)
      }
      return rustImports(folder).map(({ from, to }) => `${from} -> ${to}`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  const others = { 'lib.rs': '', 'a/mod.rs': '', 'a/b.rs': '', 'a/c.rs': '', 'd.rs': '' }

  test('follows paths from the crate, from the parent and to children', () => {
    expect(read({ ...others, 'd.rs': 'use crate::{a::{b::{self, B}, c as other}, x};' })).toEqual([
      'd.rs -> a/b.rs',
      'd.rs -> a/c.rs',
      'd.rs -> lib.rs',
    ])
    expect(read({ ...others, 'a/b.rs': 'use super::c::C;\nuse super::super::d;' })).toEqual([
      'a/b.rs -> a/c.rs',
      'a/b.rs -> d.rs',
    ])
    expect(read({ ...others, 'a/mod.rs': 'mod b;\npub use b::B;\nfn f() -> self::c::C { std::c::new() }' })).toEqual([
      'a/mod.rs -> a/b.rs',
      'a/mod.rs -> a/c.rs',
    ])
    expect(read({ ...others, 'd.rs': 'fn f() { crate::a::b::g() }' })).toEqual(['d.rs -> a/b.rs'])
  })

  test('ignores comments, literals, visibilities and unit tests', () => {
    const source = `// crate::a::b
      const A: &str = "crate::a::b // \\" crate::a::b";
      const B: &str = r#"crate::a::b "quoted" crate::a::b"#;
      const C: char = '"'; const D: char = '\\'';
      pub(in crate::a::b) fn f<'a>(it: &'a str) { crate::a::c::g('"') }
      #[cfg(test)]
      mod tests { use crate::a::b; }`
    expect(read({ ...others, 'd.rs': source })).toEqual(['d.rs -> a/c.rs'])
  })
})
