/** The names that users of aerospike-py and of the official client look for. */
import { exp } from 'aerospike-napi'
import { describe, expect, it } from 'vitest'
import names from '../../../scripts/client-names.json'

/** aerospike-py's functions, in camelCase and without the underscores that keep them off Python's own words. */
const OF_AEROSPIKE_PY = names['aerospike-py'].exp.map(name =>
  name.replace(/_$/, '').replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
)

const { exp: OF_OFFICIAL_CLIENT, ...official } = names.official

/** What the official client's modules hold: `exp.lists` and others. */
const OF_MODULES = Object.entries(official).flatMap(([name, builders]) =>
  /^exp\.(lists|maps|bit|hll)$/.test(name) ? [[name.slice(4), builders] as const] : [],
)

describe('exp', () => {
  it.each(OF_AEROSPIKE_PY)("has aerospike-py's %s", name => {
    expect(exp).toHaveProperty(name, expect.any(Function))
  })

  it.each(OF_OFFICIAL_CLIENT)("has the official client's %s", name => {
    expect(exp).toHaveProperty(name)
  })

  it.each(OF_MODULES)("has the official client's %s.*", (module, names) => {
    const builders = exp[module as keyof typeof exp]
    expect(names.filter(name => !Object.hasOwn(builders, name))).toEqual([])
  })

  it('counts as its documentation does', () => {
    expect(OF_AEROSPIKE_PY).toHaveLength(72)
    expect(OF_OFFICIAL_CLIENT).toHaveLength(106)
    expect(OF_MODULES.map(([module]) => module)).toEqual(['bit', 'hll', 'lists', 'maps'])
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(exp)).toBe(true)
  })
})
