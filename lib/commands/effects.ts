/**
 * What each command does to a cluster: the one table, by which a failure can be in doubt or not. It crosses the boundary
 * as a flag of each request; what the servers' answers say of a write is in `crate/src/doubt.rs`.
 */

/**
 * - `reads`: it changes nothing. Its failure is never in doubt.
 * - `writes`: it changes records, the cluster's definitions or what runs there. Its failure is in doubt where it was sent
 *   and no answer rules it out.
 * - `given`: what it was given decides, call by call: the operations, the rows, the info command.
 */
export type Effect = 'reads' | 'writes' | 'given'

export const EFFECTS = {
  // Clients
  connect: 'reads',
  close: 'reads',
  startMetricsServer: 'reads',
  stopMetricsServer: 'reads',
  shutdownTracing: 'reads',
  // Records
  get: 'reads',
  select: 'reads',
  exists: 'reads',
  getMeta: 'reads',
  getOrNull: 'reads',
  put: 'writes',
  remove: 'writes',
  touch: 'writes',
  append: 'writes',
  prepend: 'writes',
  increment: 'writes',
  removeBin: 'writes',
  operate: 'given',
  operateOrdered: 'given',
  apply: 'writes',
  // Batches
  batchRead: 'reads',
  batchReadColumns: 'reads',
  batchWrite: 'writes',
  batchWriteColumns: 'writes',
  batchRemove: 'writes',
  batchApply: 'writes',
  batchOperate: 'given',
  batch: 'given',
  batchStream: 'given',
  // Queries
  query: 'reads',
  'query.aggregate': 'reads',
  'query.operate': 'writes',
  'query.apply': 'writes',
  'job.progress': 'reads',
  'job.abort': 'writes',
  // Indexes, modules, truncation
  createIndex: 'writes',
  createSetIndex: 'writes',
  indexRemove: 'writes',
  udfRegister: 'writes',
  udfRemove: 'writes',
  truncate: 'writes',
  // Facts
  infoAll: 'given',
  infoNode: 'given',
  infoRandomNode: 'given',
  namespaces: 'reads',
  sets: 'reads',
  build: 'reads',
  features: 'reads',
  indexList: 'reads',
  udfList: 'reads',
  udfGet: 'reads',
} as const satisfies { readonly [command: string]: Effect }

/** The commands by name. */
export type CommandName = keyof typeof EFFECTS
