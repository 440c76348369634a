/**
 * User-defined functions.
 */

import { type LoadedModule, moduleFile, writeCall } from '../cluster/udf'
import { unreadable } from '../common/errors'
import { type AdminPolicy, APPLY_POLICY, type WritePolicy, writePolicy, writeWritePolicyAs } from '../options/policy'
import type { KeyLike } from '../values/key'
import { type ReadValue, readValue, writeText } from '../values/value'
import { define, type Maybe, nothing, writeKeyOf } from './define'
import { ofKey } from './subject'

/** Registers a module. */
export const udfRegister = define({
  name: 'udfRegister',
  kind: 'admin',
  policy: 1,
  encode: (writer, [{ name, source }, policy]: readonly [LoadedModule, Maybe<AdminPolicy>]) => {
    writeText(writer, name, 'module.name')
    writer.blob(source)
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})

/** Removes a module. */
export const udfRemove = define({
  name: 'udfRemove',
  kind: 'admin',
  policy: 1,
  encode: (writer, [module, policy]: readonly [string, Maybe<AdminPolicy>]) => {
    writeText(writer, moduleFile(module, 'udfRemove: module'), 'module')
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})

type ApplyArgs = readonly [KeyLike, string, string, Maybe<readonly unknown[]>, Maybe<WritePolicy>]

/** Applies a function to a record. */
export const apply = define({
  name: 'apply',
  kind: 'write',
  policy: 4,
  subject: ofKey,
  autoBatch: 'writes',
  encode: (writer, [like, module, fn, args]: ApplyArgs) => {
    const key = writeKeyOf(writer, like)
    writeCall(writer, module, fn, args, 'apply: ')
    return key
  },
  encodePolicy: (writer, [, , , , policy]) => writeWritePolicyAs(writer, APPLY_POLICY, policy, undefined),
  decode: ({ reader, context }, key): ReadValue => {
    try {
      return readValue(reader, context)
    } catch (error) {
      throw unreadable(error, 'the result of the function', key)
    }
  },
})
