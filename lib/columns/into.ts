/**
 * Reuse of an earlier result's memory for a new result.
 */
import { types } from 'node:util'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { Columns } from './columns'
import type { KeysLike } from './keys'
import { BinaryColumn, Utf8Column } from './varying'

function isDetached(memory: ArrayBuffer): boolean {
  try {
    return new Uint8Array(memory).buffer !== memory
  } catch {
    return true
  }
}

/**
 * Returns the memory of the result in `into`, or throws InvalidArgError if it cannot be reused. `keys` are those of the
 * call.
 */
export function memoryOf(into: unknown, keys: KeysLike): ArrayBuffer {
  const where = 'batch policy.into'
  if (!(into instanceof Columns)) {
    throw invalidArgument(`${where}: a former result, Columns, is needed, not ${describe(into)}`)
  }
  const { buffer: memory, byteOffset, length } = into.buffer
  if (!types.isArrayBuffer(memory)) throw invalidArgument(`${where}: its memory is shared with other threads`)
  if (isDetached(memory)) {
    throw invalidArgument(`${where}: its memory was already taken over or transferred`)
  }
  if (byteOffset !== 0 || length !== memory.byteLength) {
    throw invalidArgument(`${where}: its memory is a part of a larger ArrayBuffer`)
  }
  const ids: unknown = (keys as { ids?: unknown }).ids
  if ((ids instanceof Utf8Column || ids instanceof BinaryColumn) && ids.data.buffer === memory) {
    throw invalidArgument(`${where}: its memory contains the keys of this call`)
  }
  return memory
}
