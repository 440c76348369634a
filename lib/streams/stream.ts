/**
 * Streams: results that the consumer pulls in chunks. Each pull is an ordinary call, so it can be aborted, keeps the
 * process alive while it waits, and has a blocking form. A stream that the consumer leaves in any way is closed on the
 * native side, which ends its work on the servers.
 */

import type { Command, Runner, SyncRunner } from '../boundary/command'
import { completion } from '../boundary/completion'
import type { Context } from '../boundary/context'
import { COMMANDS } from '../catalog/commands'
import { describe } from '../common/describe'
import { AerospikeError, abortError, invalidArgument } from '../common/errors'
import { type Abortable, SignalWatch } from '../common/signals'
import { Caller } from '../common/stacks'
import { type Chunk, type ReadContent, type RowChunk, readChunk } from '../query/chunk'
import { StreamObserver } from '../telemetry/diagnostics'

type NextArgs<C> = readonly [number, ReadContent<C>, { readonly signal?: AbortSignal | undefined }]

/**
 * The command that pulls from a stream opened by the command `name`. `writes`: whether the stream has rows that write.
 */
export function nextOf<C>(name: string, writes: boolean): Command<NextArgs<C>, Chunk<C>> {
  return {
    name,
    id: COMMANDS['stream.next'].id,
    variant: 0,
    quiet: true,
    writes: () => writes,
    kind: 'query',
    policy: args => args[2],
    encode: (writer, [stream, read]) => {
      writer.u32(stream)
      return read
    },
    decode: (reply, read) => readChunk(reply, read as ReadContent<C>),
  }
}

/** The state that closes a stream. It holds no reference to the stream, so that the stream can be garbage-collected. */
class Handle implements Abortable {
  stream = 0
  /** Reports to diagnostics channels, if they have subscribers. */
  observer: StreamObserver | undefined
  /** The listener on the stream's signal. */
  watch: SignalWatch | undefined

  constructor(
    readonly client: number,
    readonly name: string,
    readonly writes: boolean,
  ) {}

  /** Closes the stream at once if the signal fires between two pulls, rather than at the next pull. */
  onAbort(signal: AbortSignal): void {
    this.observer?.fail(this.aborted(signal))
    this.close()
  }

  /** If the stream writes, rows that were sent but not yet delivered to the loop are in doubt. */
  aborted(signal: AbortSignal): AerospikeError {
    return abortError(signal, this.name, this.writes)
  }

  close(): void {
    const { stream } = this
    this.stream = 0
    if (stream !== 0) completion.session.closeStream(this.client, stream)
    this.watch?.remove(this)
    this.observer?.end(false)
  }
}

/** Closes streams whose objects were garbage-collected. */
const left = new FinalizationRegistry<Handle>(handle => handle.close())

/** How to open a stream: the command, its arguments, and the decoder of a chunk. */
export interface Opening<C> {
  readonly command: Command<readonly unknown[], Chunk<C>>
  readonly args: readonly unknown[]
  readonly read: ReadContent<C>
  readonly signal: AbortSignal | undefined
  /** Whether some of its rows write, so that an early end leaves them in doubt. */
  readonly writes: boolean
  /** Adds a hint to an error that the server does not give. */
  explain(error: AerospikeError): void
}

abstract class Pulls<C> {
  readonly #handle: Handle
  readonly #opening: Opening<C>
  readonly #caller = new Caller()
  #state: 'new' | 'open' | 'ended' = 'new'
  /** The consumer knows that the stream has ended, or has left it. */
  #over = false
  #said: Buffer | undefined

  constructor(client: number, opening: Opening<C>) {
    this.#handle = new Handle(client, opening.command.name, opening.writes)
    this.#opening = opening
  }

  /** The trailer at the end of the stream. */
  get said(): Buffer | undefined {
    return this.#said
  }

  get ended(): boolean {
    return this.#state === 'ended'
  }

