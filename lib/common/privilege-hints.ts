/**
 * The privileges that commands need. The servers' messages do not say which one is missing.
 */

const READ = 'read, read-write or read-write-udf'
const WRITE = 'write, read-write or read-write-udf'
const BOTH = 'read-write or read-write-udf, if it also reads; else write'
const UDF = 'read-write-udf'
const USER_ADMIN = 'user-admin'

/** The privileges that allow a command, by its name; any of those listed is enough. */
const PRIVILEGES: ReadonlyMap<string, string> = new Map([
  ...['get', 'select', 'exists', 'getMeta', 'getOrNull', 'batchRead', 'batchReadColumns', 'query', 'job.progress'].map(
    name => [name, READ] as const,
  ),
  ...['put', 'remove', 'touch', 'append', 'prepend', 'increment', 'removeBin', 'batchWrite', 'batchRemove'].map(
    name => [name, WRITE] as const,
  ),
  ...['batchWriteColumns', 'query.operate'].map(name => [name, WRITE] as const),
  ...['operate', 'operateOrdered', 'batchOperate', 'batch', 'batchStream'].map(name => [name, BOTH] as const),
  ...['apply', 'batchApply', 'query.apply', 'query.aggregate'].map(name => [name, UDF] as const),
  ...['createIndex', 'createSetIndex', 'dropIndex'].map(name => [name, 'sindex-admin or data-admin'] as const),
  ...['udfRegister', 'udfRemove'].map(name => [name, 'udf-admin or data-admin'] as const),
  ['truncate', 'truncate or data-admin'],
  ['job.abort', 'data-admin'],
  ...['infoAll', 'infoNode', 'infoRandomNode', 'setXdrFilter'].map(
    name => [name, 'sys-admin or another administrator role'] as const,
  ),
  ...['createUser', 'createPkiUser', 'dropUser', 'changePassword', 'grantRoles', 'revokeRoles'].map(
    name => [name, USER_ADMIN] as const,
  ),
  ...['queryUser', 'queryUsers', 'createRole', 'dropRole', 'grantPrivileges', 'revokePrivileges'].map(
    name => [name, USER_ADMIN] as const,
  ),
  ...['setAllowlist', 'setQuotas', 'queryRole', 'queryRoles'].map(name => [name, USER_ADMIN] as const),
])

/** Privileges that can be limited to a namespace and a set. */
const SCOPED = /\b(?:read|write|truncate)\b/

/**
 * Returns a hint about a missing privilege.
 * @param doing - name of the command
 */
export function privilegeHint(doing: string | undefined): string {
  const needed = doing === undefined ? undefined : PRIVILEGES.get(doing)
  if (needed === undefined) return 'a privilege that the call needs is missing in the roles of the user'
  // Privileges of administrators apply to the whole cluster.
  const scope = SCOPED.test(needed) ? ', for this namespace and set or for all' : ''
  return `the user needs the privilege ${needed}${scope}`
}
