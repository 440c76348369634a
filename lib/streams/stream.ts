/**
 * Streams: results that are pulled chunk by chunk. Each pull is an ordinary call, so it can be aborted, keeps the process
 * alive while it waits, and has a blocking form. A stream that is left in any way is closed on the native side, which
 * ends what runs for it on the servers.
 */

import type { Command, Runner, SyncRunner } from '../boundary/command'
import { completion } from '../boundary/completion'
import type { Context } from '../boundary/context'
import { describe } from '../common/describe'
import { AerospikeError, abortError, invalidArgument } from '../common/errors'
import { type Abortable, SignalWatch } from '../common/signals'
import { type Chunk, type ReadContent, type RowChunk, readChunk } from '../query/chunk'
import { StreamObserver } from '../telemetry/diagnostics'

const NEXT = 31

type NextArgs<C> = readonly [number, ReadContent<C>, { readonly signal?: AbortSignal | undefined }]

/** The pulls of a stream that the command `name` has opened. `writes` says whether it is of rows that write. */
export function nextOf<C>(name: string, writes: boolean): Command<NextArgs<C>, Chunk<C>> {
  return {
    name,
    id: NEXT,
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

/** What closes a stream; refers to nothing that would keep it. */
class Handle implements Abortable {
  stream = 0
  /** Who listens to it, if anybody does. */
  observer: StreamObserver | undefined
  /** What watches its signal. */
  watch: SignalWatch | undefined

  constructor(
    readonly client: number,
    readonly name: string,
    readonly writes: boolean,
  ) {}

  /** A signal that fires between two pulls closes the stream at once, not at the next pull. */
  onAbort(signal: AbortSignal): void {
    this.observer?.fail(this.aborted(signal))
    this.close()
  }

  /** What was sent and not answered to its loop may have been applied, where it writes. */
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

/** Closes streams whose objects were collected. */
const left = new FinalizationRegistry<Handle>(handle => handle.close())

/** How a stream is opened: the command, its arguments, and how a chunk is read. */
export interface Opening<C> {
  readonly command: Command<readonly unknown[], Chunk<C>>
  readonly args: readonly unknown[]
  readonly read: ReadContent<C>
  readonly signal: AbortSignal | undefined
  /** Whether rows of it write, so that an early end leaves them in doubt. */
  readonly writes: boolean
  /** Adds to an error what the server does not say. */
  explain(error: AerospikeError): void
}

abstract class Pulls<C> {
  readonly #handle: Handle
  readonly #opening: Opening<C>
  #state: 'new' | 'open' | 'ended' = 'new'
  /** The consumer knows of the end, or has left. */
  #over = false
  #said: Buffer | undefined

  constructor(client: number, opening: Opening<C>) {
    this.#handle = new Handle(client, opening.command.name, opening.writes)
    this.#opening = opening
  }

  /** What was said at the end. */
  get said(): Buffer | undefined {
    return this.#said
  }

  get ended(): boolean {
    return this.#state === 'ended'
  }

  /**
   * Throws once the signal has fired: what has come already is not given any more. An end that the consumer knows of stays
   * one.
   */
  checkSignal(): void {
    const { signal } = this.#opening
    if (signal?.aborted !== true || this.#over || this.#state === 'new') return
    throw this.failed(this.#handle.aborted(signal))
  }

  /** Tells the consumer of the end. */
  protected over(): undefined {
    this.#over = true
  }

  /** The next pull's command and arguments. */
  protected request(): readonly [Command<readonly unknown[], Chunk<C>>, readonly unknown[]] {
    const { command, args, read, signal, writes } = this.#opening
    if (this.#state === 'new') return [command, args]
    if (signal?.aborted === true) throw this.#handle.aborted(signal)
    const next = nextOf<C>(command.name, writes) as Command<readonly unknown[], Chunk<C>>
    return [next, [this.#handle.stream, read, { signal }]]
  }

  /** Makes a pull; the first one is told to who listens. */
  protected pulled<T>(context: Context, pull: () => T): T {
    const { command, args } = this.#opening
    if (this.#state !== 'new') return pull()
    const observer = StreamObserver.of(command, this.#handle.client, context, args)
    this.#handle.observer = observer
    return observer === undefined ? pull() : observer.start(pull)
  }

  /** Takes an answer in. */
  protected take({ stream, rows, content, said }: Chunk<C>): C | undefined {
    const { observer } = this.#handle
    observer?.came(rows)
    if (stream === 0) {
      this.#said = said
      this.#handle.stream = 0
      this.#end()
      observer?.end(true)
    } else if (this.#state === 'ended') {
      // Closed while the pull was under way.
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

  /** A pull has failed, and the stream with it. */
  protected failed(error: unknown): unknown {
    if (error instanceof AerospikeError) this.#opening.explain(error)
    this.#handle.observer?.fail(error)
    this.close()
    return error
  }

  /** Closes the stream; it can be left out when the stream was read to its end. */
  close(): void {
    this.#over = true
    if (this.#state === 'ended') return
    this.#end()
    this.#handle.close()
  }
}

/** A stream that is pulled with promises. */
export class Stream<C> extends Pulls<C> {
  readonly #runner: Runner
  #last: Promise<unknown> = Promise.resolve()

  constructor(runner: Runner, opening: Opening<C>) {
    super(runner.client(), opening)
    this.#runner = runner
  }

  /** The next chunk's content, undefined at the end. Calls that overlap are carried out one after the other. */
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

/** A stream that is pulled by waiting. */
export class StreamSync<C> extends Pulls<C> {
  readonly #runner: SyncRunner

  constructor(runner: SyncRunner, opening: Opening<C>) {
    super(runner.client(), opening)
    this.#runner = runner
  }

  /** The next chunk's content, undefined at the end. */
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

/**
 * The rows of a stream, with `for await`. Leaving the loop in any way ends what runs for it on the servers, and so do
 * `return()`, `await using`, and a `signal`.
 */
export class RowStream<R> implements AsyncIterableIterator<R, undefined, undefined>, AsyncDisposable {
  readonly #stream: Stream<RowChunk<R>>
  #chunk: RowChunk<R> | undefined
  /** Calls of `next` that wait for a chunk, or for those before them. */
  #waiting: Promise<unknown> | undefined

  /** @internal */
  constructor(stream: Stream<RowChunk<R>>) {
    this.#stream = stream
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next row. */
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
      this.#close()
      return Promise.reject(error)
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
   * The rows in arrays, as they came: for consumers that work on many at once. It costs less for each row than the rows
   * one by one.
   */
  async *chunks(): AsyncGenerator<R[], void, undefined> {
    try {
      for (;;) {
        this.#stream.checkSignal()
        const chunk = this.#chunk ?? (await this.#stream.next())
        this.#chunk = undefined
        if (chunk === undefined) return
        const rows: R[] = []
        let failed: { readonly error: unknown } | undefined
        while (chunk.left > 0 && failed === undefined) {
          try {
            rows.push(chunk.read())
          } catch (error) {
            // Those before it come first.
            failed = { error }
          }
        }
        if (rows.length > 0) yield rows
        if (failed !== undefined) throw failed.error
      }
    } finally {
      this.#close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close()
  }
}

/** The rows of a blocking stream, with `for`. */
export class RowStreamSync<R> implements IterableIterator<R, undefined, undefined>, Disposable {
  readonly #stream: StreamSync<RowChunk<R>>
  #chunk: RowChunk<R> | undefined

  /** @internal */
  constructor(stream: StreamSync<RowChunk<R>>) {
    this.#stream = stream
  }

  [Symbol.iterator](): this {
    return this
  }

  /** The next row. */
  next(): IteratorResult<R, undefined> {
    if (this.#chunk === undefined || this.#chunk.left === 0) this.#chunk = this.#stream.next()
    if (this.#chunk === undefined) return DONE
    try {
      return { done: false, value: this.#chunk.read() }
    } catch (error) {
      this.return()
      throw error
    }
  }

  /** Ends the stream. */
  return(): IteratorResult<R, undefined> {
    this.#stream.close()
    this.#chunk = undefined
    return DONE
  }

  /** The rows in arrays, as they came. */
  *chunks(): Generator<R[], void, undefined> {
    try {
      for (;;) {
        const chunk = this.#chunk ?? this.#stream.next()
        this.#chunk = undefined
        if (chunk === undefined) return
        const rows: R[] = []
        let failed: { readonly error: unknown } | undefined
        while (chunk.left > 0 && failed === undefined) {
          try {
            rows.push(chunk.read())
          } catch (error) {
            // Those before it come first.
            failed = { error }
          }
        }
        if (rows.length > 0) yield rows
        if (failed !== undefined) throw failed.error
      }
    } finally {
      this.return()
    }
  }

  [Symbol.dispose](): void {
    this.return()
  }
}

/** Refuses what is no function. */
export function checkFunction(value: unknown, where: string): void {
  if (typeof value !== 'function') throw invalidArgument(`${where}: a function is needed, not ${describe(value)}`)
}
