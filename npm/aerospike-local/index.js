// Finds the binary, which is in the package of this platform.
const { dirname, join } = require('node:path')
const { platformTarget } = require('./platform.js')

exports.binaryPath = function binaryPath() {
  const target = platformTarget()
  const name = `aerospike-local-${target}`
  try {
    const file = process.platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'
    return join(dirname(require.resolve(`${name}/package.json`)), file)
  } catch (cause) {
    throw new Error(
      `No binary of aerospike-local was found for ${target}. Looked for the package ${name} (from ${__dirname}). There are ` +
        'binaries for Linux (x64, arm64; glibc, musl), macOS (x64, arm64) and Windows (x64, arm64): install the package on ' +
        'the platform that runs it, without --omit=optional',
      { cause },
    )
  }
}
