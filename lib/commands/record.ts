/**
 * Commands on one record.
 */
import type { Command } from '../boundary/command'
import type { Reply } from '../boundary/reply'
import type { CommandName } from '../catalog/commands'
import { describe } from '../common/describe'
import { invalidArgument, unreadable } from '../common/errors'
import { writeBinChoice, writeBinName, writeBins } from '../operations/bin-name'
import { isNumber, isText } from '../operations/scalar'
import { type ReadPolicy, type WriteMeta, type WritePolicy, writePolicy, writeWritePolicy } from '../options/policy'
import type { Key, KeyLike } from '../values/key'
import { AerospikeRecord, type RecordMeta, readMeta, readRecord } from '../values/record'
import { type ReadValue, readValue, writeValue } from '../values/value'
import type { Writer } from '../wire/wire'
import { define, type Maybe, nothing, writeKeyOf } from './define'
import { ofKey } from './subject'

type PutArgs = readonly [KeyLike, unknown, Maybe<WriteMeta>, Maybe<WritePolicy>]

/** Writes bins. */
export const put = define({
  name: 'put',
  kind: 'write',
  policy: 3,
  subject: ofKey,
  autoBatch: 'writes',
  encode: (writer, [like, bins]: PutArgs) => {
    const key = writeKeyOf(writer, like)
    writeBins(writer, bins)
    return key
  },
  encodePolicy: (writer, [, , meta, policy]) => writeWritePolicy(writer, policy, meta),
  decode: nothing,
})

type ReadArgs = readonly [KeyLike, Maybe<ReadPolicy>]

const writeReadPolicy = (writer: Writer, [, policy]: ReadArgs): void => writePolicy(writer, 'read', policy)

/** Reads a whole record. */
export const get = define({
  name: 'get',
  kind: 'read',
  policy: 1,
  subject: ofKey,
  autoBatch: 'reads',
  encode: (writer, [like]: ReadArgs) => {
    const key = writeKeyOf(writer, like)
    writeBinChoice(writer, undefined)
    return key
  },
  encodePolicy: writeReadPolicy,
  decode: ({ reader, shapes, context }, key): AerospikeRecord => readRecord(reader, key, shapes, context),
})

type SelectArgs = readonly [KeyLike, readonly string[], Maybe<ReadPolicy>]

/** What `select` needs to decode its reply. */
interface Chosen {
  readonly key: Key
  /** True if no bins were requested: the reply contains only generation and TTL. */
  readonly header: boolean
}

/** Reads the named bins of a record. */
export const select = define({
  name: 'select',
  kind: 'read',
  policy: 2,
  subject: ofKey,
  autoBatch: 'reads',
  encode: (writer, [like, bins]: SelectArgs): Chosen => {
    const key = writeKeyOf(writer, like)
    if (!Array.isArray(bins)) throw invalidArgument(`bins: a list of bin names is needed, not ${describe(bins)}`)
    const header = writeBinChoice(writer, bins)
    return { key, header }
  },
  encodePolicy: (writer, [, , policy]) => writePolicy(writer, 'read', policy),
  decode: ({ reader, shapes, context }, { key, header }): AerospikeRecord => {
    if (!header) return readRecord(reader, key, shapes, context)
    const { gen, ttl } = readMeta(reader)
    return new AerospikeRecord(key, {}, gen, ttl)
  },
})

function writeHeaderRead(writer: Writer, [like]: ReadArgs): Key {
  const key = writeKeyOf(writer, like)
  writeBinChoice(writer, [])
  return key
}

/** Checks whether a record exists. */
export const exists = define({
  name: 'exists',
  kind: 'read',
  policy: 1,
  subject: ofKey,
  autoBatch: 'reads',
  encode: writeHeaderRead,
  encodePolicy: writeReadPolicy,
  decode: ({ reader }): boolean => reader.u8() !== 0,
})

/** Reads generation and TTL of a record; null if the record does not exist. */
export const getMeta = define({
  name: 'getMeta',
  kind: 'read',
  policy: 1,
  subject: ofKey,
  autoBatch: 'reads',
  encode: writeHeaderRead,
  encodePolicy: writeReadPolicy,
  decode: ({ reader }): RecordMeta | null => (reader.u8() === 0 ? null : readMeta(reader)),
})

