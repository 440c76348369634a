/**
 * Reply frames: their headers, and what decoders get of them. The twin of the frames in `crate/src/boundary/wire.rs`.
 */

import { clientError } from '../common/errors'
import type { NativeSession } from '../native/native'
import { Shapes } from '../values/record'
import { Reader } from '../wire/wire'
import type { Context } from './context'

/** Bytes of a reply's header: slot u32, status u16, flags u16, body length u32. */
const REPLY_HEADER = 12
/** The body waits as an attachment, whose number stands in its place. */
const FLAG_ATTACHED = 1
/** What a frame holds. */
export const Status = { OK: 0, FAILED: 1, SHAPE: 2, NOTICE: 3 } as const
/** Bytes of frames taken at a time. */
const DRAIN_BYTES = 1 << 20

const drainReader = (bytes: number): Reader => new Reader(Buffer.allocUnsafeSlow(bytes))

/** What a reply's decoder gets; one object serves all replies of a channel. */
export class Reply {
  /** The frames that were taken; used again for the next ones. */
  frames = drainReader(DRAIN_BYTES)
  /** Stands at the body's start. */
  reader = this.frames
  /** Where the body ends. */
  end = 0
  context: Context = { timeouts: { read: 0, write: 0, batch: 0, admin: 0, query: 0 }, int64: 'auto', maps: 'auto' }
  /** The call that the frame belongs to. */
  slot = 0
  /** What the frame holds. */
  status = 0
  /** Whether frames were left when the last ones were taken. */
  more = false
  readonly shapes = new Shapes()
  #attached = false

  constructor(
    readonly session: NativeSession,
    readonly blocking: boolean,
  ) {}

  /** Takes whole frames from the native side, 1 to `count` of them. Gives their bytes; `more` says whether others wait. */
  drain(count: number): number {
    // What one frame has needed is given back.
    if (this.frames.buffer.length > DRAIN_BYTES) this.frames = drainReader(DRAIN_BYTES)
    for (;;) {
      const { buffer } = this.frames
      const drained = this.blocking ? this.session.drainBlocking(buffer, count) : this.session.drain(buffer, count)
      this.more = drained < 0
      if (!this.more) return drained
      if (drained < -1) return -drained - 1
      // A frame waits that does not fit.
      this.frames = drainReader(buffer.length * 2)
    }
  }

  /** Reads the header of the frame at `at`, and stands at its body. Gives where the next one begins. */
  open(at: number): number {
    const { frames } = this
    frames.at = at
    this.slot = frames.u32()
    this.status = frames.u16()
    this.#attached = (frames.u16() & FLAG_ATTACHED) !== 0
    this.end = at + REPLY_HEADER + frames.u32()
    this.reader = frames
    return this.end
  }

  /** Goes on to the body where it waits as an attachment. */
  body(): Reader {
    if (this.#attached) {
      this.#attached = false
      this.reader = new Reader(this.take(this.frames.u32()))
      this.end = this.reader.buffer.length
    }
    return this.reader
  }

  /** The text of a notice. */
  text(): string {
    const reader = this.body()
    return reader.utf8(this.end - reader.at)
  }

  /** Takes what the native side has laid down under a number. */
  take(number: number): Buffer {
    const taken = this.session.take(number, this.blocking)
    if (taken === null) throw clientError('a reply refers to data that is gone')
    return Buffer.from(taken)
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
