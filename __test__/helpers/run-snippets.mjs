// Runs compiled code blocks of the documentation one after the other, in one process and against one server.
//
//   node --enable-source-maps run-snippets.mjs <address>   reads a list of { source, compiled } from standard input
//
// Prints one line of JSON for each: what it ended with, and what it logged on which line of its source.
import { readFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { format } from 'node:util'
import { connect, setLogger, setMetricsEnabled, stopMetricsServer } from 'aerospike-napi'

const LIMIT_MS = 20_000
const [address] = process.argv.slice(2)
const programs = JSON.parse(readFileSync(0, 'utf8'))
const require = createRequire(import.meta.url)
let logged = []
let current = ''
/** Ends the program that runs. */
let abandon = () => {}
process.on('unhandledRejection', error => abandon(error))
process.on('uncaughtException', error => abandon(error))

const place = stack => {
  const line = stack.split('\n').find(text => text.includes(current))
  return Number(line?.slice(line.indexOf(current)).split(':')[1])
}
console.log = (...args) => logged.push({ line: place(new Error('log').stack), text: format(...args) })

for (const { source, compiled } of programs) {
  current = basename(source)
  logged = []
  globalThis.client = await connect({ hosts: address })
  await reset(globalThis.client)
  const began = performance.now()
  let failed
  try {
    await Promise.race([
      compiled.endsWith('.cjs') ? require(compiled) : import(compiled),
      new Promise((_, reject) => {
        abandon = reject
        setTimeout(reject, LIMIT_MS, new Error(`it has not ended after ${LIMIT_MS} ms`)).unref()
      }),
    ])
  } catch (error) {
    failed = { name: error.name, stack: String(error.stack), line: place(String(error.stack)) }
  }
  const ms = performance.now() - began
  await globalThis.client.close()
  setLogger(null)
  setMetricsEnabled(true)
  stopMetricsServer()
  writeSync(1, `${JSON.stringify({ source, failed, logged, ms })}\n`)
}
process.exit(0)

/** Removes what the programs before have left on the server. */
async function reset(client) {
  await client.truncate('test', null, 0)
  for (const { index } of await client.indexList('test')) await client.dropIndex('test', index, { wait: true })
  for (const { name } of await client.udfList()) await client.udfRemove(name)
}
