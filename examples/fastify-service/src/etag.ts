/**
 * Generations as entity tags, for optimistic locking over HTTP.
 */
import type { WriteMeta } from 'aerospike-napi'
import { HttpError } from './errors.ts'

/** The entity tag of a generation. */
export const etag = (gen: number): string => `"${gen}"`

/** Parses the generation in an `If-Match` header. */
export function ifMatch(headers: { 'if-match'?: string | undefined }): WriteMeta | undefined {
  const given = headers['if-match']
  if (given === undefined || given === '*') return undefined
  const gen = /^"(\d{1,5})"$/.exec(given)?.[1]
  if (gen === undefined) throw new HttpError(400, 'BAD_ETAG', 'If-Match takes one tag, such as "3"')
  return { gen: Number(gen) }
}
