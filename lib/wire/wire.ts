/**
 * Writer and reader of the flat buffers that cross the boundary. Must match `crate/src/wire/codec.rs`. All integers are
 * little-endian.
 */
import { invalidArgument } from '../common/errors'

/** Node's internal encoders and decoders of Buffer, which skip the encoding lookup that `toString` does. */
interface FastBuffer extends Buffer {
  latin1Write(text: string, offset: number, length: number): number
  latin1Slice(start: number, end: number): string
  utf8Slice(start: number, end: number): string
  utf8Write(text: string, offset: number, length: number): number
}

/** The maximum size of a block: lengths cross the boundary in 32 bits, and some runtimes do not support larger buffers. */
const MAX_BYTES = 0x7fff_ffff

/** Texts up to this length are written and checked one character at a time, because a call into the runtime costs more. */
const SHORT_TEXT = 32

/** ASCII texts up to this length are read one character at a time. */
const SHORT_READ = 12

/** Thrown by the writer for text with a lone surrogate, which has no UTF-8 form. The caller adds the argument name. */
export class MalformedTextError extends Error {}

/** Appends to a growing buffer. */
export class Writer {
  /** The bytes; valid up to `length`. */
  buffer: Buffer
  /** Number of bytes written. */
  length = 0
  /** The namespace of keys that name none; empty if there is no default. */
  namespace = ''
  /** Whether undefined bins, map values and object values are left out. */
  ignoreUndefined = false
  #view: DataView
  #fast: FastBuffer

  constructor(size: number) {
    this.buffer = Buffer.allocUnsafeSlow(size)
    this.#view = new DataView(this.buffer.buffer)
    this.#fast = this.buffer as FastBuffer
  }

  /** Ensures room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.buffer.length) return
    if (needed > MAX_BYTES) {
      throw invalidArgument(`the arguments take more than the ${MAX_BYTES} bytes that one call can send`)
    }
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.buffer.length * 2, MAX_BYTES)))
    this.buffer.copy(grown, 0, 0, this.length)
    this.buffer = grown
    this.#view = new DataView(grown.buffer)
    this.#fast = grown as FastBuffer
  }

  /** Empties the buffer and releases the memory beyond `size` bytes. */
  shrink(size: number): void {
    this.length = 0
    this.buffer = Buffer.allocUnsafeSlow(size)
    this.#view = new DataView(this.buffer.buffer)
    this.#fast = this.buffer as FastBuffer
  }

  u8(value: number): void {
    if (this.length + 1 > this.buffer.length) this.reserve(1)
    this.buffer[this.length++] = value
  }

  u16(value: number): void {
    if (this.length + 2 > this.buffer.length) this.reserve(2)
    this.#view.setUint16(this.length, value, true)
    this.length += 2
  }

  u32(value: number): void {
    if (this.length + 4 > this.buffer.length) this.reserve(4)
    this.#view.setUint32(this.length, value, true)
    this.length += 4
  }

  i32(value: number): void {
    if (this.length + 4 > this.buffer.length) this.reserve(4)
    this.#view.setInt32(this.length, value, true)
    this.length += 4
  }

  i64(value: bigint): void {
    if (this.length + 8 > this.buffer.length) this.reserve(8)
    this.#view.setBigInt64(this.length, value, true)
    this.length += 8
  }

