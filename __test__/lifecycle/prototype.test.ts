// Names of bins, map keys and columns are data: what Object.prototype holds of them changes nothing. In processes of their own,
// because a prototype stays frozen.
import { randomUUID } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import { runScript } from '../helpers/script.js'

const { address } = inject('aerospike')

describe.each(['Client', 'ClientSync'])('%s', kind => {
  test.each(['plain', 'frozen', 'frozen before', 'setters'])('Object.prototype: %s', async mode => {
    const set = `prototype-${randomUUID().slice(0, 8)}`
    expect(await runScript('prototype', address, kind, mode, set)).toEqual({ code: 0, signal: null, output: 'done' })
  })
})
