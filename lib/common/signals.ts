/**
 * Abort signals. All calls and streams of a signal share one listener. A listener for each would make the runtime warn about a
 * leak, and would take seconds for a signal with many calls.
 */

/** Something that a signal can abort. */
export interface Abortable {
  /** Called when the signal fires. */
  onAbort(signal: AbortSignal): void
}

const watches = new WeakMap<AbortSignal, SignalWatch>()

/** The listener on one signal, and everything that the signal aborts. */
export class SignalWatch {
  readonly #signal: AbortSignal
  readonly #watched = new Set<Abortable>()

  private constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Aborts `abortable` when `signal` fires, unless it is removed before. */
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

  /** Removes `abortable`: the signal no longer aborts it. */
  remove(abortable: Abortable): void {
    this.#watched.delete(abortable)
    if (this.#watched.size === 0 && watches.get(this.#signal) === this) {
      this.#signal.removeEventListener('abort', this.#onAbort)
      watches.delete(this.#signal)
    }
  }

  readonly #onAbort = (): void => {
    // Newest first, so that waiting calls leave the queue before running ones make room for them.
    for (const abortable of [...this.#watched].reverse()) {
      if (this.#watched.has(abortable)) abortable.onAbort(this.#signal)
    }
  }
}
