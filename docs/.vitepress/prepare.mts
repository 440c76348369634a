// Prepares the build of the site: copies the pages of the repository that are outside docs/ to docs/project, and gives the
// pages of the API reference that TypeDoc has written the names under which programs import them.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COPIED } from './links.mts'
import { docs, root } from './paths.mts'

/** What the entry points contain, by the names that TypeDoc gives them. */
const CONTENTS: { readonly [module: string]: string } = {
  index: 'clients, typed sets, operations, expressions, errors and everything else',
  arrow: 'Apache Arrow tables; needs `apache-arrow`',
  testing: '`LocalServer`, a server for tests; needs `aerospike-local`',
  prometheus: "metrics in prom-client's registry; needs `prom-client`",
  opentelemetry: 'spans through your OpenTelemetry SDK; needs `@opentelemetry/instrumentation`',
  keyv: 'a store for Keyv',
  session: 'a session store for express-session and @fastify/session',
  nestjs: 'a NestJS module',
  'opentelemetry-metrics': 'metrics through your OpenTelemetry SDK; needs `@opentelemetry/sdk-metrics`',
}

function copyPages(): void {
  rmSync(join(docs, 'project'), { recursive: true, force: true })
  for (const [source, page] of Object.entries(COPIED)) {
    mkdirSync(dirname(join(docs, page)), { recursive: true })
    copyFileSync(join(root, source), join(docs, page))
  }
}

function nameEntries(): void {
  const api = join(docs, 'api')
  if (!existsSync(api)) return
  const found = readdirSync(api).filter(name => existsSync(join(api, name, 'index.md')))
  const modules = ['index', ...found.filter(name => name !== 'index').sort()]
  const rows = modules.map(module => {
    const page = join(api, module, 'index.md')
    const name = module === 'index' ? 'aerospike-napi' : `aerospike-napi/${module}`
    writeFileSync(page, readFileSync(page, 'utf8').replace(/^# .*$/m, `# ${name}`))
    return `| [${name}](${module}/index.md) | ${CONTENTS[module] ?? ''} |`
  })
  const lines = [
    '# API reference',
    '',
    'Start with [Client](index/classes/Client.md), which has a method for each command. The guides show how to use them.',
    '',
    '| import from | contains |',
    '| --- | --- |',
    ...rows,
  ]
  writeFileSync(join(api, 'index.md'), `${lines.join('\n')}\n`)
}

copyPages()
nameEntries()
