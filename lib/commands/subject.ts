/**
 * What a call works on, read from its arguments for tracing and diagnostics. These functions may throw for invalid arguments.
 */

import type { Subject } from '../telemetry/diagnostics'
import { Key, type KeyLike } from '../values/key'

/** Subject of a call on one record: the first argument is its key. */
export function ofKey([like]: readonly [KeyLike, ...unknown[]], namespace: string): Subject {
  const key = Key.from(like, namespace)
  return { namespace: key.namespace, set: key.set, key }
}

function ofMany(first: KeyLike | undefined, batchSize: number, defaultNamespace: string): Subject {
  if (first === undefined) return { batchSize }
  const { namespace, set } = Key.from(first, defaultNamespace)
  return { namespace, set, batchSize }
}

/** Subject of a call on many records: the first argument is a list of keys. */
export function ofKeys([likes]: readonly [readonly KeyLike[], ...unknown[]], namespace: string): Subject {
  return ofMany(likes[0], likes.length, namespace)
}

/** Subject of a call on many records: the first argument is a list of rows, each with a key. */
export function ofRows(
  [rows]: readonly [readonly { readonly key: KeyLike }[], ...unknown[]],
  namespace: string,
): Subject {
  return ofMany(rows[0]?.key, rows.length, namespace)
}

/** Subject of a call on many records, given as a column of user keys. */
export function ofColumn(
  namespace: string | undefined,
  set: string | null | undefined,
  keys: { readonly length: number },
): Subject {
  return { namespace, set: set ?? '', batchSize: keys.length }
}

/** Subject of a call on a statement. */
export function ofStatement([{ namespace, set }]: readonly [
  { readonly namespace: string; readonly set: string },
  ...unknown[],
]): Subject {
  return { namespace, set }
}

/** Subject of a call on a set, or on a whole namespace. */
export function ofSet(namespace: unknown, set: unknown): Subject {
  return {
    namespace: typeof namespace === 'string' ? namespace : undefined,
    set: typeof set === 'string' ? set : undefined,
  }
}
