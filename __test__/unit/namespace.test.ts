// The option `namespace` and its former name, `ns`.
import { InvalidArgError } from 'aerospike-napi'
import { expect, test } from 'vitest'
import { readIndexes } from '../../lib/cluster/indexes'
import { namespaceOf } from '../../lib/values/namespace'

test('an option object names its namespace by either name', () => {
  expect(namespaceOf({ namespace: 'test' }, 'index')).toBe('test')
  expect(namespaceOf({ ns: 'test' }, 'index')).toBe('test')
  expect(namespaceOf({ namespace: 'test', ns: 'test' }, 'index')).toBe('test')
  expect(namespaceOf({}, 'index')).toBeUndefined()
})

test('two different namespaces are refused', () => {
  const both = (): unknown => namespaceOf({ namespace: 'one', ns: 'two' }, 'index')
  expect(both).toThrow(InvalidArgError)
  expect(both).toThrow('index: namespace is "one" and its former name, ns, is "two"; pass only namespace')
})

test('an index in a list has its namespace once, and the former name works', () => {
  const [index] = readIndexes('ns=test:set=users:indexname=age:bin=age:type=numeric:indextype=default:state=RW')
  expect(index).toEqual({
    namespace: 'test',
    set: 'users',
    index: 'age',
    bin: 'age',
    datatype: 'numeric',
    type: 'default',
    state: 'RW',
  })
  expect(Object.keys(index as object)).not.toContain('ns')
  expect(index?.ns).toBe('test')
})
