/**
 * What every builder packs, kept in `__test__/fixtures/expressions.json`. `crate/tests/expressions/main.rs` compares the
 * file with what aerospike-core's own builders pack under the same names. `vitest -u` writes the file anew.
 */
import { CdtContext, exp } from 'aerospike-napi'
import { describe, expect, it } from 'vitest'
import { arithmetic, bins, type Cases, comparisons, control, literals, metadata } from './cases-basic'
import { contexts, lists, maps, paths } from './cases-collections'
import { bits, hlls, strings } from './cases-modules'

const groups: readonly Cases[] = [
  literals,
  bins,
  metadata,
  comparisons,
  control,
  arithmetic,
  lists,
  maps,
  paths,
  contexts,
  bits,
  hlls,
  strings,
]
const cases = new Map(groups.flatMap(group => Object.entries(group)))

/** Builders of what is no expression, or that cases show inside another one. */
const elsewhere = new Set(['def', 'let', 'operations'])

function builders(of: object, prefix = ''): string[] {
  return Object.entries(of).flatMap(([name, value]) => {
    if (elsewhere.has(name)) return []
    if (typeof value === 'function') return [`${prefix}${name}`]
    return typeof value === 'object' ? builders(value as object, `${name}.`) : []
  })
}

describe('the packed bytes', () => {
  it('are those of the file that aerospike-core is compared with', async () => {
    const packed = Object.fromEntries([...cases].map(([name, make]) => [name, make().toBase64()]))
    await expect(`${JSON.stringify(packed, undefined, 2)}\n`).toMatchFileSnapshot('../../fixtures/expressions.json')
  })

  it('have a case for every builder', () => {
    const covered = new Set([...cases.keys()].map(name => name.split(' ')[0]))
    expect(builders(exp).filter(name => !covered.has(name))).toEqual([])
    expect(cases.size).toBe(groups.reduce((sum, group) => sum + Object.keys(group).length, 0))
  })

  it('have a case for every kind of context', () => {
    const methods = Object.getOwnPropertyNames(CdtContext.prototype).filter(name => name.startsWith('add'))
    expect(methods.length).toBe(13)
    expect(methods.filter(name => !Object.keys(contexts).some(key => key.startsWith(`context ${name}`)))).toEqual([])
  })

  it('come back from base64 as they were', () => {
    for (const [name, make] of cases) {
      const made = make()
      const restored =
        made instanceof CdtContext ? CdtContext.fromBase64(made.toBase64()) : exp.fromBase64(made.toBase64())
      expect(restored.bytes.equals(made.bytes), name).toBe(true)
    }
  })
})
