#!/usr/bin/env node
// Runs aerospike-local with the arguments of this command, and ends as it does.
const { spawn } = require('node:child_process')
const { binaryPath } = require('./index.js')

let path
try {
  path = binaryPath()
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
const child = spawn(path, process.argv.slice(2), { stdio: 'inherit' })
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const forward = signal => child.kill(signal)
for (const signal of signals) process.on(signal, forward)
child.once('error', error => {
  console.error(`aerospike-local could not be started: ${error.message}`)
  process.exit(1)
})
child.once('exit', (code, signal) => {
  if (signal === null) process.exit(code)
  for (const each of signals) process.off(each, forward)
  process.kill(process.pid, signal)
})
