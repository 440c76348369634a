/** Every public name of the other clients has a counterpart here, or a reason why it has none. */
import { expect, test } from 'vitest'
import names from '../../scripts/client-names.json'
import { counterparts, problemsOf, type Section } from '../../scripts/counterparts.mjs'

/** Reads the types of index.d.ts once. */
const PATIENCE_MS = 60_000

const official = counterparts['official client'] ?? []

/** The table with other entries for a section of the official client. */
function changed(owner: string, entries: Section['names'] | undefined): readonly Section[] {
  expect(official.filter(({ of }) => of.includes(owner))).toHaveLength(1)
  return official.flatMap(section => {
    if (!section.of.includes(owner)) return section
    return entries === undefined ? [] : { ...section, names: { ...section.names, ...entries } }
  })
}

test.each(['official client', 'aerospike-py'])(
  'the table of the %s is complete',
  client => expect(problemsOf(client)).toEqual([]),
  PATIENCE_MS,
)

test('the list of the official client has its methods, policies, builders, constants and result codes', () => {
  const { official } = names
  expect(names.officialVersion).toMatch(/^\d+\.\d+\.\d+$/)
  expect(official.Client).toEqual(expect.arrayContaining(['put', 'batchApply', 'createIndex', 'setXDRFilter']))
  expect(official.BasePolicy).toEqual(expect.arrayContaining(['totalTimeout', 'txn']))
  expect(official.maps).toContain('getByKeyRange')
  expect(official['policy.exists']).toEqual(['CREATE', 'CREATE_OR_REPLACE', 'IGNORE', 'REPLACE', 'UPDATE'])
  expect(official.status).toContain('ERR_RECORD_NOT_FOUND')
  expect(names.officialStatus.ERR_RECORD_NOT_FOUND).toBe(2)
})

test.each([
  { what: 'a new name', owner: 'Key', entries: { ns: '=' }, problem: 'Key.ns: there is no Key.ns' },
  {
    what: 'a name that the client lacks',
    owner: 'Key',
    entries: { no: 'Key' },
    problem: 'Key.no: the client has no such',
  },
  { what: 'a target that does not exist', owner: 'Key', entries: { ns: 'Key.no' }, problem: 'there is no Key.no' },
  {
    what: 'a value that is not accepted',
    owner: 'ttl',
    entries: { NEVER_EXPIRE: "WritePolicy.gen:'never'" },
    problem: "there is no WritePolicy.gen:'never'",
  },
  {
    what: 'the wrong result code',
    owner: 'status',
    entries: { ERR_TIMEOUT: 'code:UDF' },
    problem: 'status.ERR_TIMEOUT: 9 is not code:UDF',
  },
  { what: 'an unknown code', owner: 'status', entries: { ERR_TIMEOUT: 'code:NO' }, problem: 'there is no code:NO' },
  { what: 'no reason', owner: 'Key', entries: { equals: [null, ''] }, problem: 'Key.equals: no reason' },
  { what: 'an owner without a section', owner: 'Key', entries: undefined, problem: 'Key: in 0 sections' },
] as const)('$what is a problem', ({ owner, entries, problem }) => {
  expect(problemsOf('official client', changed(owner, entries))).toEqual([expect.stringContaining(problem)])
})
