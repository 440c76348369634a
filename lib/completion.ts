/**
 * The boundary's JavaScript half: requests leave in blocks, one a tick and client; replies come in frames, many a wake.
 *
 * A call's body is written straight into its client's block and taken out again when the writing throws. A slot says which
 * call a reply belongs to; it is used again only after its reply, so that an aborted call's late reply hits nobody else.
 */
import { abortError, clientError, type Failure, invalidArgument, readFailure, toError } from './errors'
import { Key, type KeyLike } from './key'
import { createSession, type NativeSession } from './native'
import { commandsObserved, observeBlocking, observeCommand, type Seed, type Subject } from './observe'
import { type Outbox, optionsOf, REQUEST_HEADER, WRITER_BYTES, writeRequest } from './outbox'
import type { PolicyKind } from './policy'
import { Shapes } from './record'
import { CallProfile, stagesProfiled } from './stages'
import type { ReadOptions } from './value'
import { Reader, Writer } from './wire'

/** Bytes of a reply's header; see `crate/src/boundary/wire.rs`. */
const REPLY_HEADER = 12

const Status = { OK: 0, FAILED: 1, ATTACHED: 2, SHAPE: 3, NOTICE: 4 } as const

/** A block that grew beyond this is made small again. */
const KEPT_BYTES = 1 << 20
/** Replies taken at a time; the loop gets its turn between. */
const DRAIN_FRAMES = 64
const DRAIN_BYTES = 1 << 20
/** ms of wakes and what they set off before the event loop gets a turn for certain. */
const TURN_MS = 4

/** What every command of a client needs to know. */
export interface Context extends ReadOptions {
  /** Total timeout in ms by kind of call. */
  readonly timeouts: { readonly [K in PolicyKind]: number }
  /** The configuration's first seed. */
  readonly seed?: Seed | undefined
}

/** What a reply's decoder gets; one object serves all replies of a channel. */
export class Reply {
  /** Stands at the body's start. */
  reader: Reader
  /** Where the body ends. */
  end = 0
  context: Context = { timeouts: { read: 0, write: 0, batch: 0, admin: 0, query: 0 }, int64: 'auto', maps: 'auto' }

  constructor(
    readonly session: NativeSession,
    readonly blocking: boolean,
    readonly shapes: Shapes,
    /** The frames that replies come in; used again for the next ones. */
    readonly frames: Reader,
  ) {
    this.reader = frames
  }

  /** Takes what the native side has laid down under a number. */
  take(number: number): Buffer {
    const taken = this.session.take(number, this.blocking)
    if (taken === null) throw clientError('a reply refers to data that is gone')
    return Buffer.from(taken)
  }

  /** Goes on to a body that waits under a number. */
  follow(number: number): void {
    this.reader = new Reader(this.take(number))
    this.end = this.reader.buffer.length
  }

  /** The body's remaining bytes, as a buffer that stays. */
  rest(): Buffer {
    return this.part(this.end - this.reader.at)
  }

  /** The body's next `count` bytes, as a buffer that stays. */
  part(count: number): Buffer {
    const { reader } = this
    if (reader === this.frames) return reader.raw(count)
    const start = reader.at
    reader.at += count
    return reader.buffer.subarray(start, reader.at)
  }
}

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

/** Where a failed call's error gets its key from: the command's target is the key, or holds it. */
function keyOf(target: unknown): Key | undefined {
  if (target instanceof Key) return target
  const { key } = (target ?? {}) as { key?: unknown }
  return key instanceof Key ? key : undefined
}

/** The bins that a failed call's error may be about, where its target has them. */
function binsOf(target: unknown): readonly string[] {
  const { bins } = (target ?? {}) as { bins?: unknown }
  return Array.isArray(bins) ? bins : []
}

/** Until the promise's own functions are there: shared, for a call is made for every command. */
const unset = (): void => {}

class Call {
  resolve: (value: unknown) => void = unset
  reject: (reason: unknown) => void = unset
  settled = false
  watch: Watch | undefined
  profile: CallProfile | undefined

  constructor(
    readonly command: Command<readonly unknown[], unknown>,
    readonly target: unknown,
    readonly context: Context,
    readonly outbox: Outbox,
    readonly slot: number,
  ) {}
}

/** A failure on its way through the promise to where the caller's stack is known. */
class Failed {
  constructor(
    readonly failure: Failure,
    readonly call: Call,
  ) {}
}

