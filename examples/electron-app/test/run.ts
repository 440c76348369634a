// Runs the checks on a server of their own: in this Node.js process, or with the argument `electron` in Electron.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { checkClient } from './checks.js'

/** A process that hangs is killed after this many milliseconds. */
const HANG_MS = 120_000

async function runInElectron(hosts: string): Promise<void> {
  // In Node.js, the module is the path of the program.
  const program = createRequire(import.meta.url)('electron') as string
  const main = fileURLToPath(new URL('electron-main.js', import.meta.url))
  // CI machines do not let programs of users make the namespaces that Chromium's sandbox consists of.
  const args = process.env.CI === undefined ? [main] : ['--no-sandbox', main]
  const env = { ...process.env, AEROSPIKE_HOSTS: hosts }
  const child = spawn(program, args, { env, stdio: 'inherit', timeout: HANG_MS, killSignal: 'SIGKILL' })
  const [code, signal] = await once(child, 'exit')
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, 'how Electron has ended')
}

async function runInNode(hosts: string): Promise<void> {
  const client = await connect({ hosts, totalTimeout: 20_000 })
  await checkClient(client, hosts)
  await client.close()
  console.log('checks passed in Node.js')
}

await using server = await LocalServer.start()
await (process.argv[2] === 'electron' ? runInElectron : runInNode)(server.address)
