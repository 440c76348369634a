// The `@example` blocks of the doc comments in lib/, as programs that are type-checked with those of the documentation.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packed.js'
import { exportsOf, generate, namesIn, type Snippet } from './snippets.js'

/** Entry points of the package other than the main one. */
const ENTRIES = [
  'arrow',
  'testing',
  'prometheus',
  'opentelemetry',
  'opentelemetry-metrics',
  'keyv',
  'session',
  'nestjs',
]

const USER = '{ name: string; visits: number }'

/** What examples use without showing it. */
const CONTEXT: { readonly [name: string]: string } = {
  app: 'declare const app: { use(handler: unknown): void }',
  createWriteStream: `import { createWriteStream } from 'node:fs'`,
  Keyv: `import Keyv from 'keyv'`,
  password: 'declare const password: string',
  pipeline: `import { pipeline } from 'node:stream/promises'`,
  Readable: `import { Readable } from 'node:stream'`,
  RecordBatchFileWriter: `import { RecordBatchFileWriter } from 'apache-arrow'`,
  response: `declare const response: import('node:http').ServerResponse`,
  session: 'declare function session(options: object): unknown',
  secret: 'declare const secret: string',
  Settings: 'declare class Settings { readonly hosts: string }',
  rows: `declare const rows: import('aerospike-napi').BatchRecords<${USER}>`,
  tx: `declare const tx: import('aerospike-napi').Transaction`,
  users: `declare const users: import('aerospike-napi').TypedSet<${USER}>`,
  z: `import { z } from 'zod'`,
}

/** The same for examples of `ClientSync`. */
const BLOCKING_CONTEXT: { readonly [name: string]: string } = {
  client: `declare const client: import('aerospike-napi').ClientSync`,
  users: `declare const users: import('aerospike-napi').TypedSetSync<${USER}>`,
}

/** All examples below lib/. */
export function docExamples(): Snippet[] {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  return files
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .flatMap(name => examplesOf(`lib/${name}`))
}

function examplesOf(page: string): Snippet[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n')
  const examples: Snippet[] = []
  for (const [index, line] of lines.entries()) {
    if (!/^\s*\* @example\b/.test(line)) continue
    const place = `${page}:${index + 1}`
    if (!/^\s*\* ```ts$/.test(lines[index + 1] ?? ''))
      throw new Error(`${place}: the example has no block of TypeScript`)
    const end = lines.findIndex((text, at) => at > index + 1 && /^\s*\* ```$/.test(text))
    if (end < 0) throw new Error(`${place}: the example has no end`)
    const code = lines.slice(index + 2, end).map(text => text.replace(/^\s*\* ?/, ''))
    examples.push(example(page, index + 2, code, isBlocking(page, lines, index)))
  }
  return examples
}

/** Whether the example in a line belongs to the blocking client. */
function isBlocking(page: string, lines: readonly string[], index: number): boolean {
  if (page.endsWith('-sync.ts')) return true
  const isOfMember = lines[index]?.startsWith('  ') ?? false
  const isDeclaration = (line: string) => /^export .*(?:class|function) /.test(line)
  const owner = isOfMember ? lines.slice(0, index).findLast(isDeclaration) : lines.slice(index).find(isDeclaration)
  return owner !== undefined && /(?:class|function) \w+Sync\b/.test(owner)
}

function example(page: string, line: number, code: string[], blocking: boolean): Snippet {
  const names = namesIn(code.join('\n'))
  const context = blocking ? { ...CONTEXT, ...BLOCKING_CONTEXT } : CONTEXT
  const setup = [...names].flatMap(name => {
    const entry = ENTRIES.find(entry => exportsOf(entry).has(name) && !exportsOf('index').has(name))
    if (entry !== undefined) return [`import { ${name} } from 'aerospike-napi/${entry}'`]
    return context[name] ?? []
  })
  const marks = { setup, setupLine: line, continues: false, skipped: 'an example', throws: undefined }
  return generate(page, [{ page, line, language: 'ts', code, ...marks }])
}
