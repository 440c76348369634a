// What a process may and may not do at its end.
import { describe, expect, inject, test } from 'vitest'
import { runScript } from '../helpers/script.js'

const { address } = inject('aerospike')

describe('a process', () => {
  test('stays until a call in flight has settled, and then ends with its client open', async () => {
    expect(await runScript('pending', address)).toEqual({ code: 0, signal: null, output: '{"a":1}' })
  })

  test('leaves by process.exit with thousands of calls pending', async () => {
    expect(await runScript('exit', address)).toEqual({ code: 7, signal: null, output: '' })
  })

  test.each(['an exception', 'a rejection'])(
    'ends by %s that nobody catches, with thousands of calls pending',
    async kind => {
      const { code, signal, output } = await runScript('uncaught-end', address, kind)
      expect({ code, signal }).toEqual({ code: 1, signal: null })
      expect(output).toContain('Error: nobody catches this')
    },
  )

  // Windows has no signals that a process could get from itself.
  describe.runIf(process.platform !== 'win32').each(['SIGTERM', 'SIGINT'] as const)('that gets %s', name => {
    test('ends at once with thousands of calls pending, unless it has a handler', async () => {
      expect(await runScript('signal', address, name)).toEqual({ code: null, signal: name, output: '' })
    })

    test('closes its client in a handler: all calls settle, and the process ends by itself', async () => {
      expect(await runScript('signal', address, name, 'close')).toEqual({
        code: 0,
        signal: null,
        output: `${name} 5000`,
      })
    })
  })

  test('sees what a callback throws, and every other call settles', async () => {
    const { code, output } = await runScript('uncaught', address)
    expect(code).toBe(0)
    expect(output.split('\n').sort()).toEqual(['settled 500', 'uncaught from a tick'])
  })

  test('is free to end when nobody listens', async () => {
    expect(await runScript('no-server', 'closed')).toEqual({ code: 0, signal: null, output: 'ClusterError CLUSTER' })
  })

  test('is free to end when nobody answers', async () => {
    expect(await runScript('no-server', 'silent')).toEqual({ code: 0, signal: null, output: 'ClusterError CLUSTER' })
  })

  test('ends with its client open while its events are listened to', async () => {
    expect(await runScript('events-idle', address)).toEqual({ code: 0, signal: null, output: '' })
  })

  test('sees what a listener of events throws, and other events are reported', async () => {
    const { code, output } = await runScript('events-throw')
    expect({ code, output }).toEqual({ code: 0, output: 'uncaught from a listener\nadded true' })
  })

  test('keeps no server of a worker that is terminated', async () => {
    const { code, output } = await runScript('local-server-terminate')
    expect({ code, output }).toEqual({ code: 0, output: 'before true\nended' })
  })

  test('closes the connections of clients that it dropped', async () => {
    expect(await runScript('dropped', address)).toEqual({ code: 0, signal: null, output: 'closed' })
  })
})

describe('an evaluation of the package', () => {
  test('is collected once nothing of it is open', async () => {
    expect(await runScript('evaluations', address)).toEqual({ code: 0, signal: null, output: 'collected' })
  })

  test('has a handle from the first connect to the last close only', async () => {
    const { code, output } = await runScript('handles', address)
    expect(output.split('\n')).toEqual(['imported:', 'connected: aerospike', 'one is open: aerospike', 'closed'])
    expect(code).toBe(0)
  })
})

describe('a worker', () => {
  test('can be terminated with columns, batches and reads in flight, 20 times over', async () => {
    expect(await runScript('terminate', address, '20')).toEqual({ code: 0, signal: null, output: '7' })
  })

  test('can be terminated while it blocks', async () => {
    expect(await runScript('terminate-sync', address, '5')).toEqual({ code: 0, signal: null, output: 'terminated 5' })
  })
})
