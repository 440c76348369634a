// `import` and `export`: every format there and back, bad rows, interruptions, full disks.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { Double, GeoJSON, HyperLogLog, type Value } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { cli, startCli } from '../helpers/cli.js'
import { cliProgram } from '../helpers/cli-program.js'
import { CLIENTS, connectBefore, keysOf } from '../helpers/clients.js'
import { until } from '../helpers/until.js'

const [kind] = CLIENTS
const client = connectBefore(kind as (typeof CLIENTS)[number], { int64: 'bigint' })
const prefix = keysOf('cli-files')('x').set
const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-cli-files-'))
const sets = new Set<string>()

/** A set of this file, and its path on the command line. */
function setNamed(name: string): { set: string; path: string } {
  const set = `${prefix}-${name}`
  sets.add(set)
  return { set, path: `test/${set}` }
}

const countOf = (set: string): Promise<number> => client().query('test', set).count()

function file(name: string, content = ''): string {
  const path = join(folder, name)
  if (content !== '') writeFileSync(path, content)
  return path
}

afterAll(async () => {
  for (const set of sets) await client().truncate('test', set)
  rmSync(folder, { recursive: true, force: true })
})

/** NDJSON of rows with the keys 0, 1, 2 ... */
const rows = (count: number): string =>
  Array.from({ length: count }, (_, index) => `{"_key":${index},"n":${index},"s":"row ${index}"}\n`).join('')

describe('records go to a file and back', () => {
  const { set, path } = setNamed('source')
  const BINS: { [bin: string]: Value }[] = [
    { i: 7, big: 2n ** 62n, d: Double(2), s: '42', empty: '', b: true },
    {
      i: -1,
      d: 0.1,
      s: 'a "b", c\nd',
      blob: Buffer.from([0, 255]),
      list: [1, Double(1), 'x', null],
      map: { a: { b: [1] } },
    },
    { i: 0, d: Double(-0), s: '서울', geo: GeoJSON.Point(1, 2.5), b: false },
  ]

  beforeAll(async () => {
    for (const [index, bins] of BINS.entries())
      await client().put(['test', set, `key ${index}`], bins, null, { key: 'send' })
    await client().put(['test', set, 5], { i: 5 }, null, { key: 'send' })
  })

  /** The records of a set, as text that can be compared. */
  const contents = async (set: string): Promise<string[]> => {
    const records = await client().query('test', set).results()
    return records.map(({ key, bins }) => inspect([key.userKey, bins], { depth: null, sorted: true })).sort()
  }

  test('as NDJSON and JSON, without any loss', async () => {
    const hll = new HyperLogLog(Buffer.from([1, 2, 3]))
    await client().put(
      ['test', set, 'map'],
      {
        m: new Map<string | number, Value>([
          [1, 'a'],
          ['b', hll],
        ]),
      },
      null,
      { key: 'send' },
    )
    for (const ending of ['ndjson', 'json']) {
      const out = file(`all.${ending}`)
      expect(await cli(['export', path, '-o', out])).toMatchObject({ code: 0, stdout: '' })
      const back = setNamed(ending)
      expect(await cli(['import', out, back.path])).toMatchObject({ code: 0 })
      expect(await contents(back.set)).toEqual(await contents(set))
      expect((await client().get(['test', back.set, 'key 0'])).bins).toEqual({
        i: 7n,
        big: 2n ** 62n,
        d: 2,
        s: '42',
        empty: '',
        b: true,
      })
    }
    await client().remove(['test', set, 'map'])
  })

  test('as CSV, with the same types', async () => {
    const out = file('all.csv')
    const scan = ['--bins', 'i,big,d,s,empty,b,blob,list,map', '--where', 'exists(s)']
    expect(await cli(['export', path, '-o', out, ...scan])).toMatchObject({ code: 0 })
    const back = setNamed('csv')
    const { code, stderr } = await cli(['import', out, back.path])
    expect([code, stderr]).toEqual([0, expect.stringContaining('i:int, ')])
    expect((await client().get(['test', back.set, 'key 0'])).bins).toEqual({
      i: 7n,
      big: 2n ** 62n,
      d: 2,
      s: '42',
      empty: '',
      b: true,
    })
    const { bins } = await client().get(['test', back.set, 'key 1'])
    expect(bins).toEqual({
      i: -1n,
      d: 0.1,
      s: 'a "b", c\nd',
      blob: Buffer.from([0, 255]),
      list: [1n, 1, 'x', null],
      map: { a: { b: [1n] } },
    })
  })

  test.each(['arrow', 'parquet'])('as %s, with the same types', async ending => {
    const out = file(`all.${ending}`)
    expect(
      await cli(['export', path, '-o', out, '--where', 'exists(s)', '--bins', 'i,d,s,b,blob,list,geo']),
    ).toMatchObject({ code: 0 })
    const back = setNamed(ending)
    expect(await cli(['import', out, back.path])).toMatchObject({ code: 0 })
    expect((await client().get(['test', back.set, 'key 2'])).bins).toEqual({
      i: 0n,
      d: -0,
      s: '서울',
      geo: GeoJSON.Point(1, 2.5),
      b: false,
    })
    expect((await client().get(['test', back.set, 'key 1'])).bins).toMatchObject({
      list: [1n, 1, 'x', null],
      blob: Buffer.from([0, 255]),
    })
  })

  test('unless a record does not fit the columns, which is reported', async () => {
    const out = file('mixed.arrow')
    const failures = file('left-out.ndjson')
    const where = ['--where', 'key() == 5 or key() == "key 1"']
    const { code, stderr } = await cli(['export', path, '-o', out, '--failures', failures, ...where])
    expect([code, stderr]).toEqual([5, expect.stringContaining(`all failed rows are in ${failures}`)])
    const report = JSON.parse(readFileSync(failures, 'utf8'))
    expect(report.reason).toMatch(/^_key: the column has the type \w+, this value has the type \w+$/)
  })

  test('also without their user keys, into the same set', async () => {
    const key = keysOf(`${prefix}-digest`)('without key')
    const into = `test/${key.set}`
    await client().put(key, { i: 6 })
    const out = file('digest.ndjson')
    expect(await cli(['export', into, '-o', out])).toMatchObject({ code: 0 })
    expect(readFileSync(out, 'utf8')).toContain(`"_digest":"${key.digest.toString('hex')}"`)
    await client().remove(key)
    expect(await cli(['import', out, into])).toMatchObject({ code: 0 })
    expect((await client().get(key)).bins).toEqual({ i: 6n })
  })
})

