/**
 * The commands, each defined once for both clients: how its arguments are written and its reply is read. Numbers are those
 * of `crate/src/commands/mod.rs`.
 */
import { BatchRecords } from './batch'
import { Columns, type Schema, writeSchema } from './columns'
import type { Command, Reply } from './completion'
import { type Settings, writeConfig } from './config'
import { type AerospikeError, invalidArgument, readFailure, toError } from './errors'
import { Key, type KeyLike, writeKey, writeKeys } from './key'
import { writeBinName, writeBinNames } from './operations/bin-name'
import { type Operation, writeOperations } from './operations/operation'
import { isNumber, isText } from './operations/scalar'
import { optionsObject } from './options'
import {
  type AdminPolicy,
  type BatchPolicy,
  type PolicyKind,
  type ReadPolicy,
  type WriteMeta,
  type WritePolicy,
  writePolicy,
  writeWritePolicy,
} from './policy'
import { AerospikeRecord, type OrderedResults, type RecordMeta, readMeta, readOrdered, readRecord } from './record'
import { describe, type Value, writeText, writeValue } from './value'
import type { Writer } from './wire'

type Maybe<T> = T | undefined | null

/** Which bins a read asks for. */
const ALL = 0
const NONE = 1
const SOME = 2

interface Definition<A extends readonly unknown[], R, T> {
  name: string
  id: number
  kind: PolicyKind
  /** Where the policy stands among the arguments. */
  policy: number
  write?: boolean
  encode(writer: Writer, args: A): T
  decode(reply: Reply, target: T): R
}

function define<A extends readonly unknown[], R, T>(definition: Definition<A, R, T>): Command<A, R, T> {
  const { policy, write = definition.kind === 'write' } = definition
  return { ...definition, write, policy: args => args[policy] as object | undefined | null }
}

const nothing = (): void => {}

/** A client that was connected. */
export interface Connected {
  /** Its number. */
  readonly client: number
  /** Commands that it has in flight at most. */
  readonly most: number
}

function credential(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw invalidArgument(`connect: the ${name} is a string, not of type ${typeof value}`)
}

/** Connects a client. */
export const connect = define({
  name: 'connect',
  id: 1,
  kind: 'admin',
  policy: 3,
  encode: (writer, [settings, user, password]: readonly [Settings, Maybe<string>, Maybe<string>, object]) => {
    writeConfig(writer, settings, credential(user, 'user'), credential(password, 'password'))
  },
  decode: ({ reader }): Connected => ({ client: reader.u32(), most: reader.u32() }),
})

/** Closes a client. */
export const close = define({
  name: 'close',
  id: 2,
  kind: 'admin',
  policy: 1,
  encode: (writer, [patience]: readonly [number, object]) => writer.u32(patience),
  decode: nothing,
})

function writeKeyOf(writer: Writer, like: KeyLike): Key {
  const key = Key.from(like)
  writeKey(writer, key)
  return key
}

type PutArgs = readonly [KeyLike, { readonly [bin: string]: Value }, Maybe<WriteMeta>, Maybe<WritePolicy>]

/** Writes bins. */
export const put = define({
  name: 'put',
  id: 3,
  kind: 'write',
  policy: 3,
  encode: (writer, [like, bins, meta, policy]: PutArgs) => {
    const key = writeKeyOf(writer, like)
    const given = optionsObject(bins, 'bins')
    const names = Object.keys(given)
    if (names.length === 0) throw invalidArgument('bins: at least one bin is needed')
    if (names.length > 0x7fff) throw invalidArgument(`bins: ${names.length} bins are more than a record can hold`)
    writer.u16(names.length)
    for (const name of names) {
      writeBinName(writer, name, 'bins')
      writeValue(writer, given[name], name)
    }
    writeWritePolicy(writer, policy, meta)
    return key
  },
  decode: nothing,
})

type ReadArgs = readonly [KeyLike, Maybe<ReadPolicy>]

/** Reads a whole record. */
export const get = define({
  name: 'get',
  id: 4,
  kind: 'read',
  policy: 1,
  encode: (writer, [like, policy]: ReadArgs) => {
    const key = writeKeyOf(writer, like)
    writer.u8(ALL)
    writePolicy(writer, 'read', policy)
    return key
  },
  decode: ({ reader, shapes, context }, key): AerospikeRecord => readRecord(reader, key, shapes, context),
})

/** What a read with chosen bins needs for its reply. */
interface Chosen {
  readonly key: Key
  /** No bins were asked for: the reply holds generation and lifetime alone. */
  readonly header: boolean
}

