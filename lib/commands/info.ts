/**
 * Info requests: one command, asked of all nodes, of one by name, or of any.
 */
import { type AerospikeError, invalidArgument, readFailure, toError } from '../errors'
import { type AdminPolicy, writePolicy } from '../policy'
import { describe, writeText } from '../value'
import type { Writer } from '../wire'
import { define, type Maybe } from './define'

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
