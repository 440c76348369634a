/**
 * The commands: what JavaScript and the addon must both know of each.
 */

/**
 * The effect of a command on the cluster. It alone decides whether a failure can be in doubt; each request carries it to the
 * addon as a flag, and `crate/src/common/in_doubt.rs` decides what the responses of servers imply for a write.
 *
 * - `reads`: changes nothing. A failure is never in doubt.
 * - `writes`: changes records, the definitions of the cluster or what runs there. A failure is in doubt if the request was
 *   sent and no response rules out that it was applied.
 * - `given`: depends on the arguments of each call: the operations, the rows or the info command.
 */
export type Effect = 'reads' | 'writes' | 'given'

/** What is known of a command. */
export interface CommandEntry {
  /** Number of the command. Commands that share a number run the same code in the addon. */
  readonly id: number
  /** Distinguishes commands that share a number, for metrics and traces; 0 to 7. Default 0. */
  readonly variant?: number
  /**
   * What the body of a request starts with, for the command itself, metrics and traces. `key`: a key, which starts with its
   * namespace and set. `set`: namespace and set. `rows`: the namespace and set of the first row, and the number of rows
   * (u32). Default: nothing of these.
   */
  readonly subject?: 'key' | 'set' | 'rows'
  readonly effect: Effect
  /** `batch`: a batch, which is sent to several nodes. `free`: needs no admission permit. Default: one permit. */
  readonly admission?: 'batch' | 'free'
  /** Whether the end of the command is reported to metrics and traces. Default true. */
  readonly reported?: false
}

export const COMMANDS = {
  // Clients
  connect: { id: 1, effect: 'reads', reported: false },
  reconnect: { id: 76, effect: 'reads', reported: false },
  close: { id: 2, effect: 'reads', reported: false },
  startMetricsServer: { id: 65, effect: 'reads', reported: false },
  stopMetricsServer: { id: 66, effect: 'reads', reported: false },
  shutdownTracing: { id: 75, effect: 'reads', reported: false },
  // Records
  put: { id: 3, subject: 'key', effect: 'writes' },
  removeBin: { id: 3, variant: 1, subject: 'key', effect: 'writes' },
  get: { id: 4, subject: 'key', effect: 'reads' },
  select: { id: 4, variant: 1, subject: 'key', effect: 'reads' },
  exists: { id: 5, subject: 'key', effect: 'reads' },
  getMeta: { id: 5, variant: 1, subject: 'key', effect: 'reads' },
  getOrNull: { id: 5, variant: 2, subject: 'key', effect: 'reads' },
  remove: { id: 6, subject: 'key', effect: 'writes' },
  touch: { id: 7, subject: 'key', effect: 'writes' },
  append: { id: 8, subject: 'key', effect: 'writes' },
  prepend: { id: 9, subject: 'key', effect: 'writes' },
  increment: { id: 10, subject: 'key', effect: 'writes' },
  operate: { id: 11, subject: 'key', effect: 'given' },
  operateOrdered: { id: 12, subject: 'key', effect: 'given' },
  apply: { id: 52, subject: 'key', effect: 'writes' },
  // Transactions
  'transaction.commit': { id: 94, effect: 'writes', admission: 'free' },
  'transaction.abort': { id: 95, effect: 'writes', admission: 'free' },
  // Batches
  batchRead: { id: 16, subject: 'rows', effect: 'reads', admission: 'batch' },
  batchReadColumns: { id: 17, subject: 'rows', effect: 'reads', admission: 'batch' },
  batchWrite: { id: 18, subject: 'rows', effect: 'writes', admission: 'batch' },
  batchOperate: { id: 19, subject: 'rows', effect: 'given', admission: 'batch' },
  batchRemove: { id: 20, subject: 'rows', effect: 'writes', admission: 'batch' },
  batchApply: { id: 21, subject: 'rows', effect: 'writes', admission: 'batch' },
  batch: { id: 22, subject: 'rows', effect: 'given', admission: 'batch' },
  batchWriteColumns: { id: 23, subject: 'rows', effect: 'writes', admission: 'batch' },
  // A command that opens a stream leaves admission to the stream's driver, and a pull only takes rows that are there.
  batchStream: { id: 24, subject: 'rows', effect: 'given', admission: 'free' },
  // Queries
  query: { id: 30, subject: 'set', effect: 'reads', admission: 'free' },
  'stream.next': { id: 31, effect: 'reads', admission: 'free', reported: false },
  'query.apply': { id: 33, subject: 'set', effect: 'writes' },
  'query.operate': { id: 34, subject: 'set', effect: 'writes' },
  'query.aggregate': { id: 36, subject: 'set', effect: 'reads', admission: 'free' },
  'job.progress': { id: 60, effect: 'reads' },
  'job.abort': { id: 61, effect: 'writes' },
  // Indexes, modules, truncation
  createIndex: { id: 45, subject: 'set', effect: 'writes' },
  createSetIndex: { id: 45, variant: 1, subject: 'set', effect: 'writes' },
  dropIndex: { id: 46, subject: 'set', effect: 'writes' },
  udfRegister: { id: 50, effect: 'writes' },
  udfRemove: { id: 51, effect: 'writes' },
  truncate: { id: 58, subject: 'set', effect: 'writes' },
  // Users and roles
  createUser: { id: 80, effect: 'writes' },
  createPkiUser: { id: 80, variant: 1, effect: 'writes' },
  dropUser: { id: 81, effect: 'writes' },
  changePassword: { id: 82, effect: 'writes' },
  grantRoles: { id: 83, effect: 'writes' },
  revokeRoles: { id: 84, effect: 'writes' },
  queryUsers: { id: 85, effect: 'reads' },
  queryUser: { id: 85, variant: 1, effect: 'reads' },
  createRole: { id: 86, effect: 'writes' },
  dropRole: { id: 87, effect: 'writes' },
  grantPrivileges: { id: 88, effect: 'writes' },
  revokePrivileges: { id: 89, effect: 'writes' },
  setAllowlist: { id: 90, effect: 'writes' },
  setQuotas: { id: 91, effect: 'writes' },
  queryRoles: { id: 92, effect: 'reads' },
  queryRole: { id: 92, variant: 1, effect: 'reads' },
  // Info
  infoAll: { id: 13, effect: 'given' },
  namespaces: { id: 13, variant: 1, effect: 'reads' },
  sets: { id: 13, variant: 2, effect: 'reads' },
  build: { id: 13, variant: 3, effect: 'reads' },
  features: { id: 13, variant: 4, effect: 'reads' },
  infoNode: { id: 14, effect: 'given' },
  infoRandomNode: { id: 15, effect: 'given' },
  indexList: { id: 15, variant: 1, effect: 'reads' },
  udfList: { id: 15, variant: 2, effect: 'reads' },
  udfGet: { id: 15, variant: 3, effect: 'reads' },
  setXdrFilter: { id: 15, variant: 4, effect: 'writes' },
} as const satisfies { readonly [name: string]: CommandEntry }

/** The name of a command. */
export type CommandName = keyof typeof COMMANDS
