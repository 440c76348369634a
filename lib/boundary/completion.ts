/**
 * The JavaScript half of the boundary. Requests are sent in blocks, one per tick and client; replies arrive in frames, many
 * per wake-up.
 *
 * The body of a call is written directly into the block of its client, and removed again if writing throws. A slot
 * identifies the call that a reply belongs to. A slot is reused only after its reply has arrived, so that the late reply to
 * an aborted call cannot reach another call.
 */

import { Status } from '../catalog/boundary'
import { abortError, clientError, type Failure, toError } from '../common/errors'
import { clearTimeout, monotonicNow, nextTick, setImmediate, setTimeout } from '../common/globals'
import { type Abortable, SignalWatch } from '../common/signals'
import { limitStacks, restoreStacks, startAtCaller } from '../common/stacks'
import { createSession, type NativeSession } from '../native/native'
import { checkSignal } from '../options/policy'
import { checkTransaction, type TransactionBase } from '../options/transaction'
import { commandsObserved, observeBlocking, observeCommand } from '../telemetry/diagnostics'
import { CallProfile, stagesProfiled } from '../telemetry/stage-profile'
import { readFailure } from '../wire/failure'
import { type Reader, Writer } from '../wire/wire'
import { BlockingCalls } from './blocking'
import type { Command } from './command'
import type { Context } from './context'
import { Reply } from './reply'
import { optionsOf, REQUEST_HEADER, type RequestBlock, WRITER_BYTES, writeRequest } from './request-block'
import { binsOf, keyIn, keyOf } from './target'

/** A block that has grown beyond this many bytes is shrunk after it is sent. */
const KEPT_BYTES = 1 << 20
/** The slot table is trimmed only if it has more slots than this. */
const KEPT_SLOTS = 1024
/** The maximum number of replies to process before the event loop gets a turn. */
const DRAIN_FRAMES = 64
/** The maximum time in ms for wake-ups and the work that they trigger before the event loop gets a turn. */
const TURN_MS = 4

/** Placeholder for the functions of a promise. It is shared because a `Call` is created for every command. */
const unset = (): void => {}

class Call implements Abortable {
  resolve: (value: unknown) => void = unset
  reject: (reason: unknown) => void = unset
  settled = false
  /** The number of the block that it was written into. */
  readonly blockNumber: number
  watch: SignalWatch | undefined
  profile: CallProfile | undefined
  tx: TransactionBase | undefined

  constructor(
    readonly command: Command<readonly unknown[], unknown>,
    readonly target: unknown,
    readonly context: Context,
    readonly block: RequestBlock,
    readonly slot: number,
  ) {
    this.blockNumber = block.blockNumber
  }

  onAbort(signal: AbortSignal): void {
    completion.abort(this, signal)
  }
}

/** Carries a failure through the promise to the reaction where the stack of the caller is known. */
class Failed {
  constructor(
    readonly failure: Failure,
    readonly call: Call,
  ) {}
}

/** Like `Failed`, for an aborted call. */
class Aborted {
  constructor(
    readonly signal: AbortSignal,
    readonly inDoubt: boolean,
    readonly call: Call,
  ) {}
}

function refused(error: unknown, { entry }: Context): Promise<never> {
  if (entry !== undefined) startAtCaller(error, entry)
  return Promise.reject(error)
}

