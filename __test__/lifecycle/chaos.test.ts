// The short form of the chaos kit (`make chaos`): a mixed load while nodes fail. Runs on aerospike-local always.
import { LocalServer } from 'aerospike-napi/testing'
import { describe, expect, test } from 'vitest'
import { localCluster } from '../../chaos/faults.mjs'
import { Ledger } from '../../chaos/ledger.mjs'
import { runChaos } from '../../chaos/run.mjs'

describe('a mixed load while nodes fail', () => {
  test('loses no acknowledged write, applies no refused one, and leaves no call unsettled', async () => {
    await using server = await LocalServer.start({ nodes: 3 })
    const report = await runChaos(localCluster(server), { seconds: 6, seed: 20_261_129, inFlight: 200 })
    expect(report.violations).toEqual([])
    expect(report.faults.length).toBeGreaterThan(0)
    for (const [kind, { ok }] of Object.entries(report.calls)) expect(ok, kind).toBeGreaterThan(0)
    expect(Object.keys(report.calls)).toHaveLength(12)
    expect(report.compared.records).toBeGreaterThan(0)
  })

  test('is found guilty when the cluster loses records', async () => {
    await using server = await LocalServer.start({ nodes: 3, replicationFactor: 1 })
    const cluster = localCluster(server)
    const faults = cluster.faults.filter(({ name }) => name === 'kill')
    const report = await runChaos({ ...cluster, faults }, { seconds: 3, seed: 1, inFlight: 100 })
    expect(report.violations.some(violation => /acknowledged/.test(violation))).toBe(true)
  })

  test('ends with the error of a fault that cannot be injected', async () => {
    await using server = await LocalServer.start({ nodes: 2, replicationFactor: 2 })
    const settle = () => Promise.reject(new Error('the cluster does not form again'))
    const run = runChaos({ ...localCluster(server), settle }, { seconds: 60, seed: 1, inFlight: 50 })
    await expect(run).rejects.toThrow('the cluster does not form again')
  })
})

describe('the comparison at the end', () => {
  const ledger = (): Ledger => new Ledger(1, 1)

  test.each([
    ['acknowledged', undefined, true, []],
    ['acknowledged', undefined, false, ['record 0 was acknowledged and is missing']],
    ['refused', undefined, true, ['record 0 was not to be applied (inDoubt: false), and exists']],
    ['refused', undefined, false, []],
    ['in doubt', undefined, true, []],
    ['in doubt', undefined, false, []],
    ['acknowledged', 'acknowledged', true, ['record 0 was removed, and exists']],
    ['acknowledged', 'acknowledged', false, []],
    ['acknowledged', 'refused', false, ['record 0 was acknowledged and is missing']],
    ['acknowledged', 'in doubt', false, []],
    ['acknowledged', 'in doubt', true, []],
    ['in doubt', 'acknowledged', true, []],
  ] as const)('of a record: write %s, removal %s, exists: %s', (outcome, removal, exists, violations) => {
    const book = ledger()
    const mark = book.record(false)
    mark.outcome = outcome
    mark.removal = removal
    book.checkRecord(mark, exists ? mark.id : undefined)
    expect(book.violations).toEqual(violations)
  })

  test('states the error of a refused write', () => {
    const book = ledger()
    const mark = book.record(false)
    Object.assign(mark, { outcome: 'refused', error: 'TimeoutError: late' })
    book.checkRecord(mark, mark.id)
    expect(book.violations).toEqual(['record 0 was not to be applied (inDoubt: false), and exists: TimeoutError: late'])
  })

  test('finds the record of another key', () => {
    const book = ledger()
    const mark = book.record(false)
    mark.outcome = 'acknowledged'
    book.checkRecord(mark, 7)
    expect(book.violations).toEqual(['record 0 holds the id 7'])
  })

  test('of a list finds what is missing, unexpected, repeated or foreign', () => {
    const book = ledger()
    const outcomes = ['acknowledged', 'refused', 'acknowledged', 'in doubt'] as const
    for (const outcome of outcomes) book.element(0, false).outcome = outcome
    book.element(0, true).outcome = 'acknowledged'
    book.checkList(0, [1, 2, 2, 3, 4, 4, 9])
    expect(book.violations).toEqual([
      'element 0 of list 0 was acknowledged and is missing',
      'element 1 of list 0 was not to be applied (inDoubt: false), and is there',
      'element 2 of list 0 is there 2 times',
      'element 9 of list 0 was never written',
    ])
  })

  test('of a counter allows the increments in doubt, and no more', () => {
    const book = ledger()
    Object.assign(book.counters[0] as object, { acknowledged: 5, inDoubt: 2 })
    for (const value of [4, 5, 7, 8]) book.checkCounter(0, value)
    expect(book.violations).toHaveLength(2)
  })
})
