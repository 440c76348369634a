/**
 * The target of this process, as the platform packages are named.
 */
import { readFileSync } from 'node:fs'

/** Whether this Linux is one of musl (Alpine): whose C library the process has loaded. */
function isMusl(): boolean {
  try {
    return /\/(ld-musl-|libc\.musl-)/.test(readFileSync('/proc/self/maps', 'latin1'))
  } catch {
    // No /proc. Node's own report knows too, but takes ten times as long.
    const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
    return report?.header !== undefined && report.header.glibcVersionRuntime === undefined
  }
}

/** Such as `linux-x64-gnu`. */
export function platformTarget(): string {
  const { platform, arch } = process
  if (platform === 'linux') return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`
  if (platform === 'win32') return `win32-${arch}-msvc`
  return `${platform}-${arch}`
}