/** Writes which bins are wanted; an empty list asks for the record's existence only. */
function writeBinChoice(writer: Writer, bins: Maybe<readonly string[]>): boolean {
  if (bins === undefined || bins === null) {
    writer.u8(ALL)
    return false
  }
  const none = Array.isArray(bins) && bins.length === 0
  writer.u8(none ? NONE : SOME)
  if (!none) writeBinNames(writer, bins, 'bins')
  return none
}

/** Reads some bins of a record. */
export const select = define({
  name: 'select',
  id: 4,
  kind: 'read',
  policy: 2,
  encode: (writer, [like, bins, policy]: readonly [KeyLike, readonly string[], Maybe<ReadPolicy>]): Chosen => {
    const key = writeKeyOf(writer, like)
    if (!Array.isArray(bins)) throw invalidArgument(`bins: a list of bin names is needed, not ${describe(bins)}`)
    const header = writeBinChoice(writer, bins)
    writePolicy(writer, 'read', policy)
    return { key, header }
  },
  decode: ({ reader, shapes, context }, { key, header }): AerospikeRecord => {
    if (!header) return readRecord(reader, key, shapes, context)
    const { gen, ttl } = readMeta(reader)
    return new AerospikeRecord(key, {}, gen, ttl)
  },
})

function writeHeaderRead(writer: Writer, [like, policy]: ReadArgs): Key {
  const key = writeKeyOf(writer, like)
  writer.u8(NONE)
  writePolicy(writer, 'read', policy)
  return key
}

/** Whether a record exists. */
export const exists = define({
  name: 'exists',
  id: 5,
  kind: 'read',
  policy: 1,
  encode: writeHeaderRead,
  decode: ({ reader }): boolean => reader.u8() !== 0,
})

/** Generation and lifetime of a record, null when it does not exist. */
export const getMeta = define({
  name: 'getMeta',
  id: 5,
  kind: 'read',
  policy: 1,
  encode: writeHeaderRead,
  decode: ({ reader }): RecordMeta | null => (reader.u8() === 0 ? null : readMeta(reader)),
})

type WriteArgs = readonly [KeyLike, Maybe<WriteMeta>, Maybe<WritePolicy>]

function keyWrite(name: string, id: number): Command<WriteArgs, void, Key> {
  return define({
    name,
    id,
    kind: 'write',
    policy: 2,
    encode: (writer, [like, meta, policy]: WriteArgs) => {
      const key = writeKeyOf(writer, like)
      writeWritePolicy(writer, policy, meta)
      return key
    },
    decode: nothing,
  })
}

/** Reads a whole record, null when it does not exist. */
export const getOrNull = define({
  name: 'getOrNull',
  id: 5,
  kind: 'read',
  policy: 1,
  encode: (writer, [like, policy]: ReadArgs) => {
    const key = writeKeyOf(writer, like)
    writer.u8(ALL)
    writePolicy(writer, 'read', policy)
    return key
  },
  decode: ({ reader, shapes, context }, key): AerospikeRecord | null =>
    reader.u8() === 0 ? null : readRecord(reader, key, shapes, context),
})

/** Deletes a record. */
export const remove = keyWrite('remove', 6)

/** Sets a record's lifetime anew. */
export const touch = keyWrite('touch', 7)

type ChangeArgs = readonly [KeyLike, string, unknown, Maybe<WriteMeta>, Maybe<WritePolicy>]

function change(
  name: string,
  id: number,
  takes: string,
  fits: (value: unknown) => boolean,
): Command<ChangeArgs, void, Key> {
  return define({
    name,
    id,
    kind: 'write',
    policy: 4,
    encode: (writer, [like, bin, value, meta, policy]: ChangeArgs) => {
      const key = writeKeyOf(writer, like)
      if (!fits(value)) throw invalidArgument(`${name}: the value is ${takes}, not ${describe(value)}`)
      writer.u16(1)
      writeBinName(writer, bin, 'bin')
      writeValue(writer, value, bin)
      writeWritePolicy(writer, policy, meta)
      return key
    },
    decode: nothing,
  })
}

/** Appends to a bin. */
export const append = change('append', 8, 'a string or bytes', isText)

/** Prepends to a bin. */
export const prepend = change('prepend', 9, 'a string or bytes', isText)

/** Adds to a bin. */
export const increment = change('increment', 10, 'a number', isNumber)

type RemoveBinArgs = readonly [KeyLike, string | readonly string[], Maybe<WriteMeta>, Maybe<WritePolicy>]

/** Removes bins from a record: writes nil to each. */
export const removeBin = define({
  name: 'removeBin',
  id: 3,
  kind: 'write',
  policy: 3,
  encode: (writer, [like, bins, meta, policy]: RemoveBinArgs) => {
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
    writeWritePolicy(writer, policy, meta)
    return key
  },
  decode: nothing,
})

type OperateArgs = readonly [KeyLike, readonly Operation[], Maybe<WriteMeta>, Maybe<WritePolicy>]

