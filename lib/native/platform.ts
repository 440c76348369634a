/**
 * The target of this process, in the naming of the platform packages.
 */
import { readFileSync } from 'node:fs'

/** Whether the process uses musl (as on Alpine Linux) as its C library. */
function isMusl(): boolean {
  // Deno exists for glibc only, and reading /proc would need further permissions there.
  if (process.versions.deno !== undefined) return false
  try {
    return /\/(ld-musl-|libc\.musl-)/.test(readFileSync('/proc/self/maps', 'latin1'))
  } catch {
    // There is no /proc. Node's diagnostic report has the answer too, but takes ten times as long.
    const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
    return report?.header !== undefined && report.header.glibcVersionRuntime === undefined
  }
}

/** Returns the target, such as `linux-x64-gnu`. */
export function platformTarget(): string {
  const { platform, arch } = process
  if (platform === 'linux') return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`
  if (platform === 'win32') return `win32-${arch}-msvc`
  return `${platform}-${arch}`
}
