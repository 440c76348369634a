/**
 * The observability of the service, and that the dashboard uses only metrics that exist.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Service, start } from './service.ts'

const compose = (path: string): string => fileURLToPath(new URL(`../compose/${path}`, import.meta.url))

let service: Service
before(async () => {
  service = await start({ APP_LOG_LEVEL: 'trace' }, { tendInterval: 250 })
})
after(() => service.stop())

/** Waits for a condition. The time limit of the test bounds the wait. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise(resolve => setTimeout(resolve, 20))
}

async function metrics(): Promise<string> {
  const answer = await service.app.inject('/observability/metrics')
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  return answer.body
}

describe('metrics', () => {
  it('tell of what the service has done', async () => {
    await service.ask(201, 'POST', '/users', { name: 'Ada', email: 'ada@example.org', age: 36 })
    await service.ask(404, 'GET', `/users/${'0'.repeat(32)}`)
    const text = await metrics()
    const labels = 'db_system_name="aerospike",db_namespace="test",db_collection_name="users"'
    assert.match(
      text,
      new RegExp(`^db_client_operation_duration_seconds_count\\{${labels},.*error_type=""\\} [1-9]`, 'm'),
    )
    assert.match(
      text,
      new RegExp(`^db_client_operation_duration_seconds_count\\{${labels},.*="RECORD_NOT_FOUND"\\} 1`, 'm'),
    )
  })

  it('can be counted more and less', async () => {
    await service.ask(204, 'PUT', '/observability/metrics', { enabled: true, details: true })
    await service.ask(204, 'PUT', '/observability/metrics', { enabled: true })
    await service.ask(400, 'PUT', '/observability/metrics', { enabled: 'yes' })
    await service.ask(400, 'PUT', '/observability/metrics', { enabled: true, detail: true })
  })

  it('are all that the dashboard asks for', async () => {
    await service.client.batchRead([['test', 'users', 'a']])
    await service.client.query('test', 'users').results()
    const text = await metrics()
    const types = new Map(
      Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type = '']) => [name, type]),
    )
    const series = new Set<string>()
    for (const [name, type] of types) {
      if (type === 'histogram') for (const part of ['bucket', 'sum', 'count']) series.add(`${name}_${part}`)
      else series.add(name)
    }
    const labels = new Set(Array.from(text.matchAll(/[{,]([a-z_]+)="/g), ([, name = '']) => name))
    const dashboard = JSON.parse(readFileSync(compose('grafana/dashboards/aerospike-napi.json'), 'utf8'))
    const questions: string[] = [
      ...dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) => panel.targets.map(({ expr }) => expr)),
      ...dashboard.templating.list.map((variable: { query: { query: string } }) => variable.query.query),
    ]
    assert.ok(questions.length > 10)
    for (const question of questions) {
      const names = question.match(/\b(?:db_client|aerospike)_[a-z_]+\b(?=[[{),\s]|$)(?!=)/g) ?? []
      const asked = names.filter(name => !labels.has(name))
      assert.ok(asked.length > 0, question)
      for (const name of asked) assert.ok(series.has(name), `${name} is no metric: ${question}`)
      for (const [, list = ''] of question.matchAll(/\bby \(([^)]*)\)/g)) {
        for (const label of list.split(/,\s*/))
          assert.ok(labels.has(label) || ONLY_THEN.has(label), `${label}: ${question}`)
      }
    }
  })

  it('are where compose.yaml has Prometheus look', () => {
    assert.match(readFileSync(compose('prometheus.yml'), 'utf8'), /metrics_path: \/observability\/metrics$/m)
    const mounted = readFileSync(compose('compose.yaml'), 'utf8').matchAll(/- \.\/(\S+?):/g)
    for (const [, path = ''] of mounted) assert.ok(existsSync(compose(path)), path)
  })
})

/** Labels of metrics without values in this test, because no connection was closed. */
const ONLY_THEN = new Set(['reason'])

describe('the client', () => {
  it('shows what it does, and its nodes', async () => {
    const { body: stats } = await service.ask(200, 'GET', '/observability/stats')
    assert.deepEqual(Object.keys(stats), ['commands', 'streams', 'connections'])
    const { body: nodes } = await service.ask(200, 'GET', '/observability/nodes')
    const [node] = nodes as Record<string, unknown>[]
    assert.equal(node?.address, service.server.address)
    assert.match(String(node?.version), /^\d+\.\d+\.\d+\.\d+$/)
    assert.equal(node?.error, null)
  })

  it('tells more in the log where it is asked to', async () => {
    const told = (): number =>
      service.log.filter(({ component, target }) => component === 'aerospike' && target === 'command').length
    assert.equal(told(), 0)
    await service.ask(204, 'PUT', '/observability/log-level', { level: 'trace', target: 'command' })
    await service.ask(404, 'GET', `/users/${'0'.repeat(32)}`)
    await until(() => told() > 0)
    await service.ask(204, 'PUT', '/observability/log-level', { level: 'info' })
    await service.ask(400, 'PUT', '/observability/log-level', { level: 'loud' })
    await service.ask(400, 'PUT', '/observability/log-level', { level: 'info', target: 'aerospike_core' })
  })

  it('is not ready while the cluster is gone, and says so in the log', async () => {
    await service.ask(200, 'GET', '/ready')
    const [node] = service.server.nodes
    await node?.stop()
    await until(() => !service.app.clusterUp)
    const { body } = await service.ask(503, 'GET', '/ready')
    assert.equal(body.code, 'NO_DATABASE')
    await service.ask(200, 'GET', '/health')
    await node?.start()
    await until(() => service.app.clusterUp)
    await until(async () => (await service.app.inject('/ready')).statusCode === 200)
    const messages = service.log.map(({ msg }) => msg)
    for (const message of ['the cluster has no node left', 'the cluster is there again']) {
      assert.ok(messages.includes(message), message)
    }
  })
})
