// Values that are nested more deeply than JavaScript can read. The proxy makes them: no client of ours writes any.
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Client, connect, Key } from 'aerospike-napi'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startProxy, type WireProxy } from '../helpers/proxy.js'
import { runScript } from '../helpers/script.js'

const BLOB = 4
const MAP = 19
const LIST = 20
const SIZE = 400_000

const set = `deep-${randomUUID().slice(0, 8)}`
/** Lists in each other, a byte a level, and maps, two bytes a level. */
const contents = {
  list: Buffer.alloc(SIZE + 1, 0x91).fill(0x90, SIZE),
  map: Buffer.alloc(SIZE + 1, Buffer.from([0x81, 0x01])).fill(0x80, SIZE),
}
let client: Client
let proxy: WireProxy

/** Where a bin of this name begins in a message: behind its particle type come a version, the length of its name and the name. */
function typeAt(message: Buffer, bin: string): number {
  return message.indexOf(Buffer.from([BLOB, 0, bin.length, ...Buffer.from(bin)]))
}

/** Calls bytes lists or maps by what they begin with. */
function nested(message: Buffer): Buffer {
  const changed = Buffer.from(message)
  for (let at = typeAt(changed, 'deep'); at >= 0; at = typeAt(changed, 'deep')) {
    changed[at] = changed[at + 3 + 'deep'.length] === 0x91 ? LIST : MAP
  }
  return changed
}

beforeAll(async () => {
  client = await connect({ hosts: inject('aerospike').address })
  for (const [id, deep] of Object.entries(contents)) await client.put(new Key('test', set, id), { deep })
  await client.put(new Key('test', set, 'flat'), { flat: [1] })
  proxy = await startProxy()
  proxy.change(nested)
})

afterAll(async () => {
  await client.truncate('test', set)
  await client.close()
  await proxy[Symbol.asyncDispose]()
})

describe('a value of 400,000 bytes that is lists or maps in each other', () => {
  test('is the failure of its record, by bin and key, and the process goes on', async () => {
    const { code, signal, output } = await runScript('deep', proxy.address, set)
    const lines = output.split('\n')
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    for (const id of Object.keys(contents)) {
      const failed = `ClientError: bin deep: the value is nested too deeply for the stack (test/${set}/${id})`
      for (const how of ['get', 'getSync', 'operate', 'operateOrdered'])
        expect(lines).toContain(`${how} ${id} ${failed}`)
      expect(output).toContain(`batchRead ${id} ClientError: bin deep: the value is nested too deeply`)
    }
    expect(lines.some(line => line.startsWith('query '))).toBe(true)
    expect(lines).toContain('neighbour {"flat":[1]}')
  })
})

describe('stacks', () => {
  const { address } = inject('aerospike')
  const script = fileURLToPath(new URL('fixtures/pending.cjs', import.meta.url))
  const run = (limit: string): Promise<{ stdout: string }> =>
    promisify(execFile)('/bin/sh', ['-c', `${limit} exec "$0" "$1" "$2"`, process.execPath, script, address])

  // Other systems have no limit of the address space that they enforce.
  test.runIf(process.platform === 'linux')('fit an address space that is limited', async () => {
    expect((await run('ulimit -v 4000000;')).stdout.trim()).toBe('{"a":1}')
  })

  test.runIf(process.platform !== 'win32')('have the size that the environment asks for', async () => {
    expect((await run('AEROSPIKE_RUNTIME_STACK_MIB=64')).stdout.trim()).toBe('{"a":1}')
  })
})
