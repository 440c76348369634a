/**
 * Limits the length of text in messages that comes from an argument or a server. Must match `crate/src/common/shorten.rs`.
 */

/** The number of characters of an argument that a message repeats. */
const ECHO = 64

/**
 * Shortens `text` to about `most` characters. A longer text keeps its start and its end, with a note of how much was cut:
 * the actual error often follows a repeated argument.
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const head = Math.floor(most / 4) * 3
  const tail = text.length - Math.floor(most / 4)
  return `${text.slice(0, head)} … (${tail - head} characters cut) … ${text.slice(tail)}`
}

/** Returns `text` in quotes, for a message. */
export function quote(text: string): string {
  return text.length <= ECHO
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, ECHO))}... (${text.length} characters)`
}
