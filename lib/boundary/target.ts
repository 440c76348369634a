/**
 * What the error of a call says that it was about.
 */
import { Key, type KeyLike } from '../values/key'

/** Where a failed call's error gets its key from: the command's target is the key, or holds it. */
export function keyOf(target: unknown): Key | undefined {
  if (target instanceof Key) return target
  const { key } = (target ?? {}) as { key?: unknown }
  return key instanceof Key ? key : undefined
}

/** The bins that a failed call's error may be about, where its target has them. */
export function binsOf(target: unknown): readonly string[] {
  const { bins } = (target ?? {}) as { bins?: unknown }
  return Array.isArray(bins) ? bins : []
}

/** The key of a call that was not written, where its first argument is one. */
export function keyIn(args: readonly unknown[]): Key | undefined {
  try {
    return Key.from(args[0] as KeyLike)
  } catch {
    return undefined // Not a key, or a wrong one: the error is about something else.
  }
}
