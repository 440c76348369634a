/**
 * Reply frames: their headers, and the reader that decoders use. Must match the frames in `crate/src/wire/headers.rs`.
 */

import { Header, ReplyFlag } from '../catalog/boundary'
import { badResponse } from '../common/errors'
import type { NativeSession } from '../native/native'
import { Shapes } from '../values/record'
import { Reader } from '../wire/wire'
import { type Context, NO_CLIENT } from './context'

/** Size of a reply header in bytes: slot u32, status u16, flags u16, body length u32. */
/** Size in bytes of the buffer that frames are read into. */
const DRAIN_BYTES = 1 << 20

const drainReader = (bytes: number): Reader => new Reader(Buffer.allocUnsafeSlow(bytes))

/** The reply that a decoder reads. One object is reused for all replies of a channel. */
export class Reply {
  /** The current frames; the buffer is reused for the next ones. */
  frames = drainReader(DRAIN_BYTES)
  /** Reads the body; starts at its beginning. */
  reader = this.frames
  /** End of the body. */
  end = 0
  context: Context = NO_CLIENT
  /** Slot of the call that the frame belongs to. */
  slot = 0
  /** Contents of the frame, one of `Status`. */
  status = 0
  /** Whether more frames were waiting after the last `drain`. */
  more = false
  readonly shapes = new Shapes()
  #attached = false

  constructor(
    readonly session: NativeSession,
    readonly blocking: boolean,
  ) {}

  /**
   * Takes up to `count` complete frames from the native side. Returns their size in bytes, and sets `more` if other frames
   * are waiting.
   */
  drain(count: number): number {
    // Release the memory of an unusually large frame.
    if (this.frames.buffer.length > DRAIN_BYTES) this.frames = drainReader(DRAIN_BYTES)
    for (;;) {
      const { buffer } = this.frames
      const drained = this.blocking ? this.session.drainBlocking(buffer, count) : this.session.drain(buffer, count)
      this.more = drained < 0
      if (!this.more) return drained
      if (drained < -1) return -drained - 1
      // The next frame does not fit into the buffer.
      this.frames = drainReader(buffer.length * 2)
    }
  }

  /** Reads the header of the frame at `at` and moves to its body. Returns the start of the next frame. */
  open(at: number): number {
    const { frames } = this
    frames.at = at
    this.slot = frames.u32()
    this.status = frames.u16()
    this.#attached = (frames.u16() & ReplyFlag.ATTACHED) !== 0
    this.end = at + Header.REPLY + frames.u32()
    this.reader = frames
    return this.end
  }

  /** Returns the reader of the body. If the body is an attachment, takes it first. */
  body(): Reader {
    if (this.#attached) {
      this.#attached = false
      this.reader = new Reader(this.take(this.frames.u32()))
      this.end = this.reader.buffer.length
    }
    return this.reader
  }

  /** Returns the text of a notice. */
  text(): string {
    const reader = this.body()
    return reader.utf8(this.end - reader.at)
  }

  /** Takes the data that the native side has stored under a number. */
  take(number: number): Buffer {
    const taken = this.session.take(number, this.blocking)
    if (taken === null) throw badResponse('a reply refers to data that no longer exists')
    return Buffer.from(taken)
  }

  /** Returns the remaining bytes of the body, in a buffer that stays valid. */
  rest(): Buffer {
    return this.part(this.end - this.reader.at)
  }

  /** Returns the next `count` bytes of the body, in a buffer that stays valid. */
  part(count: number): Buffer {
    const { reader } = this
    if (reader === this.frames) return reader.raw(count)
    const start = reader.at
    reader.at += count
    return reader.buffer.subarray(start, reader.at)
  }
}
