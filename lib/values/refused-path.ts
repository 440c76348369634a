/**
 * The path of the item that was refused inside a value, such as `.cookie.expires`. Errors are created without it: each level
 * of nesting adds its step only after something was refused.
 */
import { types } from 'node:util'
import { InvalidArgError, restated } from '../common/errors'
import { quote } from '../common/shorten'

const paths = new WeakMap<InvalidArgError, string>()

/** Maximum length of a path in a message. */
const PATH_CHARS = 256

/** The text of a map key: bytes as hexadecimal digits. */
export function keyText(key: unknown): string {
  return types.isUint8Array(key) ? Buffer.from(key).toString('hex') : String(key)
}

/** Adds a step to the path of a refusal: the index or the key of the refused item. Returns the error. */
export function withStep(error: unknown, key: unknown): unknown {
  // Other errors are the user's own, from a getter for example, and may be thrown again and again.
  if (!(error instanceof InvalidArgError)) return error
  const plain = typeof key === 'string' && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)
  const step = plain ? `.${key}` : `[${typeof key === 'string' ? quote(key) : keyText(key)}]`
  paths.set(error, step + (paths.get(error) ?? ''))
  return error
}

/** Returns the error of a refused value with the path in its message; returns other errors unchanged. */
export function withPath(error: unknown, where: string): unknown {
  const path = error instanceof InvalidArgError ? paths.get(error) : undefined
  // A longer path helps nobody: it belongs to a value that is nested too deeply.
  if (path === undefined || path.length > PATH_CHARS) return error
  return restated(error, message => `${where}${path}${message.slice(where.length)}`)
}
