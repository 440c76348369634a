// The class hierarchy of docs/errors.md is that of the package.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as exported from 'aerospike-napi'
import { AerospikeError } from 'aerospike-napi'
import { expect, test } from 'vitest'
import { root } from '../helpers/packed.js'

type Pairs = [name: string, parent: string][]

/** Each class with its parent, as the page draws them. */
function drawn(): Pairs {
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')
  const [, table = ''] = page.split('## Class hierarchy\n')
  const path: string[] = []
  const pairs: Pairs = []
  for (const { groups } of table.matchAll(/^\| (?<branch>(?:│ |&emsp;)*[├└]? ?)`(?<name>\w+Error)` \|/gm)) {
    const depth = groups?.branch?.match(/│|&emsp;|├|└/g)?.length ?? 0
    const name = groups?.name ?? ''
    path[depth] = name
    pairs.push([name, path[depth - 1] ?? 'Error'])
  }
  return pairs
}

test('docs/errors.md has each error class below its parent', () => {
  const classes = Object.values(exported).filter(
    value => typeof value === 'function' && (value === AerospikeError || value.prototype instanceof AerospikeError),
  ) as (typeof AerospikeError)[]
  const actual: Pairs = classes.map(one => [one.name, (Object.getPrototypeOf(one) as { name: string }).name])
  expect(actual.length).toBeGreaterThan(25)
  expect(new Map(drawn())).toEqual(new Map(actual))
})