function writeOperate(writer: Writer, [like, operations, meta, policy]: OperateArgs): Key {
  const key = writeKeyOf(writer, like)
  writeOperations(writer, operations)
  writeWritePolicy(writer, policy, meta)
  return key
}

/** Several operations on one record; the last answer of each bin. */
export const operate = define({
  name: 'operate',
  id: 11,
  kind: 'write',
  policy: 3,
  encode: writeOperate,
  decode: ({ reader, shapes, context }, key): AerospikeRecord => readRecord(reader, key, shapes, context),
})

/** Several operations on one record; each answer in order. */
export const operateOrdered = define({
  name: 'operateOrdered',
  id: 12,
  kind: 'write',
  policy: 3,
  encode: writeOperate,
  decode: ({ reader, context }, key): OrderedResults => readOrdered(reader, key, context),
})

/** One node's answer to an info request. */
export interface InfoResult {
  /** The node's name. */
  readonly node: string
  /** Its answer; empty when it failed. */
  readonly response: string
  /** Why it did not answer. */
  readonly error: AerospikeError | null
}

function writeInfo(writer: Writer, command: string, node: string, policy: Maybe<AdminPolicy>): void {
  if (typeof command !== 'string' || command === '') {
    throw invalidArgument(
      `command: an info command is needed, not ${command === '' ? 'an empty string' : describe(command)}`,
    )
  }
  writeText(writer, command, 'command')
  writeText(writer, node, 'node')
  writePolicy(writer, 'admin', policy)
}

/** Asks every node. */
export const infoAll = define({
  name: 'infoAll',
  id: 13,
  kind: 'admin',
  policy: 1,
  encode: (writer, [command, policy]: readonly [string, Maybe<AdminPolicy>]) => writeInfo(writer, command, '', policy),
  decode: ({ reader }): InfoResult[] => {
    const count = reader.u32()
    const results: InfoResult[] = []
    for (let index = 0; index < count; index++) {
      const node = reader.text()
      if (reader.u8() !== 0) results.push({ node, response: reader.text(), error: null })
      else results.push({ node, response: '', error: toError(readFailure(reader), 'infoAll') })
    }
    return results
  },
})

/** Asks one node by name. */
export const infoNode = define({
  name: 'infoNode',
  id: 14,
  kind: 'admin',
  policy: 2,
  encode: (writer, [command, node, policy]: readonly [string, string, Maybe<AdminPolicy>]) => {
    if (typeof node !== 'string' || node === '') {
      throw invalidArgument(`node: a node's name is needed, not ${node === '' ? 'an empty string' : describe(node)}`)
    }
    writeInfo(writer, command, node, policy)
  },
  decode: ({ reader }): string => reader.text(),
})

/** Asks any node. */
export const infoRandomNode = define({
  name: 'infoRandomNode',
  id: 15,
  kind: 'admin',
  policy: 1,
  encode: (writer, [command, policy]: readonly [string, Maybe<AdminPolicy>]) => writeInfo(writer, command, '', policy),
  decode: ({ reader }): string => reader.text(),
})

type BatchReadArgs = readonly [readonly KeyLike[], Maybe<readonly string[]>, Maybe<BatchPolicy>]

/** Reads many records. */
export const batchRead = define({
  name: 'batchRead',
  id: 16,
  kind: 'batch',
  policy: 2,
  encode: (writer, [likes, bins, policy]: BatchReadArgs) => {
    const keys = writeKeys(writer, likes)
    const header = writeBinChoice(writer, bins)
    writePolicy(writer, 'batch', policy)
    return { keys, header }
  },
  decode: (reply, { keys, header }): BatchRecords => BatchRecords.read(reply, keys, header),
})

/** How columns are read. */
export interface ColumnsPolicy extends BatchPolicy {
  /** Cut integers that do not fit their column instead of failing their row. Default false. */
  wrap?: boolean
}

type ColumnsArgs = readonly [readonly KeyLike[], Schema, Maybe<ColumnsPolicy>]

/** Reads many records into columns. */
export const batchReadColumns = define({
  name: 'batchReadColumns',
  id: 17,
  kind: 'batch',
  policy: 2,
  encode: (writer, [likes, schema, given]: ColumnsArgs) => {
    const keys = writeKeys(writer, likes)
    const { wrap = false, ...policy } = optionsObject(given ?? {}, 'batch policy')
    if (typeof wrap !== 'boolean')
      throw invalidArgument(`batch policy.wrap: true or false is needed, not ${describe(wrap)}`)
    const columns = writeSchema(writer, schema, wrap)
    writePolicy(writer, 'batch', policy)
    return { keys, columns }
  },
  decode: (reply, { keys, columns }): Columns<Schema> => Columns.read(reply, keys, columns),
})
