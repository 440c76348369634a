// The napi-rs name of this machine's platform: linux-x64-gnu, linux-arm64-musl, darwin-arm64, win32-x64-msvc ...
import { pathToFileURL } from 'node:url'

export function platformName() {
  const { platform, arch } = process
  if (platform === 'linux') {
    const glibc = process.report.getReport().header.glibcVersionRuntime
    return `linux-${arch}-${glibc ? 'gnu' : 'musl'}`
  }
  return platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(platformName())
