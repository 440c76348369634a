/**
 * The commands, each defined once for both clients: how to write its arguments and read its reply.
 */

export type { InfoResult } from '../cluster/info'
export {
  changePassword,
  createPkiUser,
  createRole,
  createUser,
  dropRole,
  dropUser,
  grantPrivileges,
  grantRoles,
  queryRole,
  queryRoles,
  queryUser,
  queryUsers,
  revokePrivileges,
  revokeRoles,
  setAllowlist,
  setQuotas,
} from './admin'
export { batch, batchApply, batchOperate, batchRead, batchRemove, batchStream, batchWrite } from './batch'
export { batchReadColumns, batchWriteColumns, type ColumnsPolicy } from './columns'
export { type Connected, close, connect, reconnect } from './connect'
export { createIndex, createSetIndex, dropIndex } from './indexes'
export {
  build,
  features,
  indexList,
  infoAll,
  infoNode,
  infoRandomNode,
  namespaces,
  sets,
  setXdrFilter,
  udfGet,
  udfList,
} from './info'
export { jobAbort, jobProgress, queryApply, queryOperate } from './job'
export { operate, operateOrdered } from './operate'
export { query } from './query'
export {
  append,
  exists,
  get,
  getMeta,
  getOrNull,
  increment,
  prepend,
  put,
  remove,
  removeBin,
  select,
  touch,
} from './record'
export { truncate } from './truncate'
export { apply, udfRegister, udfRemove } from './udf'
