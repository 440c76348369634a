// The Prometheus queries of the guides and of the Grafana dashboard use metrics that docs/metrics.md lists.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guides } from '../helpers/doc-pages.js'
import { root } from '../helpers/packed.js'

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const NAME = /\b(?:aerospike_(?:client|node)|db_client)_\w+/g

/** The metrics and labels of the tables in docs/metrics.md. */
const known = new Set(
  read('docs/metrics.md')
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(line => line.match(NAME) ?? []),
)

const isKnown = (name: string) => known.has(name) || known.has(name.replace(/_(?:bucket|count|sum)$/, ''))

function queries(page: string): string {
  const blocks = read(page).matchAll(/^```(?:promql|yaml)\n(?<code>.*?)^```$/gms)
  return [...blocks].map(({ groups }) => groups?.code ?? '').join('\n')
}

const sources: [name: string, text: string][] = [
  ...guides().map(page => [`docs/${page}`, queries(`docs/${page}`)] as [string, string]),
  ...['examples/fastify-service/compose/grafana/dashboards/aerospike-napi.json'].map(
    file => [file, read(file)] as [string, string],
  ),
]

test('docs/metrics.md lists metrics', () => {
  expect(known.size).toBeGreaterThan(25)
})

test.each(sources.filter(([, text]) => text.search(NAME) >= 0))('%s', (_, text) => {
  expect((text.match(NAME) ?? []).filter(name => !isKnown(name))).toEqual([])
})
