/**
 * The calls of the blocking client: each sends one request and waits for the reply on the calling thread.
 */

import { Status } from '../catalog/boundary'
import { badResponse, invalidArgument, toError } from '../common/errors'
import type { NativeSession } from '../native/native'
import { readFailure } from '../wire/failure'
import { Writer } from '../wire/wire'
import type { Command } from './command'
import type { Context } from './context'
import { Reply } from './reply'
import { optionsOf, writeRequest } from './request-block'
import { binsOf, keyOf } from './target'

/** A call that is waiting for its reply, or was abandoned while it waited. */
interface BlockingCall {
  readonly command: Command<readonly unknown[], unknown>
  readonly context: Context
  readonly client: number
  target: unknown
}

/** The blocking calls of one environment. */
export class BlockingCalls {
  readonly #session: NativeSession
  /** Sends the pending asynchronous requests, so that they precede the blocking one. */
  readonly #sendBefore: () => void
  readonly #slots: (BlockingCall | undefined)[] = []
  readonly #free: number[] = []
  #reply: Reply | undefined

  constructor(session: NativeSession, sendBefore: () => void) {
    this.#session = session
    this.#sendBefore = sendBefore
  }

  /** Runs a command and returns its result. */
  call<A extends readonly unknown[], R>(client: number, context: Context, command: Command<A, R>, args: A): R {
    if (optionsOf(command.policy(args)).signal !== undefined) {
      throw invalidArgument('policy.signal: a blocking call cannot be aborted; set totalTimeout')
    }
    const slot = this.#free.pop() ?? this.#slots.length
    const call: BlockingCall = { command: command as BlockingCall['command'], context, client, target: undefined }
    this.#slots[slot] = call
    try {
      const writer = new Writer(512)
      call.target = writeRequest(writer, command, context, args, slot)
      this.#sendBefore()
      this.#session.submitBlocking(client, writer.buffer, writer.length)
    } catch (error) {
      this.#release(slot)
      throw error
    }
    const reply = this.#await(slot)
    this.#release(slot)
    if (reply.status === Status.FAILED) {
      throw toError(readFailure(reply.body()), command.name, keyOf(call.target), binsOf(call.target))
    }
    reply.body()
    reply.context = context
    return command.decode(reply, call.target)
  }

  #release(slot: number): void {
    this.#slots[slot] = undefined
    this.#free.push(slot)
  }

  /** Waits for a reply, in slices so that a worker can be terminated. Returns the reply, positioned at its body. */
  #await(slot: number): Reply {
    this.#reply ??= new Reply(this.#session, true)
    const reply = this.#reply
    for (;;) {
      const bytes = reply.drain(1)
      if (bytes === 0) {
        this.#session.waitBlocking()
        continue
      }
      if (reply.open(0) !== bytes)
        throw badResponse('a reply is incomplete; please report this as a bug of aerospike-napi')
      if (reply.status === Status.SHAPE) reply.shapes.define(reply.body())
      else if (reply.slot === slot) return reply
      else this.#discard(reply)
    }
  }

  /** Consumes the reply to a call that was abandoned while it waited, for example by a `timeout` of `node:vm`. */
  #discard(reply: Reply): void {
    const call = this.#slots[reply.slot]
    this.#release(reply.slot)
    reply.body()
    if (call === undefined || reply.status !== Status.OK) return
    reply.context = call.context
    try {
      // Decode it anyway: the reply may refer to data that must be taken, or may have opened something.
      call.command.discard?.(call.command.decode(reply, call.target), call.client)
    } catch {
      // Ignore the error: the caller of this reply is gone, and the current wait is for another reply.
    }
  }
}
