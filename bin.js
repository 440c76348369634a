#!/usr/bin/env node
// `npx aerospike-napi`: runs the command line, which is the package aerospike-napi-cli.
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

/** The command line that is installed in the project, or beside this package. */
function findCli() {
  for (const from of [join(process.cwd(), 'package.json'), __filename]) {
    try {
      return createRequire(from).resolve('aerospike-napi-cli/dist/main.mjs')
    } catch {
      // Not installed there.
    }
  }
  return undefined
}

const cli = findCli()
if (cli === undefined) {
  const command = ['npx', 'aerospike-napi-cli', ...process.argv.slice(2)].join(' ')
  console.error(
    `The command line is the package aerospike-napi-cli. Run\n\n  ${command}\n\nor install it: npm install --save-dev aerospike-napi-cli`,
  )
  process.exitCode = 1
} else {
  import(pathToFileURL(cli).href)
}