/** The one listener on a signal, for all calls that were given it. */
class Watch {
  readonly calls = new Set<Call>()

  constructor(
    readonly signal: AbortSignal,
    readonly onAbort: () => void,
  ) {}
}

/** The key of a call that was not written, where its first argument is one. */
function keyIn(args: readonly unknown[]): Key | undefined {
  try {
    return Key.from(args[0] as KeyLike)
  } catch {
    return undefined // Not a key, or a wrong one: the error is about something else.
  }
}

class Completion {
  readonly #session: NativeSession = createSession(() => this.#wake())
  readonly #slots: (Call | undefined)[] = []
  readonly #free: number[] = []
  readonly #watches = new WeakMap<AbortSignal, Watch>()
  #dirty: Outbox[] = []
  #flushing = false
  #pending = 0
  #reply: Reply | undefined
  #blocking: Reply | undefined
  #immediate = false
  #turnStart = 0
  #turnFrames = 0

  readonly #flush = (): void => {
    this.#flushing = false
    const outboxes = this.#dirty
    this.#dirty = []
    for (const outbox of outboxes) this.#send(outbox)
  }

  get session(): NativeSession {
    return this.#session
  }

  /** Runs a command; its promise settles exactly once. */
  call<A extends readonly unknown[], R>(outbox: Outbox, context: Context, command: Command<A, R>, args: A): Promise<R> {
    if (!commandsObserved()) return this.#call(outbox, context, command, args)
    return observeCommand(command, outbox.client, context, args, () => this.#call(outbox, context, command, args))
  }

  #call<A extends readonly unknown[], R>(
    outbox: Outbox,
    context: Context,
    command: Command<A, R>,
    args: A,
  ): Promise<R> {
    const { signal } = optionsOf(command.policy(args))
    if (signal?.aborted === true) return Promise.reject(abortError(signal, command.name, false, keyIn(args)))
    const slot = this.#free.pop() ?? this.#slots.length
    // Holds the place while the arguments are written: their getters may call us.
    this.#slots[slot] = undefined
    let target: unknown
    try {
      outbox.checkRoom()
      target = this.#encode(outbox, command, context, args, slot)
    } catch (error) {
      this.#free.push(slot)
      return Promise.reject(error)
    }
    const call = new Call(command as Command<readonly unknown[], unknown>, target, context, outbox, slot)
    this.#slots[slot] = call
    const promise = new Promise<unknown>((resolve, reject) => {
      call.resolve = resolve
      call.reject = reject
    })
    if (stagesProfiled()) {
      call.profile = new CallProfile(promise)
      outbox.profiled.push(call.profile)
    }
    outbox.calls++
    outbox.pending++
    this.#pending++
    if (signal !== undefined) this.#watch(signal, call)
    const gathers = command.gathers !== undefined && outbox.gather?.[command.gathers] === true
    if (outbox.encoding) {
      // The call that is being written will send us too.
    } else if (outbox.full || (this.#pending === 1 && !gathers)) this.#send(outbox)
    else if (gathers && outbox.gather.maxDelay > 0) this.#delay(outbox, outbox.gather.maxDelay)
    else this.#later(outbox)
    // The error is built in this reaction, where the engine still knows who awaits us.
    return promise.then(undefined, throwError) as Promise<R>
  }

  #encode<A extends readonly unknown[]>(
    outbox: Outbox,
    command: Command<A, unknown>,
    context: Context,
    args: A,
    slot: number,
  ): unknown {
    if (outbox.encoding) {
      const writer = new Writer(512)
      const target = writeRequest(writer, command, context, args, slot)
      outbox.nested.push(writer.buffer.subarray(0, writer.length))
      return target
    }
    outbox.encoding = true
    try {
      return writeRequest(outbox.writer, command, context, args, slot)
    } finally {
      outbox.encoding = false
      if (outbox.nested.length > 0) {
        for (const body of outbox.nested) outbox.writer.raw(body)
        outbox.nested = []
        this.#later(outbox)
      }
    }
  }

  #later(outbox: Outbox): void {
    if (!outbox.dirty) {
      outbox.dirty = true
      this.#dirty.push(outbox)
    }
    if (!this.#flushing) {
      this.#flushing = true
      process.nextTick(this.#flush)
    }
  }

  /** Sends a block once its calls have waited for others, unless something sends it before. */
  #delay(outbox: Outbox, ms: number): void {
    if (!outbox.dirty) outbox.timer ??= setTimeout(() => this.#send(outbox), ms)
  }

  #send(outbox: Outbox): void {
    const { writer } = outbox
    outbox.dirty = false
    outbox.calls = 0
    if (outbox.timer !== undefined) {
      clearTimeout(outbox.timer)
      outbox.timer = undefined
    }
    if (writer.length === 0) return
    const { length } = writer
    writer.length = 0
    try {
      this.#session.submit(outbox.client, writer.buffer, length, this.#pending)
    } catch (cause) {
      this.#refuseBlock(writer.buffer, length, cause)
    }
    if (outbox.profiled.length > 0) outbox.tellSubmitted()
    if (writer.buffer.length > KEPT_BYTES) writer.shrink(WRITER_BYTES)
  }

  /** Nothing of a block was taken: each of its calls is told. */
  #refuseBlock(block: Buffer, length: number, cause: unknown): void {
    for (let at = 0; at < length; at += REQUEST_HEADER + block.readUInt32LE(at + 8)) {
      const slot = block.readUInt32LE(at + 4)
      const call = this.#slots[slot]
      this.#release(slot)
      if (call !== undefined && !call.settled) {
        this.#settle(call)
        call.reject(clientError(`the request could not be handed over: ${(cause as Error).message}`, cause))
      }
    }
  }

  #release(slot: number): void {
    this.#slots[slot] = undefined
    this.#free.push(slot)
  }

  /** A call no longer counts as pending. */
  #settle(call: Call): void {
    call.settled = true
    this.#pending--
    const { outbox, watch } = call
    outbox.pending--
    if (watch !== undefined) {
      watch.calls.delete(call)
      if (watch.calls.size === 0) {
        watch.signal.removeEventListener('abort', watch.onAbort)
        this.#watches.delete(watch.signal)
      }
    }
  }

  #watch(signal: AbortSignal, call: Call): void {
    let watch = this.#watches.get(signal)
    if (watch === undefined) {
      const calls = (): Watch | undefined => this.#watches.get(signal)
      watch = new Watch(signal, () => {
        // The newest first: what waits is taken out of the queue before what runs makes room for it.
        for (const aborted of [...(calls()?.calls ?? [])].reverse()) this.#abort(aborted, signal)
      })
      this.#watches.set(signal, watch)
      signal.addEventListener('abort', watch.onAbort, { once: true })
    }
    watch.calls.add(call)
    call.watch = watch
  }

  #abort(call: Call, signal: AbortSignal): void {
    // Sent first: what was never handed over has no reply that would free the slot. A call that is aborted from within
    // another's getters stays in the block, which is sent later: then nobody knows yet.
    const { outbox } = call
    if (!outbox.encoding) this.#send(outbox)
    if (call.settled) return
    const inDoubt = outbox.encoding ? call.command.writes(call.target) : this.#session.abort(call.slot)
    this.#settle(call)
    call.reject(abortError(signal, call.command.name, inDoubt, keyOf(call.target)))
    this.#holdOn()
  }

  #holdOn(): void {
    if (this.#pending === 0) this.#session.hold(0)
  }

  #wake(): void {
    if (this.#immediate) return
    // A burst of wakes does not return to the event loop between them. Whether it did cannot be seen from here, so that
    // every few milliseconds the rest waits for the loop's next phase, which is at hand when there was no burst.
    // The same after as many replies as one drain takes: their callers' work is not in our time.
    if (this.#turnFrames >= DRAIN_FRAMES || performance.now() - this.#turnStart > TURN_MS) this.#defer()
    else this.#drain()
  }

  #defer(): void {
    this.#immediate = true
    setImmediate(this.#resume)
  }

  readonly #resume = (): void => {
    this.#immediate = false
    this.#turnStart = performance.now()
    this.#turnFrames = 0
    this.#drain()
  }

  #drain(): void {
    this.#reply ??= new Reply(this.#session, false, new Shapes(), new Reader(Buffer.allocUnsafeSlow(DRAIN_BYTES)))
    const { frames, shapes } = this.#reply
    let more = false
    try {
      const drained = this.#session.drain(frames.buffer, DRAIN_FRAMES - this.#turnFrames)
      more = drained < 0
      this.#dispatch(frames, shapes, more ? -drained - 1 : drained)
    } finally {
      if (more) this.#defer()
      this.#holdOn()
    }
  }

  #dispatch(reader: Reader, shapes: Shapes, bytes: number): void {
    for (let at = 0; at < bytes; ) {
      this.#turnFrames++
      reader.at = at
      const slot = reader.u32()
      const status = reader.u16()
      reader.at += 2
      const end = at + REPLY_HEADER + reader.u32()
      at = end
      if (status === Status.SHAPE) {
        shapes.define(reader)
        continue
      }
      if (status === Status.NOTICE) {
        const text = reader.buffer.toString('utf8', reader.at, end)
        process.emitWarning(text, { type: 'AerospikeWarning', code: 'AEROSPIKE_TRACING' })
        continue
      }
      const call = this.#slots[slot]
      this.#release(slot)
      if (call === undefined) continue
      // Whatever goes wrong here is this call's own; the next frame begins where its header says.
      try {
        this.#answer(call, status, reader, end)
      } catch (error) {
        if (!call.settled) this.#settle(call)
        call.reject(error)
      }
    }
  }

  #answer(call: Call, status: number, reader: Reader, end: number): void {
    if (status === Status.FAILED) {
      if (call.settled) return
      this.#settle(call)
      call.reject(new Failed(readFailure(reader), call))
      return
    }
    const reply = this.#reply as Reply
    reply.reader = reader
    reply.end = end
    reply.context = call.context
    if (status === Status.ATTACHED) reply.follow(reader.u32())
    const { profile } = call
    const start = profile === undefined ? 0 : performance.now()
    const value = call.command.decode(reply, call.target)
    profile?.decoded(start)
    // An aborted call's reply is decoded all the same: it may have left something behind to be taken, or opened something.
    if (call.settled) {
      call.command.discard?.(value, call.outbox.client)
      return
    }
    this.#settle(call)
    call.resolve(value)
  }

  /** Runs a command and waits for it on this thread. */
  callBlocking<A extends readonly unknown[], R>(client: number, context: Context, command: Command<A, R>, args: A): R {
    if (!commandsObserved()) return this.#callBlocking(client, context, command, args)
    return observeBlocking(command, client, context, args, () => this.#callBlocking(client, context, command, args))
  }

  #callBlocking<A extends readonly unknown[], R>(client: number, context: Context, command: Command<A, R>, args: A): R {
    if (optionsOf(command.policy(args)).signal !== undefined) {
      throw invalidArgument('policy.signal: a blocking call cannot be aborted; set totalTimeout')
    }
    const writer = new Writer(512)
    const target = writeRequest(writer, command, context, args, 0)
    // What was called before goes before.
    for (const outbox of this.#dirty) if (!outbox.encoding) this.#send(outbox)
    this.#session.submitBlocking(client, writer.buffer, writer.length)
    const reply = this.#awaitReply()
    const { reader } = reply
    const status = reader.u16()
    reader.at += 2
    const length = reader.u32()
    if (status === Status.FAILED) throw toError(readFailure(reader), command.name, keyOf(target), binsOf(target))
    reply.end = reader.at + length
    reply.context = context
    if (status === Status.ATTACHED) reply.follow(reader.u32())
    return command.decode(reply, target)
  }

  /** Waits in slices, so that a worker can be terminated. The reply's reader stands behind its slot. */
  #awaitReply(): Reply {
    this.#blocking ??= new Reply(this.#session, true, new Shapes(), new Reader(Buffer.allocUnsafeSlow(DRAIN_BYTES)))
    const reply = this.#blocking
    const reader = reply.frames
    reply.reader = reader
    for (;;) {
      if (this.#session.drainBlocking(reader.buffer, 1) === 0) {
        this.#session.waitBlocking()
        continue
      }
      reader.at = 4
      if (reader.u16() !== Status.SHAPE) {
        reader.at = 4
        return reply
      }
      reader.at = REPLY_HEADER
      reply.shapes.define(reader)
    }
  }
}

function throwError(reason: unknown): never {
  if (reason instanceof Failed) {
    const { command, target } = reason.call
    throw toError(reason.failure, command.name, keyOf(target), binsOf(target))
  }
  throw reason
}

/** The environment's one completion queue. */
export const completion = new Completion()
