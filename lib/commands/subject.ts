/**
 * What a command is about, read from its arguments for those who listen. May throw for arguments that are none.
 */

import type { Subject } from '../telemetry/diagnostics'
import { Key, type KeyLike } from '../values/key'

/** Of one record: the first argument is its key. */
export function ofKey([like]: readonly [KeyLike, ...unknown[]]): Subject {
  const key = Key.from(like)
  return { namespace: key.namespace, set: key.set, key }
}

function ofMany(first: KeyLike | undefined, batchSize: number): Subject {
  if (first === undefined) return { batchSize }
  const { namespace, set } = Key.from(first)
  return { namespace, set, batchSize }
}

/** Of many records: a list of keys. */
export function ofKeys([likes]: readonly [readonly KeyLike[], ...unknown[]]): Subject {
  return ofMany(likes[0], likes.length)
}

/** Of many records: rows with a key each. */
export function ofRows([rows]: readonly [readonly { readonly key: KeyLike }[], ...unknown[]]): Subject {
  return ofMany(rows[0]?.key, rows.length)
}

/** Of many records: a column of user keys. */
export function ofColumn(ns: string, set: string | null | undefined, keys: { readonly length: number }): Subject {
  return { namespace: ns, set: set ?? '', batchSize: keys.length }
}

/** Of a statement. */
export function ofStatement([{ namespace, set }]: readonly [
  { readonly namespace: string; readonly set: string },
  ...unknown[],
]): Subject {
  return { namespace, set }
}

/** Of a set, or of a whole namespace. */
export function ofSet(ns: unknown, set: unknown): Subject {
  return { namespace: typeof ns === 'string' ? ns : undefined, set: typeof set === 'string' ? set : undefined }
}
