// The commands of docs/cli.md run in order on an empty server, and print what the page shows.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalServer } from 'aerospike-napi/testing'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../../cli/exit-codes.mjs'
import { buildProgram } from '../../cli/program.mjs'
import { cli } from '../helpers/cli.js'
import { root } from '../helpers/packed.js'
import { filesOf } from '../helpers/snippets.js'

const PAGE = 'docs/cli.md'
const page = readFileSync(join(root, PAGE), 'utf8')

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text ?? '')

/** The words of a command, with the quotes of a shell. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  )
}

/** Commands and what they print. */
const steps = blocks('console').flatMap(text =>
  text.split(/^\$ /m).flatMap(step => {
    const [command = '', ...output] = step.split('\n')
    return command === '' ? [] : [{ command, output: output.join('\n') }]
  }),
)

let server: LocalServer
let folder: string
beforeAll(async () => {
  server = await LocalServer.start()
  folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-cli-docs-'))
  for (const { name, text } of filesOf(PAGE)) writeFileSync(join(folder, name), text)
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Durations differ, and the files of the page are in a folder. */
const comparable = (text: string): string => text.replaceAll(`${folder}/`, '').replace(/in \d[\d.]* m?s$/gm, 'in 5 ms')

test('the commands print what the page shows', async () => {
  expect(steps.length).toBeGreaterThan(10)
  for (const { command, output } of steps) {
    const [program, ...words] = wordsOf(command)
    expect(program).toBe('aerospike-napi')
    const args = words.map(word => (/^[\w.]+\.(?:csv|ndjson)$/.test(word) ? join(folder, word) : word))
    const { stdout, stderr } = await cli(args, { AEROSPIKE_HOSTS: server.address })
    expect(comparable(stderr + stdout), command).toBe(comparable(output))
  }
})

describe('the page', () => {
  const program = buildProgram()
  const find = (words: readonly string[]): Command => {
    let command = program
    for (const word of words) command = command.commands.find(each => each.name() === word) ?? command
    return command
  }

  test('uses commands and options that exist', () => {
    const lines = [...blocks('sh'), ...blocks('console')].flatMap(text => text.split('\n'))
    const commands = lines.flatMap(line => /aerospike-napi(?:-cli)? ([a-z][^#|>)]*)/.exec(line)?.[1] ?? [])
    expect(commands.length).toBeGreaterThan(15)
    for (const text of commands) {
      const words = wordsOf(text)
      const command = find(words)
      expect(command, text).not.toBe(program)
      const known = [...command.options, ...program.options].flatMap(({ short, long }) => [short, long])
      for (const word of words.filter(word => /^--?[a-z]/.test(word))) expect(known, text).toContain(word)
    }
  })

  test('lists every command and every exit code', () => {
    for (const command of program.commands) expect(page).toMatch(new RegExp(`^\\| .*\`${command.name()}[ \`]`, 'm'))
    const listed = [...page.matchAll(/^\| (\d+(?:, \d+)*) \| /gm)].flatMap(([, codes]) => (codes ?? '').split(', '))
    expect(listed.map(Number).sort()).toEqual(Object.values(EXIT).map(Number).sort())
  })

  test('lists every option of import and of the connection', () => {
    for (const { long } of [...find(['import']).options, ...program.options]) {
      if (long && !['--json', '--arrow', '--ndjson', '--version'].includes(long)) expect(page).toContain(`${long}`)
    }
  })
})
