// Keyv's own test suite for stores, on `aerospike-napi/keyv`: installed from the registry, and run by its own Vitest.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalServer } from 'aerospike-napi/testing'
import { expect, test } from 'vitest'
import { download } from '../helpers/download.js'
import { root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'

/** The runner's own variables would make a test runner that it starts behave differently. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_ENV|VITEST.*)$/.test(name)))

const SUITE = `import { connect } from 'aerospike-napi'
import { KeyvAerospike } from 'aerospike-napi/keyv'
import Keyv from 'keyv'
import keyvTestSuite, { keyvIteratorTests } from '@keyv/test-suite'
import * as test from 'vitest'

const client = await connect({ hosts: process.env.ADDRESS })
const store = () => new KeyvAerospike(client, { namespace: 'test', set: 'suite' })
test.describe('store', () => keyvTestSuite(test, Keyv, store))
test.describe('iterator', () => keyvIteratorTests(test, Keyv, store))
`

/** The test suite is for Keyv 5; Keyv 6 has no test suite yet. */
const KEYV_6 = `import { connect } from 'aerospike-napi'
import { KeyvAerospike } from 'aerospike-napi/keyv'
import Keyv from 'keyv'
import { expect, test } from 'vitest'

const client = await connect({ hosts: process.env.ADDRESS })
const keyvOf = namespace => new Keyv({ store: new KeyvAerospike(client, { namespace: 'test', set: 'six' }), namespace, throwOnErrors: true })

test('set, get, has, delete', async () => {
  const keyv = keyvOf('a')
  expect(await keyv.set('x', { n: [1] }, 60_000)).toBe(true)
  expect(await keyv.get('x')).toEqual({ n: [1] })
  expect(await keyv.has('x')).toBe(true)
  expect(await keyv.getMany(['x', 'y'])).toEqual([{ n: [1] }, undefined])
  expect(await keyv.delete('x')).toBe(true)
  expect(await keyv.get('x')).toBeUndefined()
})
test('clear and iterator of a namespace', async () => {
  await keyvOf('a').setMany([{ key: '1', value: 'a1' }, { key: '2', value: 'a2' }])
  await keyvOf('ab').set('1', 'ab1')
  const found = []
  for await (const entry of keyvOf('a').iterator()) found.push(entry)
  expect(found.sort()).toEqual([['1', 'a1'], ['2', 'a2']])
  await keyvOf('a').clear()
  expect(await keyvOf('a').get('1')).toBeUndefined()
  expect(await keyvOf('ab').get('1')).toBe('ab1')
})
`

async function run(name: string, packages: string[], code: string): Promise<string> {
  const folder = download(name, packages)
  const link = join(folder, 'node_modules', 'aerospike-napi')
  rmSync(link, { recursive: true, force: true })
  symlinkSync(root, link, 'junction')
  mkdirSync(join(folder, 'test'), { recursive: true })
  writeFileSync(join(folder, 'test', 'suite.test.mjs'), code)
  writeFileSync(join(folder, 'test', 'vitest.config.mjs'), 'export default {}\n')
  await using server = await LocalServer.start()
  const vitest = join(folder, 'node_modules', 'vitest', 'vitest.mjs')
  const args = [vitest, 'run', '--root', join(folder, 'test'), '--no-color', '--pool', 'forks']
  const { stdout } = await runFile(process.execPath, args, { cwd: folder, env: { ...env, ADDRESS: server.address } })
  return stdout
}

test('Keyv 5: the test suite of the project', async () => {
  const output = await run('keyv-5', ['keyv@5', '@keyv/test-suite@2', 'vitest@4'], SUITE)
  expect(output).toMatch(/Tests +\d\d passed/)
})

test('Keyv 6', async () => {
  const output = await run('keyv-6', ['keyv@6', 'vitest@4'], KEYV_6)
  expect(output).toMatch(/Tests +2 passed/)
})
