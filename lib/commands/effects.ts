/**
 * The effect of each command on the cluster. This table alone decides whether a failure can be in doubt. Each request carries
 * the effect across the boundary as a flag; `crate/src/common/in_doubt.rs` decides what the responses of servers imply for a write.
 */

/**
 * - `reads`: changes nothing. A failure is never in doubt.
 * - `writes`: changes records, the definitions of the cluster or what runs there. A failure is in doubt if the request was
 *   sent and no response rules out that it was applied.
 * - `given`: depends on the arguments of each call: the operations, the rows or the info command.
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
  // Users and roles
  createUser: 'writes',
  createPkiUser: 'writes',
  dropUser: 'writes',
  changePassword: 'writes',
  grantRoles: 'writes',
  revokeRoles: 'writes',
  queryUser: 'reads',
  queryUsers: 'reads',
  createRole: 'writes',
  dropRole: 'writes',
  grantPrivileges: 'writes',
  revokePrivileges: 'writes',
  setAllowlist: 'writes',
  setQuotas: 'writes',
  queryRole: 'reads',
  queryRoles: 'reads',
  // Info
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

/** The name of a command. */
export type CommandName = keyof typeof EFFECTS
