/**
 * One listener on a signal, whatever is to end when it fires: calls and streams share it. A listener for each would make the
 * runtime warn of a leak, and take seconds where one signal has many calls.
 */

/** What a signal can end. */
export interface Abortable {
  /** The signal has fired. */
  onAbort(signal: AbortSignal): void
}

const watches = new WeakMap<AbortSignal, SignalWatch>()

/** The listener on one signal, and what it is to end. */
export class SignalWatch {
  readonly #signal: AbortSignal
  readonly #watched = new Set<Abortable>()

  private constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Ends `abortable` when `signal` fires, until it is removed. */
  static add(signal: AbortSignal, abortable: Abortable): SignalWatch {
    let watch = watches.get(signal)
    if (watch === undefined) {
      watch = new SignalWatch(signal)
      watches.set(signal, watch)
      signal.addEventListener('abort', watch.#onAbort, { once: true })
    }
    watch.#watched.add(abortable)
    return watch
  }

  /** No longer ends `abortable`. */
  remove(abortable: Abortable): void {
    this.#watched.delete(abortable)
    if (this.#watched.size === 0 && watches.get(this.#signal) === this) {
      this.#signal.removeEventListener('abort', this.#onAbort)
      watches.delete(this.#signal)
    }
  }

  readonly #onAbort = (): void => {
    // The newest first: what waits is taken out of the queue before what runs makes room for it.
    for (const abortable of [...this.#watched].reverse()) {
      if (this.#watched.has(abortable)) abortable.onAbort(this.#signal)
    }
  }
}
