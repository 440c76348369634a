/**
 * Types of the arguments of typed sets.
 */

import type { BatchWritePolicy } from '../batch/policy'
import type { WriteMeta } from '../options/policy'
import type { UserKey } from '../values/key'
import type { BinName } from '../values/record'

/** Refuses names in `S` that are not bins of `T`. */
export type OnlyBins<T, S> = { readonly [K in Exclude<keyof S, BinName<T>>]: never }

/** A record to write with `batchPut`: user key, bins, and meta. */
export type SetEntry<I> = readonly [id: UserKey, bins: I, meta?: WriteMeta | null | undefined]

/** Policy of `batchPut`. */
export type SetBatchWritePolicy = BatchWritePolicy
