/**
 * Finds packages and files of this installation at run time. Bundlers do not follow these lookups, so that a program that
 * bundles the package still loads the platform's binary from node_modules, or from beside the bundle.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The paths of the files to resolve from: this file, the program, and any file in the working directory. */
function origins(): string[] {
  // A bundle in ESM has no __filename; that of a bundle in CommonJS can be a path of the machine that bundled it.
  const own = typeof __filename === 'string' ? [__filename] : []
  const program = process.argv[1] === undefined ? [] : [process.argv[1]]
  return [...own, ...program, join(process.cwd(), 'index.js')]
}

/** What was tried, for the message when nothing is found. */
export type Attempts = string[]

/** Returns whether an error of `require` states that the module does not exist. */
function isNotFound(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
}

function attempt<T>(origin: string, name: string, use: (require: NodeJS.Require, name: string) => T): T | undefined {
  try {
    return use(createRequire(origin), name)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** Calls `use` with the package that is found first; returns undefined, and adds to `attempts`, if there is none. */
export function fromPackage<T>(
  name: string,
  attempts: Attempts,
  use: (require: NodeJS.Require, name: string) => T,
): T | undefined {
  const folders = new Set<string>()
  for (const origin of origins()) {
    const folder = dirname(origin)
    if (folders.has(folder)) continue
    folders.add(folder)
    const found = attempt(origin, name, use)
    if (found !== undefined) return found
  }
  attempts.push(`the package ${name} (from ${[...folders].join(', ')})`)
  return undefined
}

/** Paths of a file in the folder of this file and in the folders above it: up to the root of the package or repository. */
export function ownPaths(file: string): string[] {
  const folder = typeof __filename === 'string' ? dirname(__filename) : dirname(process.argv[1] ?? '')
  return ['.', '..', join('..', '..')].map(up => join(folder, up, file))
}
