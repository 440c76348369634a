// The command line as a user runs it: its commands, exit codes, formats and errors.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Double, GeoJSON } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { cli, startCli } from '../helpers/cli.js'
import { cliProgram } from '../helpers/cli-program.js'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients.js'

const [kind] = CLIENTS
const client = connectBefore(kind as (typeof CLIENTS)[number])
const keys = keysOf('cli')
const first = keys('ada')
const { set } = first
const path = `test/${set}`
const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-cli-'))

beforeAll(async () => {
  cliProgram()
  const records = ['ada', 'bob', 42].map(key => keys(key))
  const [ada, bob, number] = records as [typeof first, typeof first, typeof first]
  await client().put(ada, { name: 'Ada', age: 36, city: 'Seoul', ratio: Double(1) }, null, { key: 'send' })
  await client().put(bob, { name: 'Bob, "B"', age: 20, city: 'Rome', tags: ['a', 1] }, null, { key: 'send' })
  await client().put(
    number,
    { name: '42', age: 50, city: 'Seoul', data: Buffer.from([10]), at: GeoJSON.Point(1, 2) },
    null,
    {
      key: 'send',
    },
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The lines of NDJSON, sorted by their text. */
const linesOf = (text: string): string[] => text.trim().split('\n').sort()

describe('records', () => {
  test('are written, read and deleted', async () => {
    const key = keys('put')
    const put = await cli(['put', 'test', set, 'put', 'n=1', 'd=1.0', 's="7"', 'm={"a":[1,null]}', '--ttl', '1000'])
    expect(put).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const { bins, ttl } = await client().get(key)
    expect(bins).toEqual({ n: 1, d: 1, s: '7', m: { a: [1, null] } })
    expect(ttl).toBeGreaterThan(0)
    const got = await cli(['get', `${path}/put`, '--table', '--bins', 'n,d'])
    expect(got).toMatchObject({ code: 0, stdout: '_key  put\nn     1\nd     1.0\n' })
    expect(await cli(['put', `${path}/put`, 'n=2', '--gen', '9'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Generation error'),
    })
    expect(await cli(['delete', `${path}/put`])).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await client().exists(key)).toBe(false)
  })

  test('with keys of every type are different records', async () => {
    expect((await cli(['get', `${path}/42`])).stdout).toContain('"_key":42,"name":"42"')
    expect(await cli(['get', `${path}/42`, '--key-type', 'string'])).toMatchObject({ code: 4, stdout: '' })
  })

  test('that do not exist are reported, and the others are read', async () => {
    const { code, stdout, stderr } = await cli(['get', `${path}/ada`, `${path}/nobody`, '--json'])
    expect(code).toBe(4)
    expect(JSON.parse(stdout)).toEqual([{ _key: 'ada', name: 'Ada', age: 36, city: 'Seoul', ratio: 1 }])
    expect(stderr).toBe(`${path}/nobody: there is no such record\n`)
    expect(await cli(['delete', `${path}/nobody`])).toMatchObject({ code: 4 })
  })
})

describe('scan', () => {
  test('returns the records that match as NDJSON', async () => {
    const { code, stdout } = await cli(['scan', path, '--where', 'age > 21 and city == "Seoul"'])
    expect(code).toBe(0)
    expect(linesOf(stdout)).toEqual([
      '{"_key":"ada","name":"Ada","age":36,"city":"Seoul","ratio":1.0}',
      '{"_key":42,"name":"42","age":50,"city":"Seoul","data":{"$bytes":"Cg=="},"at":{"$geo":{"type":"Point","coordinates":[1,2]}}}',
    ])
  })

  test('writes CSV, JSON and Arrow', async () => {
    const [csv, json] = [
      await cli(['scan', path, '--csv', '--bins', 'name,age,tags', '--where', 'name matches "^[AB]"']),
      await cli(['scan', path, '--json', '--meta', '--limit', '1']),
    ]
    expect(csv.stdout.split('\n')[0]).toMatch(/^_key,name,age/)
    expect(csv.stdout).toContain('"bob","Bob, ""B""",20,"[""a"",1]"')
    expect(JSON.parse(json.stdout)).toEqual([expect.objectContaining({ _gen: 1, _ttl: expect.any(Number) })])
    const file = join(folder, 'scan.arrow')
    expect(await cli(['export', path, '-o', file, '--bins', 'age'])).toMatchObject({ code: 5 })
    expect(await cli(['export', path, '-o', file, '--where', 'key() == "ada"', '-f'])).toMatchObject({ code: 0 })
    const table = tableFromIPC(readFileSync(file))
    expect(table.toArray().map(row => row.toJSON())).toEqual([
      { _key: 'ada', name: 'Ada', age: 36n, city: 'Seoul', ratio: 1 },
    ])
  })

  test('shows a table that fits the terminal', async () => {
    const wide = await cli(['scan', path, '--table', '--bins', 'name,age', '--where', 'age < 40'])
    expect(wide.stdout.split('\n').slice(0, 2)).toEqual(['_key  name      age', '────  ────────  ───'])
    const env = { AEROSPIKE_HOSTS: inject('aerospike').address, COLUMNS: '40', NO_COLOR: '1' }
    const narrow = await cli(['scan', path, '--table'], env)
    expect(Math.max(...narrow.stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(40)
    expect(narrow.stdout).not.toContain('\u001b')
  })

  test('ends quietly when its reader closes the pipe', async () => {
    const run = startCli(['scan', path, '--json'])
    run.child.stdout?.destroy()
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('points at the error of a condition, without a connection', async () => {
    const env = { AEROSPIKE_HOSTS: '127.0.0.1:1', COLUMNS: '40' }
    const { code, stderr } = await cli(['scan', path, '--where', `${'a == 1 and '.repeat(9)}age > and b`], env)
    expect(code).toBe(2)
    const [message = '', line = '', pointer = ''] = stderr.split('\n')
    expect(message).toContain("not 'and' (at character 106)")
    expect(line.slice(pointer.indexOf('^'))).toBe('and b')
    expect(Math.max(line.length, pointer.length)).toBeLessThanOrEqual(40)
  })
})

describe('the cluster', () => {
  test('is counted, listed, pinged and watched', async () => {
    const [all, some, sets, ping, info, build, watch] = [
      await cli(['count', path]),
      await cli(['count', 'test', set, '-w', 'not exists(tags)']),
      await cli(['sets', 'test', '--json']),
      await cli(['ping', '--json', '--count', '1']),
      await cli(['info', '--json']),
      await cli(['info', 'build']),
      await cli(['watch', '--json', '--count', '2', '--interval', '0.1']),
    ]
    expect([all.stdout, some.stdout]).toEqual(['3\n', '2\n'])
    expect(JSON.parse(sets.stdout)).toContainEqual(expect.objectContaining({ namespace: 'test', set, records: 3 }))
    expect(JSON.parse(ping.stdout)).toEqual([expect.objectContaining({ error: null, ms: expect.any(Number) })])
    const { nodes, namespaces } = JSON.parse(info.stdout)
    expect(nodes).toHaveLength(1)
    expect(namespaces).toContain('test')
    expect(build.stdout).toMatch(/^\d+\.\d+\.\d+/)
    const frames = watch.stdout.trim().split('\n')
    expect(frames).toHaveLength(2)
    expect(JSON.parse(frames[1] ?? '').nodes[0]).toMatchObject({
      records: expect.any(Number),
      connections: expect.any(Number),
    })
  })

  test('gets and loses indexes and modules', async () => {
    const created = await cli(['indexes', 'create', path, 'age', '--type', 'integer', '--name', `${set}_age`])
    expect(created).toMatchObject({ code: 0 })
    const lua = join(folder, 'cli_test.lua')
    writeFileSync(lua, 'function one(record) return 1 end\n')
    expect(await cli(['udf', 'put', lua])).toMatchObject({ code: 0 })
    const [indexes, modules, source] = [
      await cli(['indexes', 'test', '--json']),
      await cli(['udf', '--json']),
      await cli(['udf', 'get', 'cli_test']),
    ]
    expect(JSON.parse(indexes.stdout)).toContainEqual(expect.objectContaining({ index: `${set}_age`, bin: 'age' }))
    expect(JSON.parse(modules.stdout)).toContainEqual(expect.objectContaining({ name: 'cli_test.lua' }))
    expect(source.stdout).toBe('function one(record) return 1 end\n')
    const removed = [await cli(['indexes', 'drop', 'test', `${set}_age`]), await cli(['udf', 'remove', 'cli_test'])]
    expect(removed.map(({ code }) => code)).toEqual([0, 0])
  })

  test('loses a set only if the user confirms it', async () => {
    const other = `${set}-truncated`
    await client().put(['test', other, 1], { a: 1 })
    const refused = await cli(['truncate', `test/${other}`])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('use --yes') })
    expect(await client().exists(['test', other, 1])).toBe(true)
    expect(await cli(['truncate', `test/${other}`, '--yes'])).toMatchObject({ code: 0 })
    expect(await client().query('test', other).count()).toBe(0)
  })

  test('is measured, and its records stay', async () => {
    const bench = await cli(['bench', `test/${set}-bench`, '-s', '0.2', '--records', '50', '-c', '4', '--json'])
    expect(bench.code).toBe(0)
    const { reads, writes } = JSON.parse(bench.stdout)
    expect(reads.calls + writes.calls).toBeGreaterThan(0)
    expect([reads.errors, writes.errors]).toEqual([{}, {}])
    expect(await client().query('test', `${set}-bench`).count()).toBe(0)
    expect(await cli(['bench', path])).toMatchObject({ code: 2, stderr: expect.stringContaining('has records') })
  })
})

describe('the connection', () => {
  test('is that of a URI, and of options that follow or precede the command', async () => {
    const { address } = inject('aerospike')
    const key = `/${set}/ada`
    const runs = [
      await cli(['get', key, '--uri', `aerospike://${address}/test`], {}),
      await cli(['--hosts', address, '--namespace', 'test', 'get', key], {}),
      await cli(['get', key], { AEROSPIKE_URI: `aerospike://${address}/test` }),
    ]
    for (const { code, stdout } of runs) expect([code, stdout]).toEqual([0, expect.stringContaining('"name":"Ada"')])
  })

  test('is encrypted and authenticated with the options and variables of TLS', async () => {
    await using server = await LocalServer.start({ security: true, tls: true })
    const { tls } = server.config as { tls: { ca: string } }
    const ca = join(folder, 'ca.pem')
    const password = join(folder, 'password')
    writeFileSync(ca, tls.ca)
    writeFileSync(password, 'admin\n')
    const hosts = ['--hosts', server.tlsAddress ?? '']
    const login = ['--user', 'admin', '--password-file', password]
    const options = await cli(['ping', ...hosts, ...login, '--tls-ca', ca], {})
    expect([options.code, options.stderr]).toEqual([0, ''])
    const env = { AEROSPIKE_TLS_CA: ca, AEROSPIKE_USER: 'admin', AEROSPIKE_PASSWORD: 'admin' }
    expect(await cli(['ping', ...hosts], env)).toMatchObject({ code: 0, stderr: '' })
    expect(await cli(['ping', ...hosts, ...login, '--tls', '--no-tls-verify'], {})).toMatchObject({ code: 0 })
    const refused = await cli(['ping', '--hosts', server.address, '--user', 'admin', '--password', 'Sesame7'], {})
    expect(refused.code).toBe(3)
    expect(refused.stderr).not.toContain('Sesame7')
  })

  test('that fails has an exit code of its own', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise(resolve => server.close(resolve))
    const [refused, badUri, badTls] = [
      await cli(['ping', '--hosts', `127.0.0.1:${port}`], {}),
      await cli(['ping', '--uri', 'http://x'], {}),
      await cli(['ping', '--tls-ca', join(folder, 'missing.pem')]),
    ]
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('could not connect') })
    expect(badUri).toMatchObject({ code: 2, stderr: expect.stringContaining('aerospike://') })
    expect(badTls).toMatchObject({ code: 2, stderr: expect.stringContaining('missing.pem') })
  })
})

describe('the arguments', () => {
  test.each([
    [['scam', 'test'], "unknown command 'scam'", '(Did you mean scan?)'],
    [['scan', 'test', '--limit', '0'], "argument '0' is invalid", 'An integer of 1 or more is needed.'],
    [['scan', 'test', '--csv', '--json'], '--json and --csv cannot be used together', ''],
    [['get'], "missing required argument 'key'", '--help shows the options'],
    [['get', 'test/users'], "'test/users' is not a key", ''],
    [['scan', '/users'], 'no namespace', '--namespace'],
    [['completion', 'csh'], "'csh' is invalid for argument 'shell'", 'bash, zsh, fish'],
  ])('%j are refused', async (args, message, more) => {
    const { code, stdout, stderr } = await cli(args, {})
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).toContain(more)
  })

  test('are explained by --help, on terminals of 40 columns too', async () => {
    const [help, narrow, version] = [
      await cli(['--help'], {}),
      await cli(['import', '--help'], { COLUMNS: '40' }),
      await cli(['--version'], {}),
    ]
    for (const name of ['ping', 'scan', 'import', 'chaos', 'completion']) expect(help.stdout).toContain(`\n  ${name}`)
    const long = narrow.stdout.split('\n').filter(line => line.length > 40)
    expect(long.filter(line => / /.test(line.trim()) && !line.startsWith('Usage:'))).toEqual([]) // single words cannot be wrapped
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
