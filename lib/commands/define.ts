/**
 * Shared code of the definitions of commands.
 */

import type { Command } from '../boundary/command'
import type { Reply } from '../boundary/reply'
import { COMMANDS, type CommandEntry, type CommandName } from '../catalog/commands'
import { unreadAnswer } from '../common/errors'
import type { PolicyKind } from '../options/policy'
import type { Subject } from '../telemetry/diagnostics'
import { Key, type KeyLike, writeKey } from '../values/key'
import type { Writer } from '../wire/wire'

/** An optional argument. */
export type Maybe<T> = T | undefined | null

interface Definition<A extends readonly unknown[], R, T> {
  name: CommandName
  kind: PolicyKind
  /** Index of the policy among the arguments. */
  policy: number
  /** Whether a call writes, for commands where this depends on the arguments. */
  write?: (target: T) => boolean
  autoBatch?: 'reads' | 'writes'
  encode(writer: Writer, args: A): T
  encodePolicy?(writer: Writer, args: A): void
  takeOver?(target: T): number
  decode(reply: Reply, target: T): R
  /** `decode` throws the error of a server that has refused the call: the write was not applied then. */
  answersRefusals?: true
  discard?(result: R, client: number): void
  /** What the call works on; see `subject.ts`. */
  subject?: (args: A, namespace: string) => Subject
  /** Not reported as a command in diagnostics. */
  quiet?: true
}

/** Defines a command for both clients. */
export function define<A extends readonly unknown[], R, T>(definition: Definition<A, R, T>): Command<A, R, T> {
  const { policy, write, decode, answersRefusals, ...rest } = definition
  const { id, variant = 0 }: CommandEntry = COMMANDS[definition.name]
  const writes = writesOf(definition.name, write)
  const { subject }: CommandEntry = COMMANDS[definition.name]
  if ((subject === undefined) !== (definition.subject === undefined)) {
    throw new Error(`${definition.name}: \`subject\` does not fit its entry in the catalog`)
  }
  return {
    ...rest,
    id,
    variant,
    writes,
    decode:
      writes === never || answersRefusals || decode === (nothing as unknown) ? decode : decodeWrite(decode, writes),
    policy: args => args[policy] as object | undefined | null,
  }
}

const never = (): boolean => false
const always = (): boolean => true

/** Returns the function that decides whether a call of a command writes. */
function writesOf<T>(name: CommandName, given: ((target: T) => boolean) | undefined): (target: T) => boolean {
  const { effect }: CommandEntry = COMMANDS[name]
  if ((effect === 'given') !== (given !== undefined)) throw new Error(`${name}: \`write\` does not fit its effect`)
  if (given !== undefined) return given
  return effect === 'writes' ? always : never
}

/** Wraps `decode` so that an error in reading the reply to a write reports that the write was applied. */
function decodeWrite<R, T>(
  decode: (reply: Reply, target: T) => R,
  writes: (target: T) => boolean,
): (reply: Reply, target: T) => R {
  return (reply, target) => {
    try {
      return decode(reply, target)
    } catch (error) {
      throw writes(target) ? unreadAnswer(error) : error
    }
  }
}

/** `decode` of a command without a result. */
export const nothing = (): void => {}

/** Writes a key, and returns it for the reply and for errors. */
export function writeKeyOf(writer: Writer, like: KeyLike): Key {
  const key = Key.from(like, writer.namespace)
  writeKey(writer, key)
  return key
}
