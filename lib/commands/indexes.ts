/**
 * Secondary indexes.
 */
import { type IndexOptions, type SetIndex, writeIndex, writeSetIndex } from '../cluster/indexes'
import { infoName, writeInfoSpace } from '../cluster/info'
import { type AdminPolicy, writePolicy } from '../options/policy'
import { writeText } from '../values/value'
import { define, type Maybe, nothing } from './define'
import { ofSet } from './subject'

/** Starts to build an index on values. */
export const createIndex = define({
  name: 'createIndex',
  kind: 'admin',
  policy: 1,
  subject: ([{ namespace, ns, set }]: readonly [IndexOptions, Maybe<AdminPolicy>]) => ofSet(namespace ?? ns, set),
  encode: (writer, [options, policy]: readonly [IndexOptions, Maybe<AdminPolicy>]) => {
    writeIndex(writer, options)
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})

/** Starts to build an index of the records of a set. */
export const createSetIndex = define({
  name: 'createSetIndex',
  kind: 'admin',
  policy: 1,
  subject: ([{ namespace, ns, set }]: readonly [SetIndex, Maybe<AdminPolicy>]) => ofSet(namespace ?? ns, set),
  encode: (writer, [options, policy]: readonly [SetIndex, Maybe<AdminPolicy>]) => {
    writeSetIndex(writer, options)
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})

/** Drops an index. */
export const dropIndex = define({
  name: 'dropIndex',
  kind: 'admin',
  policy: 2,
  subject: ([namespace]) => ofSet(namespace, undefined),
  encode: (writer, [namespace, index, policy]: readonly [string, string, Maybe<AdminPolicy>]) => {
    writeInfoSpace(writer, namespace, null, 'dropIndex: ')
    writeText(writer, infoName(index, 'dropIndex: index'), 'index')
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})
