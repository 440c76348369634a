/**
 * The query of `scan`, `count` and `export`.
 */
import type { Query } from 'aerospike-napi'
import type { CliClient, ConnectionOptions } from './connection.mjs'
import type { Target } from './keys.mjs'
import { compileWhere } from './where/compile.mjs'

/** Options of commands that read a set. */
export interface ScanOptions extends ConnectionOptions {
  readonly where?: string
  readonly bins?: string[]
  readonly limit?: number
  readonly rate?: number
  readonly meta?: boolean
}

/** Builds the query. An invalid condition is reported before the client connects: compile it first with `checkWhere`. */
export function queryOf(client: CliClient, target: Target, options: ScanOptions): Query {
  const query = client.query(target.namespace, target.set)
  if (options.where !== undefined) query.where(compileWhere(options.where))
  if (options.bins !== undefined) query.select(options.bins)
  if (options.limit !== undefined) query.maxRecords(options.limit)
  if (options.rate !== undefined) query.recordsPerSecond(options.rate)
  return query
}

/** Throws if the condition is invalid. */
export function checkWhere({ where }: ScanOptions): void {
  if (where !== undefined) compileWhere(where)
}