  /**
   * Throws once the signal has fired: chunks that have already arrived are not delivered any more. If the consumer
   * knows of the end, the stream stays ended.
   */
  checkSignal(): void {
    const { signal } = this.#opening
    if (signal?.aborted !== true || this.#over || this.#state === 'new') return
    throw this.failed(this.#handle.aborted(signal))
  }

  /** Records that the consumer knows of the end. */
  protected over(): undefined {
    this.#over = true
  }

  /** The command and arguments of the next pull. */
  protected request(): readonly [Command<readonly unknown[], Chunk<C>>, readonly unknown[]] {
    const { command, args, read, signal, writes } = this.#opening
    if (this.#state === 'new') return [command, args]
    if (signal?.aborted === true) throw this.#handle.aborted(signal)
    const next = nextOf<C>(command.name, writes) as Command<readonly unknown[], Chunk<C>>
    return [next, [this.#handle.stream, read, { signal }]]
  }

  /** Makes a pull. The first one is reported to diagnostics channels. */
  protected pulled<T>(context: Context, pull: () => T): T {
    const { command, args } = this.#opening
    if (this.#state !== 'new') return pull()
    const observer = StreamObserver.of(command, this.#handle.client, context, args)
    this.#handle.observer = observer
    return observer === undefined ? pull() : observer.start(pull)
  }

  /** Processes the answer to a pull. */
  protected take({ stream, rows, content, said }: Chunk<C>): C | undefined {
    const { observer } = this.#handle
    observer?.came(rows)
    if (stream === 0) {
      this.#said = said
      this.#handle.stream = 0
      this.#end()
      observer?.end(true)
    } else if (this.#state === 'ended') {
      // The stream was closed while the pull was in progress.
      completion.session.closeStream(this.#handle.client, stream)
      return undefined
    } else if (this.#state === 'new') {
      this.#state = 'open'
      this.#handle.stream = stream
      left.register(this, this.#handle, this.#handle)
      const { signal } = this.#opening
      if (signal?.aborted === true) this.#handle.onAbort(signal)
      else if (signal !== undefined) this.#handle.watch = SignalWatch.add(signal, this.#handle)
    }
    return content
  }

  #end(): void {
    this.#state = 'ended'
    left.unregister(this.#handle)
    this.#handle.watch?.remove(this.#handle)
  }

  /** Closes the stream after a pull or the decoding of a row has failed. Returns the error, located at the call. */
  failed(error: unknown): unknown {
    if (error instanceof AerospikeError) this.#opening.explain(error)
    this.#caller.locate(error)
    this.#handle.observer?.fail(error)
    this.close()
    return error
  }

  /** Closes the stream. Not required if the stream was read to its end. */
  close(): void {
    this.#over = true
    if (this.#state === 'ended') return
    this.#end()
    this.#handle.close()
  }
}

/** A stream whose pulls return promises. */
export class Stream<C> extends Pulls<C> {
  readonly #runner: Runner
  #last: Promise<unknown> = Promise.resolve()

  constructor(runner: Runner, opening: Opening<C>) {
    super(runner.client(), opening)
    this.#runner = runner
  }

  /** Returns the next chunk's content, or undefined at the end. Overlapping calls run one after the other. */
  next(): Promise<C | undefined> {
    const next = this.#last.then(() => this.#pull())
    this.#last = next.catch(() => undefined)
    return next
  }

  async #pull(): Promise<C | undefined> {
    this.checkSignal()
    while (!this.ended) {
      let chunk: Chunk<C>
      try {
        const [command, args] = this.request()
        chunk = await this.pulled(this.#runner.context(), () => this.#runner.run(command, args))
      } catch (error) {
        throw this.failed(error)
      }
      const content = this.take(chunk)
      this.checkSignal()
      if (content !== undefined) return content
    }
    return this.over()
  }
}

/** A stream whose pulls block. */
export class StreamSync<C> extends Pulls<C> {
  readonly #runner: SyncRunner

  constructor(runner: SyncRunner, opening: Opening<C>) {
    super(runner.client(), opening)
    this.#runner = runner
  }

  /** Returns the next chunk's content, or undefined at the end. */
  next(): C | undefined {
    while (!this.ended) {
      let chunk: Chunk<C>
      try {
        const [command, args] = this.request()
        chunk = this.pulled(this.#runner.context(), () => this.#runner.run(command, args))
      } catch (error) {
        throw this.failed(error)
      }
      const content = this.take(chunk)
      if (content !== undefined) return content
    }
    return undefined
  }
}

const DONE = { done: true, value: undefined } as const

/** Reads the rows of a chunk, up to one that cannot be read. The rows before that one are delivered first. */
function readRows<R>(chunk: RowChunk<R>): { rows: R[]; failed: { readonly error: unknown } | undefined } {
  const rows: R[] = []
  try {
    while (chunk.left > 0) rows.push(chunk.read())
  } catch (error) {
    return { rows, failed: { error } }
  }
  return { rows, failed: undefined }
}

/**
 * The rows of a stream, for `for await`. Leaving the loop in any way ends the work on the servers, as do `return()`,
 * `await using` and a `signal`.
 */
export class RowStream<R> implements AsyncIterableIterator<R>, AsyncDisposable {
  readonly #stream: Stream<RowChunk<R>>
  #chunk: RowChunk<R> | undefined
  /** The last call of `next` that waits for a chunk, or for the calls before it. */
  #waiting: Promise<unknown> | undefined

  /** @internal */
  constructor(stream: Stream<RowChunk<R>>) {
    this.#stream = stream
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Returns the next row. */
  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#waiting === undefined) {
      const chunk = this.#chunk
      if (chunk !== undefined && chunk.left > 0) return this.#row(chunk)
    }
    const before = this.#waiting ?? Promise.resolve()
    const next = before.then(() => this.#pulled())
    const waiting: Promise<unknown> = next.then(
      () => this.#settled(waiting),
      () => this.#settled(waiting),
    )
    this.#waiting = waiting
    return next
  }

  #settled(waiting: Promise<unknown>): void {
    if (this.#waiting === waiting) this.#waiting = undefined
  }

  async #pulled(): Promise<IteratorResult<R, undefined>> {
    if (this.#chunk === undefined || this.#chunk.left === 0) this.#chunk = await this.#stream.next()
    return this.#chunk === undefined ? DONE : this.#row(this.#chunk)
  }

  #row(chunk: RowChunk<R>): Promise<IteratorResult<R, undefined>> {
    try {
      this.#stream.checkSignal()
      return Promise.resolve({ done: false, value: chunk.read() })
    } catch (error) {
      // A loop that gets an error does not call return().
      this.#chunk = undefined
      return Promise.reject(this.#stream.failed(error))
    }
  }

  #close(): void {
    this.#stream.close()
    this.#chunk = undefined
  }

  /** Ends the stream. */
  return(): Promise<IteratorResult<R, undefined>> {
    this.#close()
    return Promise.resolve(DONE)
  }

  /**
   * Iterates over the rows in arrays, as they arrived. This costs less per row than iterating over single rows.
   *
   * @returns arrays of one or more rows, for `for await`
   */
  async *chunks(): AsyncGenerator<R[], void, undefined> {
    try {
      for (;;) {
        this.#stream.checkSignal()
        const chunk = this.#chunk ?? (await this.#stream.next())
        this.#chunk = undefined
        if (chunk === undefined) return
        const { rows, failed } = readRows(chunk)
        if (rows.length > 0) yield rows
        if (failed !== undefined) throw this.#stream.failed(failed.error)
      }
    } finally {
      this.#close()
    }
  }

  /** Ends the stream. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close()
  }
}

/** The rows of a blocking stream, for `for`. */
export class RowStreamSync<R> implements IterableIterator<R>, Disposable {
  readonly #stream: StreamSync<RowChunk<R>>
  #chunk: RowChunk<R> | undefined

  /** @internal */
  constructor(stream: StreamSync<RowChunk<R>>) {
    this.#stream = stream
  }

  [Symbol.iterator](): this {
    return this
  }

  /** Returns the next row. */
  next(): IteratorResult<R, undefined> {
    if (this.#chunk === undefined || this.#chunk.left === 0) this.#chunk = this.#stream.next()
    if (this.#chunk === undefined) return DONE
    try {
      return { done: false, value: this.#chunk.read() }
    } catch (error) {
      this.#chunk = undefined
      throw this.#stream.failed(error)
    }
  }

  /** Ends the stream. */
  return(): IteratorResult<R, undefined> {
    this.#stream.close()
    this.#chunk = undefined
    return DONE
  }

  /**
   * Iterates over the rows in arrays, as they arrived. This costs less per row than iterating over single rows.
   *
   * @returns arrays of one or more rows, for `for`
   */
  *chunks(): Generator<R[], void, undefined> {
    try {
      for (;;) {
        const chunk = this.#chunk ?? this.#stream.next()
        this.#chunk = undefined
        if (chunk === undefined) return
        const { rows, failed } = readRows(chunk)
        if (rows.length > 0) yield rows
        if (failed !== undefined) throw this.#stream.failed(failed.error)
      }
    } finally {
      this.return()
    }
  }

  /** Ends the stream. */
  [Symbol.dispose](): void {
    this.return()
  }
}

/** Throws InvalidArgError unless the value is a function. */
export function checkFunction(value: unknown, where: string): void {
  if (typeof value !== 'function') throw invalidArgument(`${where}: a function is needed, not ${describe(value)}`)
}
