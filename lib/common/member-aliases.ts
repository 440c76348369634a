// Generated from scripts/aliases.json by `make types`. Do not edit.

/**
 * Aliases of members of classes.
 */

/** Aliases of members of `Client`, whose type is `T`. */
export interface ClientAliases<
  T extends {
    readonly increment: unknown
    readonly dropIndex: unknown
    readonly query: unknown
    readonly createPkiUser: unknown
    readonly setAllowlist: unknown
  },
> {
  /** Alias of `increment`: the name in the official client. */
  readonly incr: T['increment']
  /** Alias of `dropIndex`: the name in the official client. */
  readonly indexRemove: T['dropIndex']
  /** Alias of `query`: the name in the official client. */
  readonly scan: T['query']
  /** Alias of `createPkiUser`: the name in the official client. */
  readonly createPKIUser: T['createPkiUser']
  /** Alias of `setAllowlist`: the name in the official client. */
  readonly setWhitelist: T['setAllowlist']
}

/** Alias -> main name, for `addAliases`. @internal */
export const CLIENT_ALIASES = {
  incr: 'increment',
  indexRemove: 'dropIndex',
  scan: 'query',
  createPKIUser: 'createPkiUser',
  setWhitelist: 'setAllowlist',
} as const

/** Aliases of members of `Query`, whose type is `T`. */
export interface QueryAliases<T extends { readonly forEach: unknown; readonly apply: unknown }> {
  /** Alias of `forEach`: the name in the official client. */
  readonly foreach: T['forEach']
  /** Alias of `apply`: the name in the official client. */
  readonly background: T['apply']
}

/** Alias -> main name, for `addAliases`. @internal */
export const QUERY_ALIASES = {
  foreach: 'forEach',
  background: 'apply',
} as const

/** Aliases of members of `BatchRecords`, whose type is `T`. */
export interface BatchRecordsAliases<T extends { readonly succeeded: unknown }> {
  /** Alias of `succeeded`: the former name. @deprecated Use `succeeded`. */
  readonly found: T['succeeded']
}

/** Alias -> main name, for `addAliases`. @internal */
export const BATCH_RECORDS_ALIASES = {
  found: 'succeeded',
} as const

/** Aliases of members of `OrderedResults`, whose type is `T`. */
export interface OrderedResultsAliases<T extends { readonly results: unknown }> {
  /** Alias of `results`: the name in aerospike-py. */
  readonly orderedBins: T['results']
}

/** Alias -> main name, for `addAliases`. @internal */
export const ORDERED_RESULTS_ALIASES = {
  orderedBins: 'results',
} as const