/** Reads a whole record; null if it does not exist. */
export const getOrNull = define({
  name: 'getOrNull',
  kind: 'read',
  policy: 1,
  subject: ofKey,
  autoBatch: 'reads',
  encode: (writer, [like]: ReadArgs) => {
    const key = writeKeyOf(writer, like)
    writeBinChoice(writer, undefined)
    return key
  },
  encodePolicy: writeReadPolicy,
  decode: ({ reader, shapes, context }, key): AerospikeRecord | null =>
    reader.u8() === 0 ? null : readRecord(reader, key, shapes, context),
})

/** Deletes a record. */
export const remove = define({
  name: 'remove',
  autoBatch: 'writes',
  kind: 'write',
  policy: 2,
  subject: ofKey,
  encode: (writer, [like]: readonly [KeyLike, Maybe<WriteMeta>, Maybe<WritePolicy>]) => writeKeyOf(writer, like),
  encodePolicy: (writer, [, meta, policy]) => writeWritePolicy(writer, policy, meta),
  decode: nothing,
})

/** Merges the `ttl` argument of `touch` into the meta; the argument takes precedence. */
function withTtl(meta: Maybe<WriteMeta>, ttl: Maybe<number>): Maybe<WriteMeta> {
  return ttl === undefined || ttl === null ? meta : { ...meta, ttl }
}

/** Resets the TTL of a record. */
export const touch = define({
  name: 'touch',
  autoBatch: 'writes',
  kind: 'write',
  policy: 3,
  subject: ofKey,
  encode: (writer, [like]: readonly [KeyLike, Maybe<number>, Maybe<WriteMeta>, Maybe<WritePolicy>]) =>
    writeKeyOf(writer, like),
  encodePolicy: (writer, [, ttl, meta, policy]) => writeWritePolicy(writer, policy, withTtl(meta, ttl)),
  decode: nothing,
})

type ChangeArgs = readonly [KeyLike, string, unknown, Maybe<WriteMeta>, Maybe<WritePolicy>]

interface Changed {
  readonly key: Key
  readonly bins: readonly string[]
}

function change<R>(
  name: CommandName,
  takes: string,
  fits: (value: unknown) => boolean,
  decode: (reply: Reply, changed: Changed) => R,
): Command<ChangeArgs, R, Changed> {
  return define({
    name,
    kind: 'write',
    policy: 4,
    subject: ofKey,
    autoBatch: 'writes',
    encode: (writer, [like, bin, value]: ChangeArgs) => {
      const key = writeKeyOf(writer, like)
      if (!fits(value)) throw invalidArgument(`${name}: the value is ${takes}, not ${describe(value)}`)
      writer.u16(1)
      writeBinName(writer, bin, 'bin')
      writeValue(writer, value, bin)
      return { key, bins: [bin] }
    },
    encodePolicy: (writer, [, , , meta, policy]) => writeWritePolicy(writer, policy, meta),
    decode,
  })
}

/** Appends to a bin. */
export const append = change('append', 'a string or bytes', isText, nothing)

/** Prepends to a bin. */
export const prepend = change('prepend', 'a string or bytes', isText, nothing)

/** Adds to a bin; returns the new value. */
export const increment = change('increment', 'a number', isNumber, ({ reader, context }, { key, bins }): ReadValue => {
  try {
    return readValue(reader, context)
  } catch (error) {
    throw unreadable(error, `bin ${bins[0]}`, key)
  }
})

type RemoveBinArgs = readonly [KeyLike, string | readonly string[], Maybe<WriteMeta>, Maybe<WritePolicy>]

/** Removes bins from a record by writing nil to each. */
export const removeBin = define({
  name: 'removeBin',
  kind: 'write',
  policy: 3,
  subject: ofKey,
  autoBatch: 'writes',
  encode: (writer, [like, bins]: RemoveBinArgs) => {
    const key = writeKeyOf(writer, like)
    const names = typeof bins === 'string' ? [bins] : bins
    if (!Array.isArray(names) || names.length === 0) {
      throw invalidArgument(`bins: a bin name or a list of them is needed, not ${describe(bins)}`)
    }
    if (names.length > 0x7fff) throw invalidArgument(`bins: ${names.length} bins are more than a record can hold`)
    writer.u16(names.length)
    for (const name of names) {
      writeBinName(writer, name, 'bins')
      writeValue(writer, null, 'bins')
    }
    return key
  },
  encodePolicy: (writer, [, , meta, policy]) => writeWritePolicy(writer, policy, meta),
  decode: nothing,
})
