// Lives of clients that take longer than `make test` allows, or that use what the whole process shares.
import { describe, expect, inject, test } from 'vitest'
import { runScript, runScriptWith } from '../helpers/script.js'

const { address } = inject('aerospike')
/** For the many rounds, which take long on a loaded machine. */
const LIMIT = 540_000

describe('a process', () => {
  test('connects and closes 1,000 times, and has 200 clients at a time', async () => {
    const { code, output } = await runScriptWith({ limit: LIMIT }, 'rounds', address, '1000', '200')
    expect(output.split('\n')).toEqual(['rounds 1000 memory is flat', 'together 200', 'handles 0'])
    expect(code).toBe(0)
  }, LIMIT)

  test('without file handles: connect says why it fails, open connections work, and so does everything once there are some', async () => {
    const { code, output } = await runScriptWith({ files: 100 }, 'files', address)
    expect(output.split('\n')).toEqual(['EMFILE', 'ClusterError: names the reason', '1', '20 1'])
    expect(code).toBe(0)
  })

  test('has workers of node:cluster and a forked child, each with a client of its own, beside its own', async () => {
    expect(await runScript('processes', address)).toEqual({
      code: 0,
      signal: null,
      output: '0:true 0:true 0:true 0:true\n4',
    })
  })

  test('passes arguments from 20 contexts of node:vm, and uses the results there', async () => {
    expect(await runScript('contexts', address)).toEqual({ code: 0, signal: null, output: 'true 20' })
  })
})
