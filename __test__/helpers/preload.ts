// Libraries that a process of its own preloads, to have a system that is hard to come by: without external memory, with a
// clock that jumps, with name servers that fail.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const fixtures = fileURLToPath(new URL('../lifecycle/fixtures/', import.meta.url))

/** Whether this system has libraries that can be preloaded: the dynamic linker of Linux with glibc. */
export const canPreload =
  process.platform === 'linux' &&
  'glibcVersionRuntime' in (process.report.getReport() as { header: Readonly<Record<string, unknown>> }).header

/** Compiles `lifecycle/fixtures/<name>.c` into a folder. Returns the path of the library, for `LD_PRELOAD`. */
export function preloadable(name: string, folder: string): string {
  const library = `${folder}/${name}.so`
  const compiler = process.env.CC ?? 'cc'
  try {
    execFileSync(
      compiler,
      ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, `${fixtures}${name}.c`, '-ldl'],
      {
        encoding: 'utf8',
        stdio: 'pipe',
      },
    )
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    throw new Error(
      `${name}.c could not be compiled with ${compiler}. This test needs a C compiler, like the rest of the project ` +
        `(CONTRIBUTING.md, Set up); CC names another one: ${stderr || message}`,
      { cause: error },
    )
  }
  return library
}
