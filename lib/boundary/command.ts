/**
 * What a command is, and what carries it out.
 */
import type { PolicyKind } from '../options/policy'
import type { Subject } from '../telemetry/diagnostics'
import type { Writer } from '../wire/wire'
import type { Context } from './context'
import type { Reply } from './reply'

/** A command: defined once, used by both clients. */
export interface Command<A extends readonly unknown[], R, T = unknown> {
  readonly name: string
  readonly id: number
  /** Which of the commands with this number it is; see `crate/src/commands/names.rs`. */
  readonly variant: number
  /** Whether it writes, and so can be in doubt; some say so by what they were given. */
  writes(target: T): boolean
  readonly kind: PolicyKind
  /** Writes the arguments; what it throws is the caller's error. Gives what `decode` needs of them. */
  encode(writer: Writer, args: A): T
  /** Reads the result. */
  decode(reply: Reply, target: T): R
  /** Gives back what an answer has opened that comes after its call was aborted. */
  discard?(result: R, client: number): void
  /** The policy among the arguments. */
  policy(args: A): object | undefined | null
  /** Whether it can share a batch request with others (`autoBatch`); its policy is what it writes last then. */
  readonly gathers?: 'reads' | 'writes' | undefined
  /** What it is about, for who listens. May throw when the arguments are none. */
  readonly subject?: ((args: A) => Subject) | undefined
  /** Not told of as a command: connecting and closing, and what a stream is made of, which is told of as a whole. */
  readonly quiet?: boolean | undefined
}

/** How a client carries commands out. It holds the client: one with an open stream is not collected. */
export interface Runner {
  /** The client's number. */
  client(): number
  context(): Context
  run<A extends readonly unknown[], R>(command: Command<A, R>, args: A): Promise<R>
}

/** The blocking client's. */
export interface SyncRunner {
  client(): number
  context(): Context
  run<A extends readonly unknown[], R>(command: Command<A, R>, args: A): R
}
