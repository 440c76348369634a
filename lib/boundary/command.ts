/**
 * The definition of a command, and the interfaces that run commands.
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
  /** Distinguishes commands with the same `id`; see `crate/src/catalog/commands.rs`. */
  readonly variant: number
  /** Whether the call writes, so that its failure can be in doubt. For some commands this depends on the arguments. */
  writes(target: T): boolean
  readonly kind: PolicyKind
  /** Writes the arguments and returns what `decode` needs of them. Anything it throws is reported to the caller. */
  encode(writer: Writer, args: A): T
  /** Writes the policy behind what `encode` has written. Required if the calls can share a batch. */
  encodePolicy?(writer: Writer, args: A): void
  /**
   * Takes over the memory that the result is to reuse, and returns its number; 0 if there is none. Runs when the rest of the
   * request is written.
   */
  takeOver?(target: T): number
  /** Reads the result. */
  decode(reply: Reply, target: T): R
  /** Releases what a reply has opened if the reply arrives after its call was aborted. */
  discard?(result: R, client: number): void
  /** Returns the policy from the arguments. */
  policy(args: A): object | undefined | null
  /** Set if calls can share a batch request with others (`autoBatch`): those whose policies have equal bytes. */
  readonly autoBatch?: 'reads' | 'writes' | undefined
  /**
   * Returns what the call works on, for tracing and diagnostics; `namespace` is the default one. May throw if the
   * arguments are invalid.
   */
  readonly subject?: ((args: A, namespace: string) => Subject) | undefined
  /**
   * Not reported as a command in diagnostics: connecting and closing, and the requests of a stream, which is reported as a
   * whole.
   */
  readonly quiet?: boolean | undefined
}

/** Runs the commands of a client. It references the client, so that a client with an open stream is not collected. */
export interface Runner {
  /** Returns the number of the client. */
  client(): number
  context(): Context
  run<A extends readonly unknown[], R>(command: Command<A, R>, args: A): Promise<R>
}

/** Runs the commands of a blocking client. */
export interface SyncRunner {
  client(): number
  context(): Context
  run<A extends readonly unknown[], R>(command: Command<A, R>, args: A): R
}
