// The messages in docs/troubleshooting.md are those that the package produces.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../helpers/packed.js'

/** Messages of aerospike-core, of the operating system and of TypeScript. */
const FOREIGN = [
  'Bin type error',
  'Cannot find name',
  'Cannot find type definition file',
  'Client Timeout',
  'Cluster name mismatch',
  'Connection refused',
  'Invalid namespace',
  'Record too big',
  'Security not supported',
  'failed to lookup address information',
]

const files = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(?:ts|rs)$/.test(name))
    .map(name => readFileSync(join(root, folder, name), 'utf8'))

/** The sources, with strings that are split over several lines joined. */
const sources = [...files('lib'), ...files('crate/src'), readFileSync(join(root, 'scripts', 'bundle.mjs'), 'utf8')]
  .join('\n')
  .replace(/(?:\\\n|['`"] \+?\n?)\s*\+?\s*['`"]?/g, '')

/** The longest part of a message that does not depend on what happened. */
function fixedPart(message: string): string {
  const parts = message.split(/\.\.\.|"[^"]*"|\S*\d\S*/)
  return parts.map(part => part.trim()).sort((a, b) => b.length - a.length)[0] ?? ''
}

const page = readFileSync(join(root, 'docs', 'troubleshooting.md'), 'utf8')
const messages = [...page.matchAll(/^\| (?<cell>.*?) \| /gm)]
  .flatMap(({ groups }) => [...(groups?.cell ?? '').matchAll(/`([^`]+)`/g)].map(([, message = '']) => message))
  .filter(message => message.includes(' '))

test('there are messages', () => {
  expect(messages.length).toBeGreaterThan(15)
})

test.each(messages)('%s', message => {
  const part = fixedPart(message)
  expect(part.length).toBeGreaterThan(5)
  expect(FOREIGN.some(known => message.startsWith(known)) || sources.includes(part)).toBe(true)
})
