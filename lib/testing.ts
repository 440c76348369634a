/**
 * The entry point `aerospike-napi/testing`: aerospike-local, a server for tests and demos.
 */
export { LocalNode } from './testing/local-node'
export { type Certificate, type LocalConnection, LocalServer } from './testing/local-server'
export type {
  ClientCertificateKind,
  LocalSecurity,
  LocalServerOptions,
  LocalStrongConsistency,
  LocalTls,
  LocalUser,
  ServerCertificateKind,
} from './testing/local-server-options'
