import { expect, test } from 'vitest'
import { indexWatch } from '../../lib/cluster/indexes.js'

const node = (response: string) => ({ node: 'BB1', error: null, response })
const row = (index: string, state: string) => `ns=test:indexname=${index}:set=s:bin=b:type=numeric:state=${state}`

test('an index is ready when all nodes have loaded it and let queries use it', () => {
  const { read, confirm } = indexWatch('test', 'ages')
  expect(read([node('entries=1;load_pct=100'), node('load_pct=40;load_time=1')])).toEqual({ done: false, progress: 40 })
  expect(read([node('load_pct=100'), node('load_pct=100')])).toEqual({ done: true, progress: 100 })
  const ready = `${row('ages', 'RW')};${row('names', 'WO')}`
  expect(confirm?.read([node(ready), node(row('ages', 'WO'))])).toEqual({ done: false, progress: 99 })
  expect(confirm?.read([node(ready), node(ready)])).toEqual({ done: true, progress: 100 })
})

test('a node that does not answer is an error', () => {
  const { read, confirm } = indexWatch('test', 'ages')
  const failed = [{ node: 'BB1', error: new Error('lost'), response: '' }]
  expect(() => read(failed as never)).toThrow('lost')
  expect(() => confirm?.read(failed as never)).toThrow('lost')
})
