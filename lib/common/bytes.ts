/**
 * Bytes that the application gives: bins, keys, arguments. Their memory may be gone, because its ArrayBuffer was detached
 * (posted to another thread) or made smaller than a view of it. Such a view looks empty, and reading it throws a TypeError that
 * names nothing. Here it is refused by the name of the argument.
 */
import { types } from 'node:util'
import { invalidArgument } from './errors'

/** `at` of all typed arrays: unlike `length`, it throws where the memory is gone. */
const { at } = Object.getPrototypeOf(Uint8Array.prototype) as { at: (index: number) => unknown }

function refuse(where: string): never {
  throw invalidArgument(
    `${where}: the memory is gone: its ArrayBuffer was detached, or made smaller than this view of it`,
  )
}

/** Bytes whose memory is there. */
export function checkBytes(bytes: Uint8Array, where: string): Uint8Array {
  if (bytes.length === 0) checkArray(bytes, where)
  return bytes
}

function checkArray(array: ArrayBufferView, where: string): void {
  try {
    at.call(array, 0)
  } catch {
    refuse(where)
  }
}

/** The bytes of whatever view or buffer `value` is. */
export function bytesOf(value: ArrayBufferView | ArrayBuffer, where: string): Uint8Array {
  if (types.isUint8Array(value)) return checkBytes(value, where)
  if (types.isTypedArray(value) && value.length === 0) checkArray(value, where)
  try {
    // A DataView's length, and an ArrayBuffer itself, cannot be read without memory.
    return ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value)
  } catch {
    return refuse(where)
  }
}

/** A copy, of the same kind: what the application does to its own bytes later does not change it. */
export function copyBytes(bytes: Uint8Array, where: string): Uint8Array {
  checkBytes(bytes, where)
  return Buffer.isBuffer(bytes) ? Buffer.from(bytes) : new Uint8Array(bytes)
}
