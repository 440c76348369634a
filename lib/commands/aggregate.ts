/**
 * Aggregations.
 */

import type { Context } from '../boundary/context'
import type { Reply } from '../boundary/reply'
import { moduleFile, writeCall } from '../cluster/udf'
import { unreadable } from '../common/errors'
import { type QueryPolicy, writePolicy } from '../options/policy'
import { type Chunk, closeChunk, type ReadContent, type RowChunk, readChunk } from '../query/chunk'
import { type Statement, writeStatement } from '../query/statement'
import { type ReadValue, readValue } from '../values/value'
import { Reader } from '../wire/wire'
import { define, type Maybe } from './define'
import { ofStatement } from './subject'

/** A chunk of results of an aggregation; each is decoded when it is read. */
export class ValueChunk implements RowChunk<ReadValue> {
  left: number
  readonly #reader: Reader
  readonly #context: Context

  constructor(reply: Reply, count: number) {
    this.left = count
    this.#reader = new Reader(reply.part(reply.reader.u32()))
    this.#context = reply.context
  }

  read(): ReadValue {
    this.left--
    try {
      return readValue(this.#reader, this.#context)
    } catch (error) {
      throw unreadable(error, 'a result of the aggregation')
    }
  }
}

type AggregateArgs = readonly [
  Statement,
  string,
  string,
  Maybe<readonly unknown[]>,
  Maybe<QueryPolicy>,
  ReadContent<unknown>,
]

/** Opens an aggregation and returns its first chunk. */
export const queryAggregate = define({
  name: 'query.aggregate',
  kind: 'query',
  policy: 4,
  subject: ofStatement,
  quiet: true,
  encode: (writer, [statement, module, name, args, policy, read]: AggregateArgs) => {
    moduleFile(module, 'aggregate: module')
    writeStatement(writer, statement, policy)
    writeCall(writer, module, name, args, 'aggregate: ')
    writePolicy(writer, 'query', policy)
    return read
  },
  decode: (reply, read): Chunk<unknown> => readChunk(reply, read),
  discard: closeChunk,
})