class Completion {
  readonly #session: NativeSession = createSession()
  readonly #slots: (Call | undefined)[] = []
  #free: number[] = []
  /** The number of slots released since the last attempt to trim the table. */
  #released = 0
  #dirty: RequestBlock[] = []
  #flushing = false
  #pending = 0
  /** True if the native side can wake this thread, or will be able to as soon as the running code ends. */
  #awake = false
  #open: () => void = unset
  #reply: Reply | undefined
  readonly #blocking = new BlockingCalls(this.#session, () => {
    this.wakeUp()
    // Send earlier calls first, to keep the order.
    for (const block of this.#dirty) if (!block.encoding) this.#send(block)
  })
  #immediate = false
  #turnStart = 0
  #turnFrames = 0

  readonly #flush = (): void => {
    this.#flushing = false
    const blocks = this.#dirty
    this.#dirty = []
    for (const block of blocks) this.#send(block)
  }

  constructor() {
    void this.#openWhenAsked()
  }

  /**
   * Opens the session after `wakeUp`, as soon as the running code ends. It is not opened immediately because the native side
   * keeps the asynchronous context in which it is opened, and that must be the context of the import, not of the first call.
   */
  async #openWhenAsked(): Promise<void> {
    for (;;) {
      await new Promise<void>(resolve => {
        this.#open = resolve
      })
      this.#session.open(this.#woken)
      this.#awake = this.#session.hold(this.#pending)
    }
  }

  readonly #woken = (): void => this.#wake()

  /** Opens the session. Call it before starting anything that can produce replies. */
  wakeUp(): void {
    if (this.#awake) return
    this.#awake = true
    this.#open()
  }

  /**
   * Closes the session if nothing can produce replies any more (no pending calls, no clients), so that the native side holds
   * no references to this thread.
   */
  letGo(): void {
    if (this.#pending === 0) this.#awake = this.#session.hold(0)
  }

  /** Closes a client whose object was garbage-collected. */
  abandon(client: number): void {
    this.#session.abandon(client)
    this.letGo()
  }

  get session(): NativeSession {
    return this.#session
  }

  /** Runs a command; its promise settles exactly once. */
  call<A extends readonly unknown[], R>(
    block: RequestBlock,
    context: Context,
    command: Command<A, R>,
    args: A,
  ): Promise<R> {
    if (!commandsObserved()) return this.#call(block, context, command, args)
    return observeCommand(command, block.client, context, args, () => this.#call(block, context, command, args))
  }

  #call<A extends readonly unknown[], R>(
    block: RequestBlock,
    context: Context,
    command: Command<A, R>,
    args: A,
  ): Promise<R> {
    let signal: AbortSignal | undefined
    let tx: TransactionBase | undefined
    let slot: number | undefined
    let target: unknown
    try {
      const options = optionsOf(command.policy(args))
      signal = options.signal
      tx = options.tx
      // These objects are used below, where an error would leave the call unsettled. A getter can return another object when
      // the policy is encoded, so the checks there are not sufficient.
      if (signal !== undefined) checkSignal(signal, `${command.kind} policy.signal`)
      if (tx !== undefined) checkTransaction(tx, `${command.kind} policy.tx`)
      if (signal?.aborted === true) throw abortError(signal, command.name, false, keyIn(args, context.namespace))
      slot = this.#free.pop() ?? this.#slots.length
      // Reserve the slot while the arguments are written: their getters may start other calls.
      this.#slots[slot] = undefined
      block.checkRoom()
      target = this.#encode(block, command, context, args, slot)
    } catch (error) {
      if (slot !== undefined) this.#free.push(slot)
      return refused(error, context)
    }
    const call = new Call(command as Command<readonly unknown[], unknown>, target, context, block, slot)
    this.#slots[slot] = call
    if (tx !== undefined) {
      call.tx = tx
      tx.begin()
    }
    const promise = new Promise<unknown>((resolve, reject) => {
      call.resolve = resolve
      call.reject = reject
    })
    if (stagesProfiled()) {
      call.profile = new CallProfile(promise)
      block.profiled.push(call.profile)
    }
    block.calls++
    block.pending++
    this.#pending++
    if (signal !== undefined) call.watch = SignalWatch.add(signal, call)
    const batched = command.autoBatch !== undefined && block.autoBatch?.[command.autoBatch] === true
    if (block.encoding) {
      // The call that is being written sends this one, too.
    } else if (block.full || (this.#pending === 1 && !batched)) this.#send(block)
    else if (batched && block.autoBatch.maxDelay > 0) this.#delay(block, block.autoBatch.maxDelay)
    else this.#later(block)
    // Create the error in this reaction, where the engine still knows the awaiting caller.
    return promise.then(undefined, throwError) as Promise<R>
  }

  #encode<A extends readonly unknown[]>(
    block: RequestBlock,
    command: Command<A, unknown>,
    context: Context,
    args: A,
    slot: number,
  ): unknown {
    if (block.encoding) {
      const writer = new Writer(512)
      const target = writeRequest(writer, command, context, args, slot)
      block.nested.push(writer.buffer.subarray(0, writer.length))
      return target
    }
    block.encoding = true
    try {
      return writeRequest(block.writer, command, context, args, slot)
    } finally {
      block.encoding = false
      if (block.nested.length > 0) {
        for (const body of block.nested) block.writer.raw(body)
        block.nested = []
        this.#later(block)
      }
    }
  }

  #later(block: RequestBlock): void {
    if (!block.dirty) {
      block.dirty = true
      this.#dirty.push(block)
    }
    if (!this.#flushing) {
      this.#flushing = true
      nextTick(this.#flush)
    }
  }

  /** Sends a block after its calls have waited `ms` for others to join, unless something sends it earlier. */
  #delay(block: RequestBlock, ms: number): void {
    if (!block.dirty) block.timer ??= setTimeout(() => this.#send(block), ms)
  }

  #send(block: RequestBlock): void {
    const { writer } = block
    block.dirty = false
    block.calls = 0
    if (block.timer !== undefined) {
      clearTimeout(block.timer)
      block.timer = undefined
    }
    if (block.dropped) {
      block.takeOut(slot => {
        const dropped = this.#slots[slot]?.settled === true
        if (dropped) this.#release(slot)
        return dropped
      })
    }
    const { length } = writer
    if (length > 0) {
      block.blockNumber++
      writer.length = 0
      this.wakeUp()
      try {
        this.#session.submit(block.client, writer.buffer, length, this.#pending)
      } catch (cause) {
        this.#refuseBlock(writer.buffer, length, cause)
      }
      if (block.profiled.length > 0) block.recordSubmitted()
      if (writer.buffer.length > KEPT_BYTES) writer.shrink(WRITER_BYTES)
    }
    if (block.aborted.length > 0) for (const end of block.aborted.splice(0)) end()
  }

  /** Rejects every call of a block that the native side did not accept. */
  #refuseBlock(block: Buffer, length: number, cause: unknown): void {
    for (let at = 0; at < length; at += REQUEST_HEADER + block.readUInt32LE(at + 8)) {
      const slot = block.readUInt32LE(at + 4)
      const call = this.#slots[slot]
      this.#release(slot)
      if (call !== undefined && !call.settled) {
        this.#settle(call)
        call.reject(clientError(`the request could not be submitted: ${(cause as Error).message}`, cause))
      }
    }
  }

  #release(slot: number): void {
    this.#slots[slot] = undefined
    this.#free.push(slot)
    this.#released++
  }

  /**
   * Removes the slots after the last one in use, which a burst of calls has left behind. The lowest free slots are used next,
   * so that higher ones become free for the next attempt.
   */
  #trim(): void {
    const { length } = this.#slots
    const unused = this.#free.length
    // If some slots are in use, trimming scans every slot. Require enough releases between two scans to keep their share of
    // the cost small.
    if (unused < length && (unused < length - (length >> 3) || this.#released < length >> 3)) return
    this.#released = 0
    const used = new Uint8Array(unused === length ? 0 : length).fill(1)
    if (used.length > 0) for (const slot of this.#free) used[slot] = 0
    const count = used.lastIndexOf(1) + 1
    this.#slots.length = count
    this.#free = []
    for (let slot = count - 1; slot >= 0; slot--) if (used[slot] === 0) this.#free.push(slot)
  }

  /** Marks a call as settled: it no longer counts as pending. */
  #settle(call: Call): void {
    call.settled = true
    this.#pending--
    const { block, watch, tx } = call
    block.pending--
    watch?.remove(call)
    tx?.end()
  }

  /** Ends a call whose signal has fired. */
  abort(call: Call, signal: AbortSignal): void {
    // A write that is still in its block is removed from it, so it is certainly not applied.
    const { block } = call
    if (call.blockNumber === block.blockNumber && call.command.writes(call.target)) {
      block.dropped = true
      this.#reject(call, signal, false)
      return
    }
    // Any other call is sent first, because its reply frees the slot. If another call is being written into the block (and
    // its getters abort this one), the block is sent later.
    if (block.encoding) {
      block.aborted.push(() => this.#end(call, signal))
      this.#later(block)
      return
    }
    this.#send(block)
    this.#end(call, signal)
  }

  /** Ends an aborted call that was already sent. */
  #end(call: Call, signal: AbortSignal): void {
    if (call.settled) return
    const inDoubt = this.#session.abort(call.slot)
    // The reply to a write has already arrived. It reports the outcome, whereas an AbortError could only say "in doubt".
    if (inDoubt === null && call.command.writes(call.target)) return
    this.#reject(call, signal, inDoubt ?? false)
  }

  #reject(call: Call, signal: AbortSignal, inDoubt: boolean): void {
    this.#settle(call)
    call.reject(new Aborted(signal, inDoubt, call))
    this.letGo()
  }

  #wake(): void {
    if (this.#immediate) return
    // A burst of wake-ups does not return to the event loop in between. Whether it did cannot be detected here, so every few
    // milliseconds the remaining work is deferred to the next phase of the loop, which comes at once if there is no burst.
    // The same happens after DRAIN_FRAMES replies, because the work of their callers is not included in the measured time.
    if (this.#turnFrames >= DRAIN_FRAMES || monotonicNow() - this.#turnStart > TURN_MS) this.#defer()
    else this.#drain()
  }

  #defer(): void {
    this.#immediate = true
    setImmediate(this.#resume)
  }

  readonly #resume = (): void => {
    this.#immediate = false
    this.#turnStart = monotonicNow()
    this.#turnFrames = 0
    this.#drain()
  }

  #drain(): void {
    this.#reply ??= new Reply(this.#session, false)
    const reply = this.#reply
    reply.more = false
    try {
      this.#dispatch(reply, reply.drain(DRAIN_FRAMES - this.#turnFrames))
    } finally {
      if (reply.more) this.#defer()
      if (this.#slots.length > KEPT_SLOTS) this.#trim()
      this.letGo()
    }
  }

  #dispatch(reply: Reply, bytes: number): void {
    for (let at = 0; at < bytes; ) {
      this.#turnFrames++
      at = reply.open(at)
      const { slot, status } = reply
      if (status === Status.SHAPE) {
        reply.shapes.define(reply.body())
        continue
      }
      if (status === Status.NOTICE) {
        process.emitWarning(reply.text(), { type: 'AerospikeWarning', code: 'AEROSPIKE_TRACING' })
        continue
      }
      const call = this.#slots[slot]
      this.#release(slot)
      // An error here affects only this call; the next frame starts where the header says.
      try {
        const reader = reply.body()
        if (call !== undefined) this.#answer(call, reply, reader)
      } catch (error) {
        if (call === undefined) continue
        if (!call.settled) this.#settle(call)
        call.reject(error)
      }
    }
  }

  #answer(call: Call, reply: Reply, reader: Reader): void {
    if (reply.status === Status.FAILED) {
      if (call.settled) return
      this.#settle(call)
      call.reject(new Failed(readFailure(reader), call))
      return
    }
    reply.context = call.context
    const { profile } = call
    const start = profile === undefined ? 0 : monotonicNow()
    const value = call.command.decode(reply, call.target)
    profile?.decoded(start)
    // The reply to an aborted call is decoded anyway: it may refer to data that must be taken, or may have opened something.
    if (call.settled) {
      call.command.discard?.(value, call.block.client)
      return
    }
    this.#settle(call)
    call.resolve(value)
  }

  /** Runs a command and waits for it on this thread. */
  callBlocking<A extends readonly unknown[], R>(client: number, context: Context, command: Command<A, R>, args: A): R {
    // Without subscribers, call directly: a stack trace has only ten frames, which should include those of the caller.
    if (!commandsObserved()) return this.#blocking.call(client, context, command, args)
    return observeBlocking(command, client, context, args, () => this.#blocking.call(client, context, command, args))
  }
}

function throwError(reason: unknown): never {
  if (!(reason instanceof Failed || reason instanceof Aborted)) {
    startAtCaller(reason, throwError)
    throw reason
  }
  const { command, target } = reason.call
  const limit = limitStacks()
  try {
    if (reason instanceof Failed) throw toError(reason.failure, command.name, keyOf(target), binsOf(target))
    throw abortError(reason.signal, command.name, reason.inDoubt, keyOf(target))
  } finally {
    restoreStacks(limit)
  }
}

/** The completion queue of this environment. */
export const completion = new Completion()
