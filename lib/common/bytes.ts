/**
 * Bytes passed by the application: bins, keys, arguments. Their memory may be gone, because the ArrayBuffer was detached
 * (posted to another thread) or resized to less than the view. Such a view looks empty, and reading it throws a TypeError
 * without useful details. The checks here throw an error that names the argument.
 */
import { types } from 'node:util'
import { invalidArgument } from './errors'

/** `at` of all typed arrays. Unlike `length`, it throws if the memory is gone. */
const { at } = Object.getPrototypeOf(Uint8Array.prototype) as { at: (index: number) => unknown }

function refuse(where: string): never {
  throw invalidArgument(
    `${where}: the memory is no longer available: its ArrayBuffer was detached, or shrunk below this view`,
  )
}

/** Checks that the memory of bytes is accessible. */
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

/** Returns the bytes of any view or buffer. */
export function bytesOf(value: ArrayBufferView | ArrayBuffer, where: string): Uint8Array {
  if (types.isUint8Array(value)) return checkBytes(value, where)
  if (types.isTypedArray(value) && value.length === 0) checkArray(value, where)
  try {
    // Reading the length of a DataView, or an ArrayBuffer itself, throws if the memory is gone.
    return ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new Uint8Array(value)
  } catch {
    return refuse(where)
  }
}

/** Returns a copy of the same kind, so that later changes by the application have no effect. */
export function copyBytes(bytes: Uint8Array, where: string): Uint8Array {
  checkBytes(bytes, where)
  return Buffer.isBuffer(bytes) ? Buffer.from(bytes) : new Uint8Array(bytes)
}
