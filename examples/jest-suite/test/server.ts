import type { LocalServer } from 'aerospike-napi/testing'

/** The server that all test files share. Jest runs its global setup and teardown in one process. */
export const shared: { server?: LocalServer | undefined } = {}
