// Installs a published version, aerospike-local and the command line in an empty directory, starts the server, and runs the
// smoke test and a command.
//
//   node scripts/try-published.mjs 1.2.3
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const version = process.argv[2]
if (!version) throw new Error('which version?')
const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-published-'))
writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "version": "1.0.0", "private": true }\n')

// A new version becomes visible in all of the registry only after a while.
const packages = ['aerospike-napi', 'aerospike-local', 'aerospike-napi-cli'].map(name => `${name}@${version}`)
const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages]
for (let attempt = 1; ; attempt++) {
  const { status } = spawnSync('npm', install, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status === 0) break
  if (attempt === 10) throw new Error(`${packages.join(' and ')} cannot be installed`)
  await sleep(20_000)
}

const bin = join(folder, 'node_modules', 'aerospike-local', 'bin.js')
const args = [bin, '--port', '0', '--stop-with-parent']
const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
const port = await new Promise((resolve, reject) => {
  server.once('error', reject)
  server.once('close', code => reject(new Error(`aerospike-local ended with ${code}`)))
  createInterface({ input: server.stdout }).on('line', line => {
    const message = JSON.parse(line)
    if (message.event === 'ready') resolve(message.port)
  })
})
server.removeAllListeners('close')

copyFileSync(join(root, '__test__', 'package', 'fixture', 'smoke.mjs'), join(folder, 'smoke.mjs'))
const env = { ...process.env, AEROSPIKE_HOST: `127.0.0.1:${port}` }
const { status } = spawnSync(process.execPath, ['smoke.mjs'], { cwd: folder, env, stdio: 'inherit' })
const cli = join(folder, 'node_modules', 'aerospike-napi-cli', 'dist', 'main.mjs')
const ping = spawnSync(process.execPath, [cli, 'ping', '--hosts', `127.0.0.1:${port}`], {
  cwd: folder,
  stdio: 'inherit',
})
server.stdin.end()
process.exit(status || (ping.status ?? 1))
