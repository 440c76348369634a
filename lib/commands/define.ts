/**
 * What the definitions of commands share.
 */
import type { Command, Reply } from '../completion'
import { Key, type KeyLike, writeKey } from '../key'
import type { Subject } from '../observe'
import type { PolicyKind } from '../policy'
import type { Writer } from '../wire'

/** An argument that may be left out. */
export type Maybe<T> = T | undefined | null

interface Definition<A extends readonly unknown[], R, T> {
  name: string
  id: number
  /** Which of the commands with this number it is, for metrics and traces; 0 to 15. Default 0. */
  variant?: number
  kind: PolicyKind
  /** Where the policy stands among the arguments. */
  policy: number
  /** Whether it writes; default: when its kind is `write`. */
  write?: boolean | ((target: T) => boolean)
  gathers?: 'reads' | 'writes'
  encode(writer: Writer, args: A): T
  decode(reply: Reply, target: T): R
  discard?(result: R, client: number): void
  /** What it is about; see `subject.ts`. */
  subject?: (args: A) => Subject
  /** Not told of as a command. */
  quiet?: true
}

/** Defines a command, for both clients. */
export function define<A extends readonly unknown[], R, T>(definition: Definition<A, R, T>): Command<A, R, T> {
  const { policy, write = definition.kind === 'write', variant = 0, ...rest } = definition
  const writes = typeof write === 'function' ? write : () => write
  return { ...rest, variant, writes, policy: args => args[policy] as object | undefined | null }
}

/** The result of a command that gives none. */
export const nothing = (): void => {}

/** Writes a key, and gives it for the reply and for errors. */
export function writeKeyOf(writer: Writer, like: KeyLike): Key {
  const key = Key.from(like)
  writeKey(writer, key)
  return key
}
