// Dependencies in cli/ run in one direction: no circles, and nothing but a command imports a command.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { circles, type Import } from '../../helpers/import-circles.js'
import { root } from '../../helpers/packed.js'

const folder = join(root, 'cli')
const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => path.endsWith('.mts'))

const imports: readonly Import[] = modules.flatMap(from =>
  [...readFileSync(join(folder, from), 'utf8').matchAll(/^(?:import|export) .*?from '(\.[^']+)'$/gms)].map(
    ([, specifier = '']) => ({
      from,
      to: relative(folder, join(folder, dirname(from), specifier.replace(/\.mjs$/, '.mts'))).replaceAll('\\', '/'),
    }),
  ),
)

test('modules import modules that exist, or those of the chaos kit', () => {
  expect(imports.length).toBeGreaterThan(100)
  const missing = imports.filter(({ to }) => !modules.includes(to) && !to.startsWith('../chaos/'))
  expect(missing).toEqual([])
})

test('there are no circles', () => {
  expect(circles(imports)).toEqual([])
})

test('only commands and the program import commands', () => {
  const upward = imports.filter(({ from, to }) => to.startsWith('commands/') && !from.startsWith('commands/'))
  expect([...new Set(upward.map(({ from }) => from))]).toEqual(['program.mts'])
})
