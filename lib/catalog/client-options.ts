/**
 * The options of a client: their numbers, rules and defaults. Each option that the addon needs crosses the boundary as its
 * number and its value. `lib/options/config.ts` declares their types; `crate/src/policy/client.rs` reads them.
 */
import type { OptionRule } from './policy-fields'

/**
 * An option. Without a rule, `lib/options/` checks and writes it with code of its own. Without a number, only JavaScript
 * uses it.
 */
export type ClientOptionEntry = { readonly id?: number } & (
  | (OptionRule & {
      /** The value if the option is not given; without one, the option is not sent. */
      readonly fallback?: number
    })
  /** A non-empty string. */
  | { readonly text: true }
  | { readonly custom: true }
)

/** The options. Texts are written as a text (u32 length), other options with a rule as a u32. */
export const CLIENT_OPTIONS = {
  // Where and how to connect
  hosts: { id: 1, custom: true },
  uri: { custom: true },
  namespace: { custom: true },
  clusterName: { id: 2, text: true },
  appId: { id: 3, text: true },
  user: { id: 5, custom: true },
  password: { id: 6, custom: true },
  /** 1 if a provider has returned the credentials. */
  credentials: { id: 7, custom: true },
  authMode: { id: 8, words: { internal: 0, external: 1, 'external-insecure': 2, pki: 3 } },
  tls: { id: 9, custom: true },
  rackIds: { id: 10, custom: true },
  ipMap: { id: 11, custom: true },
  useServicesAlternate: { id: 12, flag: true, fallback: 0 },
  seedOnlyCluster: { id: 13, flag: true, fallback: 0 },
  failIfNotConnected: { id: 15, flag: true, fallback: 1 },
  // Times and limits
  timeout: { id: 20, min: 1, fallback: 1000 },
  connectTimeout: { id: 21, min: 1 },
  loginTimeout: { id: 22, min: 1, fallback: 5000 },
  idleTimeout: { id: 23, min: 0, fallback: 55_000 },
  minConnsPerNode: { id: 24, min: 0, fallback: 0 },
  maxConnsPerNode: { id: 25, min: 1, fallback: 100 },
  connPoolsPerNode: { id: 26, min: 1, max: 255, fallback: 1 },
  openingConnectionThreshold: { id: 32, min: 0, fallback: 0 },
  tendInterval: { id: 27, min: 250, fallback: 1000 },
  maxErrorRate: { id: 28, min: 0, fallback: 100 },
  errorRateWindow: { id: 29, min: 1, fallback: 1 },
  maxConcurrentCommands: { id: 30, min: 1 },
  maxQueuedCommands: { min: 0 },
  autoBatch: { id: 31, custom: true },
  // Values and policies
  int64: { words: { auto: 0, bigint: 1, number: 2 } },
  maps: { words: { auto: 0, map: 1, object: 2 } },
  policies: { id: 40, custom: true },
} as const satisfies { readonly [name: string]: ClientOptionEntry }

/** The number that ends the options. */
export const END_OF_OPTIONS = 0
/** The identifier of the client: the language and its version. */
export const CLIENT_ID_OPTION = 4
/** 1 for a client that connects again with the credentials of its former connections. */
export const SAME_CREDENTIALS_OPTION = 14
