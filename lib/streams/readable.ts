/**
 * Rows as a Node.js stream.
 */
import type { Readable } from 'node:stream'
import { abortError } from '../common/errors'
import { type Abortable, SignalWatch } from '../common/signals'

type Stream = typeof import('node:stream')

/** Loaded at the first use: few programs need it, and it takes a millisecond. */
const stream = (): Stream => require('node:stream') as Stream

/** Rows that the stream buffers (its high water mark). */
const AHEAD = 64

/** Removes the signal listeners of streams that were garbage-collected without being closed. */
const left = new FinalizationRegistry<() => void>(unwatch => unwatch())

/** Destroys a stream when its signal fires, so that buffered rows are not delivered. Holds the stream weakly. */
class Destroying implements Abortable {
  readonly #readable: WeakRef<Readable>

  constructor(
    readable: Readable,
    readonly name: string,
  ) {
    this.#readable = new WeakRef(readable)
  }

  onAbort(signal: AbortSignal): void {
    this.#readable.deref()?.destroy(abortError(signal, this.name, false))
  }
}

/** Wraps rows of the command `name` in a stream in object mode. */
export function readableOf(rows: AsyncIterable<unknown>, signal: AbortSignal | undefined, name: string): Readable {
  const readable = stream().Readable.from(rows, { objectMode: true, highWaterMark: AHEAD })
  if (signal === undefined || signal.aborted) return readable
  const destroying = new Destroying(readable, name)
  const watch = SignalWatch.add(signal, destroying)
  const unwatch = (): void => watch.remove(destroying)
  left.register(readable, unwatch, destroying)
  readable.once('close', () => {
    left.unregister(destroying)
    unwatch()
  })
  return readable
}
