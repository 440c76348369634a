// Prepares the build of the site: copies the pages of the repository that are outside docs/ to docs/project, and gives the
// pages of the API reference that TypeDoc has written the names under which programs import them.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COPIED } from './links.mts'
import { docs, root } from './paths.mts'

/** The entry points, by the names that TypeDoc gives them. */
const ENTRIES: { readonly [module: string]: { name: string; text: string } } = {
  index: { name: 'aerospike-napi', text: 'clients, typed sets, operations, expressions, errors and everything else' },
  arrow: { name: 'aerospike-napi/arrow', text: 'Apache Arrow tables; needs `apache-arrow`' },
  testing: { name: 'aerospike-napi/testing', text: '`LocalServer`, a server for tests; needs `aerospike-local`' },
  prometheus: { name: 'aerospike-napi/prometheus', text: "metrics in prom-client's registry; needs `prom-client`" },
  opentelemetry: {
    name: 'aerospike-napi/opentelemetry',
    text: 'spans through your OpenTelemetry SDK; needs `@opentelemetry/instrumentation`',
  },
  'opentelemetry-metrics': {
    name: 'aerospike-napi/opentelemetry-metrics',
    text: 'metrics through your OpenTelemetry SDK; needs `@opentelemetry/sdk-metrics`',
  },
}

function copyPages(): void {
  rmSync(join(docs, 'project'), { recursive: true, force: true })
  for (const [source, page] of Object.entries(COPIED)) {
    mkdirSync(dirname(join(docs, page)), { recursive: true })
    copyFileSync(join(root, source), join(docs, page))
  }
}

function nameEntries(): void {
  if (!existsSync(join(docs, 'api'))) return
  const list: string[] = []
  for (const [module, { name, text }] of Object.entries(ENTRIES)) {
    const page = join(docs, 'api', module, 'index.md')
    writeFileSync(page, readFileSync(page, 'utf8').replace(/^# .*$/m, `# ${name}`))
    list.push(`| [${name}](${module}/index.md) | ${text} |`)
  }
  const head = '# API reference\n\nThe entry points of the package:\n\n| import from | contains |\n| --- | --- |\n'
  const start =
    '\n\nStart with [Client](index/classes/Client.md), which has a method for each command. The guides show how to use them.\n'
  writeFileSync(join(docs, 'api', 'index.md'), head + list.join('\n') + start)
}

copyPages()
nameEntries()
