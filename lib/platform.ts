/**
 * The target of this process, as the platform packages are named.
 */

/** Whether this Linux is one of musl (Alpine), read from what Node says of itself, so that it survives bundling. */
function isMusl(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined
  return report?.header !== undefined && report.header.glibcVersionRuntime === undefined
}

/** Such as `linux-x64-gnu`. */
export function platformTarget(): string {
  const { platform, arch } = process
  if (platform === 'linux') return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`
  if (platform === 'win32') return `win32-${arch}-msvc`
  return `${platform}-${arch}`
}
