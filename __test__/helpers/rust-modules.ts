// Reads which modules of a Rust crate import which, from the source text.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Import } from './import-circles.js'

/** The source files of a crate, as paths with slashes, without files that contain only unit tests. */
export function rustModules(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => path.endsWith('.rs') && !/(^|\/)tests?\.rs$/.test(path))
    .sort()
}

/** The path of a file's module: `record/bins.rs` is `record::bins`, and `record/mod.rs` is `record`. */
export function modulePath(file: string): string[] {
  return file
    .replace(/\.rs$/, '')
    .split('/')
    .filter(part => !['mod', 'lib', 'main'].includes(part))
}

/** Comments and literals, which may contain anything, and the paths in visibilities. */
const NOISE =
  /\/\/.*|\/\*[\s\S]*?\*\/|\bb?r(#+)"[\s\S]*?"\1|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[^']+)'|\bpub\(in [^)]+\)/g

/** Source text without comments, literals, visibilities and unit tests. */
function withoutNoise(source: string): string {
  return source.replace(NOISE, '').replace(/#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+\s*(?:;|\{.*$)/s, '')
}

/** The paths that a tree of imports names: `a::{b, c::{self, D}}` names `a::b`, `a::c` and `a::c::D`. */
function pathsIn(tree: string, prefix: readonly string[] = []): string[][] {
  const open = tree.indexOf('{')
  if (open < 0) {
    const parts = tree
      .replace(/\s+as\s+\w+/, '')
      .split('::')
      .map(part => part.trim())
    return [
      [...prefix, ...parts.filter((part, place) => part !== '' && !(part === 'self' && prefix.length + place > 0))],
    ]
  }
  const head = tree
    .slice(0, open)
    .split('::')
    .map(part => part.trim())
    .filter(part => part !== '')
  const branches: string[] = []
  let depth = 0
  let branch = ''
  for (const character of tree.slice(open + 1, tree.lastIndexOf('}'))) {
    if (character === '{') depth++
    if (character === '}') depth--
    if (character === ',' && depth === 0) {
      branches.push(branch)
      branch = ''
    } else {
      branch += character
    }
  }
  branches.push(branch)
  return branches.filter(each => each.trim() !== '').flatMap(each => pathsIn(each.trim(), [...prefix, ...head]))
}

/** The paths in a file that may name modules of its crate. */
function usedPaths(source: string, children: ReadonlySet<string>): string[][] {
  const text = withoutNoise(source)
  const imports = [...text.matchAll(/\buse\s+([^;]+);/g)].flatMap(([, tree]) => pathsIn(tree as string))
  const inline = [...text.replace(/\buse\s+[^;]+;/g, '').matchAll(/(?<![\w:])\w+(?:::\w+)+/g)].map(([path]) =>
    path.split('::'),
  )
  return [...imports, ...inline].filter(([first]) => {
    return first === 'crate' || first === 'super' || first === 'self' || children.has(first as string)
  })
}

/** The names that a module re-exports from its children or its crate, with the paths that they stand for. */
function reexports(source: string, here: readonly string[]): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const [, tree] of withoutNoise(source).matchAll(/^pub(?:\([^)]*\))? use\s+([^;]+);/gm)) {
    for (const path of pathsIn(tree as string)) {
      const [first] = path
      const absolute = first === 'crate' ? path.slice(1) : [...here, ...(first === 'self' ? path.slice(1) : path)]
      if (first !== 'super') names.set(path[path.length - 1] as string, absolute)
    }
  }
  return names
}

/**
 * The imports between the modules of a crate. A name that a module re-exports counts as an import from the file that
 * defines it: re-exports would otherwise hide circles.
 *
 * @param folder - the folder of the sources, with `lib.rs` or `main.rs`
 * @returns each pair of a file and a file that it imports from, once
 */
export function rustImports(folder: string): Import[] {
  const files = rustModules(folder)
  const byModule = new Map<string, string>()
  // Where a crate has both, paths that start with `crate` are those of the library.
  for (const file of files)
    if (file !== 'main.rs' || !files.includes('lib.rs')) byModule.set(modulePath(file).join('::'), file)
  const sources = new Map(files.map(file => [file, readFileSync(join(folder, file), 'utf8')]))
  const passedOn = new Map(files.map(file => [file, reexports(sources.get(file) as string, modulePath(file))]))
  /** The file that defines what a path names: that of the longest part of the path that is a module. */
  const fileOf = (path: readonly string[], depth = 0): string | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const file = byModule.get(path.slice(0, length).join('::'))
      if (file === undefined) continue
      const target = passedOn.get(file)?.get(path[length] ?? '')
      return target === undefined || depth > 8 ? file : fileOf([...target, ...path.slice(length + 1)], depth + 1)
    }
    return undefined
  }
  const found = new Map<string, Import>()
  for (const from of files) {
    const here = modulePath(from)
    const children = new Set(
      [...byModule.values()]
        .map(modulePath)
        .filter(path => path.length === here.length + 1 && here.every((part, place) => path[place] === part))
        .map(path => path[path.length - 1] as string),
    )
    for (const path of usedPaths(sources.get(from) as string, children)) {
      let base = path[0] === 'crate' ? [] : [...here]
      let rest = path[0] === 'crate' || path[0] === 'self' ? path.slice(1) : path
      while (rest[0] === 'super') {
        base = base.slice(0, -1)
        rest = rest.slice(1)
      }
      const to = fileOf([...base, ...rest])
      if (to !== undefined && to !== from) found.set(`${from} -> ${to}`, { from, to })
    }
  }
  return [...found.values()]
}
