/**
 * What the definitions of commands share.
 */
import type { Command, Reply } from '../completion'
import { Key, type KeyLike, writeKey } from '../key'
import { writeBinNames } from '../operations/bin-name'
import type { PolicyKind } from '../policy'
import type { Writer } from '../wire'

/** An argument that may be left out. */
export type Maybe<T> = T | undefined | null

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
  gathers?: 'reads' | 'writes'
  encode(writer: Writer, args: A): T
  decode(reply: Reply, target: T): R
}

/** Defines a command, for both clients. */
export function define<A extends readonly unknown[], R, T>(definition: Definition<A, R, T>): Command<A, R, T> {
  const { policy, write = definition.kind === 'write' } = definition
  return { ...definition, write, policy: args => args[policy] as object | undefined | null }
}

/** The result of a command that gives none. */
export const nothing = (): void => {}

/** Writes a key, and gives it for the reply and for errors. */
export function writeKeyOf(writer: Writer, like: KeyLike): Key {
  const key = Key.from(like)
  writeKey(writer, key)
  return key
}

/** Writes which bins are wanted; an empty list asks for the record's existence only. Gives whether it does. */
export function writeBinChoice(writer: Writer, bins: Maybe<readonly string[]>): boolean {
  if (bins === undefined || bins === null) {
    writer.u8(ALL)
    return false
  }
  const none = Array.isArray(bins) && bins.length === 0
  writer.u8(none ? NONE : SOME)
  if (!none) writeBinNames(writer, bins, 'bins')
  return none
}
