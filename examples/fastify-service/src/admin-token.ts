/**
 * Protects routes with the token of `APP_ADMIN_TOKEN`.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { HttpError } from './errors.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** A hook that refuses requests without `Authorization: Bearer <token>`. */
export function requireToken(token: string): (request: FastifyRequest) => Promise<void> {
  const wanted = digest(`Bearer ${token}`)
  return async request => {
    // Digests have the same length, and their comparison takes the same time wherever they differ.
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), wanted)) return
    throw new HttpError(401, 'UNAUTHORIZED', 'a valid token is needed: Authorization: Bearer <token>')
  }
}
