/**
 * Rows as a stream of Node.js.
 */
import { Readable } from 'node:stream'
import { abortError } from '../common/errors'
import { type Abortable, SignalWatch } from '../common/signals'

/** Rows that a stream of Node.js reads ahead. */
const AHEAD = 64

/** Readables that were collected without having been closed: their signals no longer watch for them. */
const left = new FinalizationRegistry<() => void>(unwatch => unwatch())

/** Destroys a readable when its signal fires: the rows that it has read ahead are not given. Does not keep it. */
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

/** The rows that `name` gives, in object mode. */
export function readableOf(rows: AsyncIterable<unknown>, signal: AbortSignal | undefined, name: string): Readable {
  const readable = Readable.from(rows, { objectMode: true, highWaterMark: AHEAD })
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
