/**
 * Privileges of roles: their codes, and which of them may be limited to a namespace or a set.
 */

/** Manage users and roles. Global. */
export const PRIV_USER_ADMIN = 'user-admin'
/** Administer the cluster, except for users and roles. Global. */
export const PRIV_SYS_ADMIN = 'sys-admin'
/** Manage indexes and UDF modules, truncate, and abort jobs. Global. */
export const PRIV_DATA_ADMIN = 'data-admin'
/** Register and remove UDF modules. Global. */
export const PRIV_UDF_ADMIN = 'udf-admin'
/** Create and remove secondary indexes. Global. */
export const PRIV_SINDEX_ADMIN = 'sindex-admin'
/** Define which data is masked. Global. */
export const PRIV_MASKING_ADMIN = 'masking-admin'
/** Read records. */
export const PRIV_READ = 'read'
/** Read and write records. */
export const PRIV_READ_WRITE = 'read-write'
/** Read and write records, also with user-defined functions. */
export const PRIV_READ_WRITE_UDF = 'read-write-udf'
/** Write records, but not read them. */
export const PRIV_WRITE = 'write'
/** Truncate sets and namespaces. */
export const PRIV_TRUNCATE = 'truncate'
/** Read masked data unmasked. */
export const PRIV_READ_MASKED = 'read-masked'
/** Write masked data. */
export const PRIV_WRITE_MASKED = 'write-masked'
