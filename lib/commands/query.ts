/**
 * Queries and scans.
 */

import type { Context } from '../boundary/context'
import type { Reply } from '../boundary/reply'
import { QueryRowPart } from '../catalog/formats'
import { type QueryPolicy, writePolicy } from '../options/policy'
import { type Chunk, closeChunk, type ReadContent, type RowChunk, readChunk } from '../query/chunk'
import { type Statement, writeStatement } from '../query/statement'
import { Key } from '../values/key'
import { AerospikeRecord, readMeta, readRecordOfMany, type Shapes } from '../values/record'
import { readUserKey } from '../values/value'
import { Reader } from '../wire/wire'
import { define, type Maybe } from './define'
import { ofStatement } from './subject'

const DIGEST_BYTES = 20

/** A chunk of records of a query; each is decoded when it is read. */
export class RecordChunk implements RowChunk<AerospikeRecord> {
  left: number
  readonly #reader: Reader
  readonly #shapes: Shapes
  readonly #context: Context
  readonly #namespace: string
  readonly #set: string
  readonly #header: boolean

  constructor(reply: Reply, count: number, { namespace, set, header }: Statement) {
    this.left = count
    this.#reader = new Reader(reply.part(reply.reader.u32()))
    this.#shapes = reply.shapes
    this.#context = reply.context
    this.#namespace = namespace
    this.#set = set
    this.#header = header
  }

  read(): AerospikeRecord {
    const reader = this.#reader
    this.left--
    const size = reader.u32()
    const end = reader.at + size
    const parts = reader.u8()
    const digest = reader.latin1(DIGEST_BYTES)
    const set = (parts & QueryRowPart.SET) === 0 ? this.#set : reader.text()
    const userKey = (parts & QueryRowPart.USER_KEY) === 0 ? undefined : readUserKey(reader)
    const key = Key.received(this.#namespace, set, userKey, digest)
    if (this.#header) {
      const { gen, ttl } = readMeta(reader)
      return new AerospikeRecord(key, {}, gen, ttl)
    }
    return readRecordOfMany(reader, end, key, this.#shapes, this.#context)
  }
}

type QueryArgs = readonly [
  statement: Statement,
  policy: Maybe<QueryPolicy>,
  mode: number,
  cursor: boolean,
  read: ReadContent<unknown>,
  /** Serialized options of the mode. */
  form: Uint8Array,
]

/** Opens a query and returns its first chunk. */
export const query = define({
  name: 'query',
  kind: 'query',
  policy: 1,
  subject: ofStatement,
  quiet: true,
  encode: (writer, [statement, policy, mode, cursor, read, form]: QueryArgs) => {
    writeStatement(writer, statement, policy)
    writePolicy(writer, 'query', policy)
    writer.u8(mode)
    writer.u8(cursor ? 1 : 0)
    writer.raw(form)
    return read
  },
  decode: (reply, read): Chunk<unknown> => readChunk(reply, read),
  discard: closeChunk,
})
