// The metrics server outlives no one, and waits for no one.
import { expect, inject, test } from 'vitest'
import { runScript } from '../helpers/script.js'

const { address } = inject('aerospike')

test('a metrics server does not keep the process alive', async () => {
  expect(await runScript('metrics-server', 'leave')).toEqual({ code: 0, signal: null, output: 'true' })
})

test('a process stays until its metrics server has stopped', async () => {
  expect(await runScript('metrics-server', 'stop')).toEqual({ code: 0, signal: null, output: 'true\nstopped' })
})

test('a process leaves by process.exit while it is scraped', async () => {
  expect(await runScript('metrics-server', 'exit')).toEqual({ code: 7, signal: null, output: '' })
})

test('a scrape is answered while the event loop is busy', async () => {
  expect(await runScript('metrics-busy', address)).toEqual({ code: 0, signal: null, output: 'ok 1' })
})

test('workers share one server, which ends with the last of them, terminated or not', async () => {
  expect(await runScript('metrics-workers', address, '10')).toEqual({
    code: 0,
    signal: null,
    output: 'true true true true true',
  })
})