  f64(value: number): void {
    if (this.length + 8 > this.buffer.length) this.reserve(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** Overwrites four bytes at a previous position. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }

  /** Overwrites two bytes at a previous position. */
  patchU16(at: number, value: number): void {
    this.#view.setUint16(at, value, true)
  }

  /** Writes bytes without a length. */
  raw(bytes: Uint8Array): void {
    const count = bytes.length
    this.reserve(count)
    this.buffer.set(bytes, this.length)
    this.length += count
  }

  /** Writes bytes with a u32 length prefix. */
  blob(bytes: Uint8Array): void {
    this.u32(0)
    const start = this.length
    this.raw(bytes)
    // Write the length last: memory shared with other threads can grow in the meantime.
    this.patchU32(start - 4, this.length - start)
  }

  /** Writes the low byte of each character: for bytes that are kept as a string. */
  latin1(text: string): void {
    this.reserve(text.length)
    this.length += this.#fast.latin1Write(text, this.length, text.length)
  }

  /** Writes text without a length. Returns true if it is all ASCII. */
  #chars(text: string): boolean {
    const count = text.length
    this.reserve(count * 3)
    const { buffer } = this
    let at = this.length
    if (count <= SHORT_TEXT) {
      let index = 0
      for (; index < count; index++) {
        const code = text.charCodeAt(index)
        if (code > 127) break
        buffer[at++] = code
      }
      if (index === count) {
        this.length = at
        return true
      }
    }
    const written = this.#fast.utf8Write(text, this.length, count * 3)
    this.length += written
    if (written === count) return true
    if (!text.isWellFormed()) throw new MalformedTextError('a lone surrogate')
    return false
  }

  /** Writes text with a u32 length prefix. Returns true if it is all ASCII. */
  text(text: string): boolean {
    this.u32(0)
    const start = this.length
    const ascii = this.#chars(text)
    this.patchU32(start - 4, this.length - start)
    return ascii
  }

  /** Writes text with a u8 length prefix, for names; the caller must check the length. Returns the length in bytes. */
  name(text: string): number {
    this.u8(0)
    const start = this.length
    this.#chars(text)
    const bytes = this.length - start
    this.buffer[start - 1] = bytes
    return bytes
  }
}

/** Reads a buffer sequentially. */
export class Reader {
  /** The bytes. */
  buffer: Buffer
  /** Position of the next read. */
  at = 0
  #view: DataView
  #fast: FastBuffer

  constructor(buffer: Buffer) {
    this.buffer = buffer
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    this.#fast = buffer as FastBuffer
  }

  u8(): number {
    return this.buffer[this.at++] as number
  }

  u16(): number {
    const value = this.#view.getUint16(this.at, true)
    this.at += 2
    return value
  }

  u32(): number {
    const value = this.#view.getUint32(this.at, true)
    this.at += 4
    return value
  }

  i32(): number {
    const value = this.#view.getInt32(this.at, true)
    this.at += 4
    return value
  }

  i64(): bigint {
    const value = this.#view.getBigInt64(this.at, true)
    this.at += 8
    return value
  }

  f64(): number {
    const value = this.#view.getFloat64(this.at, true)
    this.at += 8
    return value
  }

  /** Reads the next `count` bytes as a copy. */
  raw(count: number): Buffer {
    const end = this.at + count
    const bytes = Buffer.allocUnsafe(count)
    this.buffer.copy(bytes, 0, this.at, end)
    this.at = end
    return bytes
  }

  /** Reads bytes with a u32 length prefix, as a copy. */
  blob(): Buffer {
    return this.raw(this.u32())
  }

  /** Reads ASCII text with a u32 length prefix. */
  ascii(): string {
    return this.latin1(this.u32())
  }

  /** Reads `count` bytes as a string of one character per byte. */
  latin1(count: number): string {
    const start = this.at
    const end = start + count
    this.at = end
    if (count <= SHORT_READ) {
      const { buffer } = this
      let text = ''
      for (let index = start; index < end; index++) text += String.fromCharCode(buffer[index] as number)
      return text
    }
    return this.#fast.latin1Slice(start, end)
  }

  /** Reads UTF-8 text with a u32 length prefix. */
  text(): string {
    return this.utf8(this.u32())
  }

  /** Reads `count` bytes of UTF-8 text. */
  utf8(count: number): string {
    const start = this.at
    this.at = start + count
    return this.#fast.utf8Slice(start, this.at)
  }

  /** Reads UTF-8 text with a u8 length prefix. */
  name(): string {
    return this.utf8(this.u8())
  }
}
