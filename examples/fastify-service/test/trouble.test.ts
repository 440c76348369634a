/**
 * The behaviour of the service when the database is slow or unreachable, and when the service is asked to stop.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { it } from 'node:test'
import { readSettings } from '../src/settings.ts'
import { start } from './service.ts'

it('answers 504 when the database hangs, 503 when it is away, and is not ready then', async () => {
  const service = await start({ APP_TOTAL_TIMEOUT: '300' })
  try {
    await service.server.nodes[0]?.pause()
    const { body } = await service.ask(504, 'POST', '/records/s/a/increment', { bin: 'n', by: 1 })
    assert.equal(body.inDoubt, true)
    await service.ask(504, 'GET', '/records/s/a')
    await service.ask(503, 'GET', '/ready')
    await service.ask(200, 'GET', '/health')
    await service.server.kill()
    const gone = await service.app.inject('/records/s/a')
    assert.ok(gone.statusCode === 503 || gone.statusCode === 504, `${gone.statusCode} ${gone.body}`)
    assert.doesNotMatch(gone.body, /127\.0\.0\.1/)
    const ready = await service.ask(503, 'GET', '/ready')
    assert.equal(ready.headers['retry-after'], '1')
  } finally {
    await service.stop()
  }
})

it('answers 503 when more wait than may', async () => {
  const service = await start({}, { maxConcurrentCommands: 1, maxQueuedCommands: 1 })
  try {
    await service.ask(204, 'PUT', '/records/s/a', { bins: { n: 1 } })
    await service.server.nodes[0]?.pause()
    const asked = Promise.all(Array.from({ length: 5 }, () => service.app.inject('/records/s/a')))
    const refused = service.app.inject('/records/s/a')
    assert.equal((await refused).statusCode, 503)
    await service.server.nodes[0]?.resume()
    const answers = await asked
    const statuses = answers.map(({ statusCode }) => statusCode)
    assert.deepEqual(statuses.sort(), [200, 200, 503, 503, 503])
  } finally {
    await service.stop()
  }
})

/** Starts the service as a process. Returns its address once it listens. */
async function run(
  variables: NodeJS.ProcessEnv = {},
): Promise<{ process: ChildProcess; address: string; lines: string[] }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', '--local'], {
    cwd: new URL('..', import.meta.url),
    env: { ...process.env, APP_PORT: '0', APP_AEROSPIKE_NAMESPACE: 'shop', ...variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  try {
    const address = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', line => {
        lines.push(line)
        const address = /listening at (http:[^\s"]+)/.exec(line)?.[1]
        if (address !== undefined) resolve(address)
      })
      child.once('exit', code => reject(new Error(`ended with ${code}: ${lines.join('\n')}`)))
    })
    return { process: child, address, lines }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

it('finishes running requests after a signal to stop, and exits', async () => {
  const service = await run()
  try {
    const created = await fetch(`${service.address}/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Ada', email: 'ada@example.org', age: 36 }),
    })
    assert.equal(created.status, 201)
    assert.deepEqual(
      ((await (await fetch(`${service.address}/cluster`)).json()) as { namespaces: string[] }).namespaces,
      ['shop'],
    )
    const exit = once(service.process, 'exit')
    service.process.kill('SIGTERM')
    assert.deepEqual(await exit, [0, null])
    assert.ok(service.lines.some(line => line.includes('SIGTERM')))
  } finally {
    service.process.kill('SIGKILL')
  }
})

it('serves and ends with traces whose collector is away', async () => {
  const service = await run({ APP_TRACING: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  try {
    for (let round = 0; round < 20; round++) assert.equal((await fetch(`${service.address}/cluster`)).status, 200)
    const exit = once(service.process, 'exit')
    service.process.kill('SIGTERM')
    assert.deepEqual(await exit, [0, null])
  } finally {
    service.process.kill('SIGKILL')
  }
})

it('refuses settings that are wrong, by their names', () => {
  assert.equal(readSettings({ APP_PORT: '81', OTHER: 'x' }).APP_PORT, 81)
  assert.equal(readSettings({}).APP_AEROSPIKE_HOST, '127.0.0.1')
  assert.throws(() => readSettings({ APP_PORT: 'eighty' }), /APP_PORT/)
  assert.throws(() => readSettings({ APP_BODY_LIMIT: '0' }), /APP_BODY_LIMIT/)
  assert.throws(() => readSettings({ APP_LOG_LEVEL: 'loud' }), /APP_LOG_LEVEL/)
  assert.throws(() => readSettings({ APP_PROT: '81' }), /APP_PROT/)
})
