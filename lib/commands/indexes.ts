/**
 * Secondary indexes.
 */
import { type IndexOptions, type SetIndex, writeIndex, writeSetIndex } from '../cluster/indexes'
import { infoName } from '../cluster/info'
import { type AdminPolicy, writePolicy } from '../options/policy'
import { writeText } from '../values/value'
import { define, type Maybe, nothing } from './define'
import { ofSet } from './subject'

/** Starts to build an index on values. */
export const createIndex = define({
  name: 'createIndex',
  kind: 'admin',
  policy: 1,
  subject: ([{ ns, set }]: readonly [IndexOptions, Maybe<AdminPolicy>]) => ofSet(ns, set),
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
  subject: ([{ ns, set }]: readonly [SetIndex, Maybe<AdminPolicy>]) => ofSet(ns, set),
  encode: (writer, [options, policy]: readonly [SetIndex, Maybe<AdminPolicy>]) => {
    writeSetIndex(writer, options)
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})

/** Removes an index. */
export const indexRemove = define({
  name: 'indexRemove',
  kind: 'admin',
  policy: 2,
  subject: ([ns]) => ofSet(ns, undefined),
  encode: (writer, [ns, index, policy]: readonly [string, string, Maybe<AdminPolicy>]) => {
    writeText(writer, infoName(ns, 'indexRemove: ns'), 'ns')
    writeText(writer, infoName(index, 'indexRemove: index'), 'index')
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})