test('the flights of the demo are imported, and shown as a table', async () => {
  const data = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..', 'data', 'flights-20k.json')
  const { set, path } = setNamed('flights')
  const state = file('flights.state')
  const { code, stderr } = await cli(['import', data, path, '--row-keys', '--state', state])
  expect([code, stderr]).toEqual([0, expect.stringContaining(`20,000 rows written to ${path}, 0 failed`)])
  expect(await countOf(set)).toBe(20_000)
  const { stdout } = await cli(['scan', path, '--table', '--where', 'key() == 1', '--limit', '1'])
  expect(stdout).toBe(
    `${['_key  date              delay  distance  origin  destination', '────  ────────────────  ─────  ────────  ──────  ───────────'].join('\n')}
   1  2001/01/01 00:47     66      1750  DTW     LAS
`,
  )
})

describe('bad rows', () => {
  test('are reported, and the others are written', async () => {
    const { set, path } = setNamed('bad')
    const bad = ['{"_key":1,', '[]', '{"n":1}', '{"_key":"x"}', '{"_key":"y","a_much_too_long_name":1}']
    const lines = rows(1000)
      .trim()
      .split('\n')
      .map((line, index) => (index % 20 === 7 ? (bad[((index - 7) / 20) % bad.length] ?? '') : line))
    const source = file('bad.ndjson', `${lines.join('\n')}\n`)
    const failures = file('bad.failed.ndjson')
    const { code, stderr } = await cli(['import', source, path, '--failures', failures])
    expect(code).toBe(5)
    expect(stderr).toContain('failed: line 8: ')
    expect(stderr).toContain('... and 45 more')
    expect(stderr).toContain(`950 rows written to ${path}, 50 failed`)
    const report = readFileSync(failures, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(report).toHaveLength(50)
    expect(report[0]).toMatchObject({ row: 8, place: 'line 8', code: 'ROW', raw: '{"_key":1,' })
    expect(await countOf(set)).toBe(950)
  })

  test('that the server refuses are reported with its error', async () => {
    const { set, path } = setNamed('exists')
    await client().put(['test', set, 1], { a: 1 })
    const source = file('exists.ndjson', rows(3))
    const { code, stderr } = await cli(['import', source, path, '--exists', 'create-only'])
    expect([code, stderr]).toEqual([5, expect.stringContaining('failed: line 2: ')])
    expect(await countOf(set)).toBe(3)
  })

  test('of CSV are those that do not fit the type of their column', async () => {
    const { path } = setNamed('types')
    const csv = `id,age\n${Array.from({ length: 1000 }, (_, id) => `k${id},${id}`).join('\n')}\nlate,unknown\n`
    const source = file('types.csv', csv)
    const dry = await cli(['import', source, path, '--key', 'id', '--dry-run'])
    expect(dry).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('line 1002: age: "unknown" is not an integer'),
    })
    expect(dry.stderr).toContain('1,000 rows can be written, 1 failed')
    expect(await cli(['import', source, path, '--key', 'id', '--types', 'age:string', '-q'])).toMatchObject({
      code: 0,
      stderr: '',
    })
  })

  test('end the import before the first one if none of them has a key', async () => {
    const { path } = setNamed('keyless')
    const source = file('keyless.json', '[{"name":"Ada"},{"name":"Bob","age":20}]')
    for (const options of [[], ['--key', 'id'], ['--dry-run']]) {
      const { code, stdout, stderr } = await cli(['import', source, path, ...options])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toBe(
        `error: no row has the column ${options[1] ?? '_key'}: name the column with the keys by --key, or number the ` +
          'rows with --row-keys. The columns are: name, age\n',
      )
    }
    expect(await cli(['import', source, path, '--row-keys', '-q'])).toMatchObject({ code: 0, stderr: '' })
  })

  test('of a file of another format, or without end, end the import', async () => {
    const { set, path } = setNamed('foreign')
    const gzip = join(folder, 'x.csv')
    writeFileSync(gzip, Buffer.from([0x1f, 0x8b, 8, 0, 0]))
    expect(await cli(['import', gzip, path])).toMatchObject({ code: 1, stderr: expect.stringContaining('gzip') })
    const truncated = file('truncated.json', `[${rows(20).trim().replaceAll('\n', ',')},{"_key":`)
    const run = await cli(['import', truncated, path])
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('truncated.json is truncated: the array is not closed after row 20'),
    })
    expect(await countOf(set)).toBe(20)
    expect(await cli(['import', file('x.xml', '<a/>'), path])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the format of'),
    })
    expect(await cli(['import', join(folder, 'missing.csv'), path])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ENOENT'),
    })
  })
})

