/**
 * The key and the bins that the error of a failed call reports.
 */
import { Key, type KeyLike } from '../values/key'

/** Returns the key for the error of a failed call: the target of the command is the key, or has it. */
export function keyOf(target: unknown): Key | undefined {
  if (target instanceof Key) return target
  const { key } = (target ?? {}) as { key?: unknown }
  return key instanceof Key ? key : undefined
}

/** Returns the bins that the error of a failed call may be about, if its target has any. */
export function binsOf(target: unknown): readonly string[] {
  const { bins } = (target ?? {}) as { bins?: unknown }
  return Array.isArray(bins) ? bins : []
}

/** Returns the key of a call that was not written, if its first argument is one. */
export function keyIn(args: readonly unknown[], namespace: string): Key | undefined {
  try {
    return Key.from(args[0] as KeyLike, namespace)
  } catch {
    return undefined // Not a valid key: the error is about something else.
  }
}
