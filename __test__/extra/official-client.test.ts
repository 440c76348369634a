// The official client, installed from the registry: the code before the migration runs with it and prints what its
// comments promise, and scripts/client-names.json has its names.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { expect, test } from 'vitest'
import names from '../../scripts/client-names.json'
import { download } from '../helpers/download.js'
import { root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'
import { filesOf } from '../helpers/snippets.js'

const page = 'docs/migration.md'
/** Without scripts, npm leaves the prebuilt addons of all platforms in place. */
const folder = download('official-client', [`aerospike@${names.officialVersion}`])
for (const { name, text } of filesOf(page)) writeFileSync(join(folder, name), text)

const blocks = [...readFileSync(join(root, page), 'utf8').matchAll(/^```javascript\n(?<code>.*?)^```$/gms)].map(
  ({ groups }) => groups?.code ?? '',
)

/** A block that imports the client is a program; others use a connected client and a key. */
const program = (code: string): string =>
  code.startsWith('import ')
    ? code
    : `import Aerospike from 'aerospike'
const client = await Aerospike.connect({ hosts: '127.0.0.1:3000' })
const key = new Aerospike.Key('test', 'users', 'ada')
${code}
await client.close()
Aerospike.releaseEventLoop()
`

test('the page has code for the official client', () => {
  expect(blocks.length).toBeGreaterThan(7)
})

test.each(blocks.map((code, index) => ({ index, code, first: code.split('\n').find(line => line !== '') })))(
  'before: $first',
  async ({ index, code }) => {
    await using server = await LocalServer.start()
    const file = join(folder, `before-${index}.mjs`)
    writeFileSync(file, program(code).replaceAll('127.0.0.1:3000', server.address))
    const { stdout, stderr } = await runFile(process.execPath, [file], { cwd: folder, timeout: 60_000 })
    expect(stderr).toBe('')
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .filter(line => line !== ''),
    ).toEqual([...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text))
  },
)

test('both clients read what the other one wrote', async () => {
  await using server = await LocalServer.start()
  await using client = await connect({ hosts: server.address })
  await client.put(['test', 'users', 1], {
    name: 'Ada',
    list: [1, 'a', null],
    map: { a: 1.5 },
    bytes: Buffer.from('ab'),
  })
  const code = `const record = await client.get(new Aerospike.Key('test', 'users', 1))
await client.put(new Aerospike.Key('test', 'users', 2), record.bins)`
  const file = join(folder, 'both.mjs')
  writeFileSync(file, program(code).replaceAll('127.0.0.1:3000', server.address))
  await runFile(process.execPath, [file], { cwd: folder, timeout: 60_000 })
  expect((await client.get(['test', 'users', 2])).bins).toEqual((await client.get(['test', 'users', 1])).bins)
})

test('the list of its names is that of the installed version', async () => {
  const script = join(root, 'scripts', 'official-names.mjs')
  const args = [script, join(folder, 'node_modules', 'aerospike'), '--check']
  const { stderr } = await runFile(process.execPath, args, { cwd: root })
  expect(stderr).toBe('')
})