/** Runs a command, and sends SIGINT as soon as the file exists. */
async function interrupted(args: string[], state: string): ReturnType<typeof cli> {
  const run = cli(args)
  while (!existsSync(state)) await setImmediate()
  process.emit('SIGINT')
  return await run
}

describe('an interruption', () => {
  test('of an import keeps its state, from which it continues', async () => {
    const { set, path } = setNamed('resumed')
    const source = file('resumed.ndjson', rows(20_000))
    const state = `${source}.import-state`
    const args = ['import', source, path, '--batch-size', '100', '--concurrency', '2']
    const first = await interrupted(args, state)
    expect([first.code, first.stderr]).toEqual([
      130,
      expect.stringContaining('run the same command with --resume to continue'),
    ])
    const { done } = JSON.parse(readFileSync(state, 'utf8'))
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(20_000)
    expect(await countOf(set)).toBe(done)
    const changed = await cli([...args.with(2, `${path}-other`), '--resume'])
    expect(changed).toMatchObject({ code: 2, stderr: expect.stringContaining('the interrupted import wrote to') })
    const second = await cli([...args, '--resume', '--batch-size', '5000'])
    expect([second.code, second.stderr]).toEqual([0, expect.stringContaining('20,000 rows written')])
    expect(await countOf(set)).toBe(20_000)
    expect(existsSync(state)).toBe(false)
    writeFileSync(source, rows(1))
    expect(await cli([...args, '--resume'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('starting with the first row'),
    })
  })

  test('of an import from a pipe ends it, although the pipe stays open', async () => {
    const { set, path } = setNamed('piped')
    const child = spawn(process.execPath, [cliProgram(), 'import', '-', path, '--ndjson', '--batch-size', '10'], {
      env: { ...process.env, AEROSPIKE_HOSTS: inject('aerospike').address },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const stderr = text(child.stderr)
    child.stdin.write(rows(100))
    await until(async () => (await countOf(set)) === 100)
    child.kill('SIGINT')
    const [code] = await once(child, 'exit')
    expect([code, await stderr]).toEqual([130, expect.stringContaining('stopped after row 100')])
  })

  test.each(['ndjson', 'csv', 'json'])('of an export as %s keeps its rows, and it continues', async ending => {
    const { set, path } = setNamed('exported')
    if ((await countOf(set)) === 0)
      await cli(['import', file('exported.ndjson', rows(12_000)), path, '--batch-size', '5000'])
    const out = file(`exported-${ending}.${ending}`)
    const first = await interrupted(['export', path, '-o', out], `${out}.export-state`)
    expect([first.code, first.stderr]).toEqual([130, expect.stringContaining('--resume to continue')])
    expect(existsSync(out)).toBe(false)
    expect(await cli(['export', path, '-o', out, '--resume', '--limit', '5'])).toMatchObject({ code: 2 })
    // Bytes after the last page that was recorded are removed.
    writeFileSync(`${out}.partial`, 'half a r', { flag: 'a' })
    const second = await cli(['export', path, '-o', out, '--resume'])
    expect([second.code, second.stderr]).toEqual([0, expect.stringContaining('12,000 rows written')])
    expect(existsSync(`${out}.export-state`)).toBe(false)
    const content = readFileSync(out, 'utf8')
    const keys = [...content.matchAll(ending === 'csv' ? /^(\d+),/gm : /"_key":(\d+)/g)].map(([, key]) => Number(key))
    expect(new Set(keys).size).toBe(12_000)
    expect(keys).toHaveLength(12_000)
    if (ending === 'json') expect(JSON.parse(content)).toHaveLength(12_000)
    expect(await cli(['export', path, '-o', out])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('use --force'),
    })
  })

  test('of the cluster ends an import, which keeps its state', async () => {
    await using server = await LocalServer.start()
    const source = file('outage.ndjson', rows(20_000))
    const state = `${source}.import-state`
    const run = cli(
      [
        'import',
        source,
        'test/outage',
        '--batch-size',
        '50',
        '--concurrency',
        '1',
        '--retries',
        '0',
        '--timeout',
        '500',
      ],
      {
        AEROSPIKE_HOSTS: server.address,
      },
    )
    while (!existsSync(state)) await setImmediate()
    await server.stop()
    const { code, stderr } = await run
    expect([code, stderr]).toEqual([1, expect.stringContaining('--resume to continue')])
    const { done, failed } = JSON.parse(readFileSync(state, 'utf8'))
    expect(done).toBeLessThan(20_000)
    expect(failed, stderr).toBe(0)
  })
})

describe('a full disk', () => {
  test.skipIf(!existsSync('/dev/full'))('ends an export with its reason', async () => {
    const { path } = setNamed('full')
    await cli(['import', file('full.ndjson', rows(100)), path])
    expect(await cli(['export', path, '--ndjson', '-o', '/dev/full'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('/dev/full cannot be written: the disk is full'),
    })
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [cliProgram(), 'scan', path], {
      env: { ...process.env, AEROSPIKE_HOSTS: inject('aerospike').address },
      stdio: ['ignore', full, 'pipe'],
    })
    closeSync(full)
    const [stderr] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')])
    expect(child.exitCode).toBe(1)
    expect(stderr).toContain('standard output cannot be written: the disk is full')
  })

  test('and a missing folder are reported before anything is read', async () => {
    const { path } = setNamed('full')
    const out = join(folder, 'missing', 'x.csv')
    expect(await cli(['export', path, '-o', out])).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') })
    expect(await cli(['export', path, '-o', folder])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the format of'),
    })
  })
})

test('a reader that closes the pipe ends an export quietly', async () => {
  const { path } = setNamed('full')
  const run = startCli(['export', path, '--csv'])
  run.child.stdout?.destroy()
  expect((await run.ended).code).toBe(0)
})
