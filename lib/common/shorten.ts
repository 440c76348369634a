/**
 * Bounds texts of messages that an argument or a server decides the length of; the twin of `crate/src/shorten.rs`.
 */

/** Characters of an argument that a message repeats. */
const ECHO = 64

/**
 * `text` within about `most` characters. A longer one keeps its beginning and its end, and says how much was cut between
 * them: what went wrong often stands behind an argument that is repeated.
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  const head = Math.floor(most / 4) * 3
  const tail = text.length - Math.floor(most / 4)
  return `${text.slice(0, head)} … (${tail - head} characters cut) … ${text.slice(tail)}`
}

/** `text` in quotes, as a message repeats it. */
export function quote(text: string): string {
  return text.length <= ECHO
    ? JSON.stringify(text)
    : `${JSON.stringify(text.slice(0, ECHO))}... (${text.length} characters)`
}
