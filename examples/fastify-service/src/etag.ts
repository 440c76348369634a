/**
 * Generations as entity tags: a record's version for HTTP.
 */
import type { WriteMeta } from 'aerospike-napi'
import { HttpError } from './errors.ts'

/** The tag of a generation. */
export const etag = (gen: number): string => `"${gen}"`

/** What `If-Match` says of the generation. */
export function ifMatch(headers: { 'if-match'?: string | undefined }): WriteMeta | undefined {
  const given = headers['if-match']
  if (given === undefined || given === '*') return undefined
  const gen = /^"(\d{1,5})"$/.exec(given)?.[1]
  if (gen === undefined) throw new HttpError(400, 'BAD_ETAG', 'If-Match takes one tag, such as "3"')
  return { gen: Number(gen) }
}
