/**
 * Builders of operations on whole bins.
 */
import {
  OPERATOR_APPEND,
  OPERATOR_DELETE,
  OPERATOR_INCR,
  OPERATOR_PREPEND,
  OPERATOR_READ,
  OPERATOR_TOUCH,
  OPERATOR_WRITE,
} from '../constants/constants'
import type { Storable } from '../values/storable'
import type { Value } from '../values/value'
import type { Addend } from './answers'
import { OPERATOR_READ_HEADER, type ScalarOperation } from './scalar'

/** Builders of operations on whole bins, for `operate`. They return plain objects, whose fields `operate` validates. */
export const scalarBuilders = {
  /** Reads a bin, or all bins if you name none. */
  read: <B extends string | undefined = undefined>(bin?: B): ScalarOperation<typeof OPERATOR_READ, B> => ({
    op: OPERATOR_READ,
    bin,
  }),
  /** Reads only the record's generation and TTL. */
  readHeader: (): ScalarOperation<typeof OPERATOR_READ_HEADER, undefined> => ({ op: OPERATOR_READ_HEADER }),
  /** Writes a bin; null removes it. */
  write: <B extends string, T>(bin: B, val: Storable<T>): ScalarOperation<typeof OPERATOR_WRITE, B> => ({
    op: OPERATOR_WRITE,
    bin,
    val: val as Value,
  }),
  /** Adds to a number; a missing bin counts as 0. */
  incr: <B extends string, const N extends Addend>(bin: B, val: N): ScalarOperation<typeof OPERATOR_INCR, B, N> => ({
    op: OPERATOR_INCR,
    bin,
    val,
  }),
  /** Appends to a string or bytes. */
  append: <B extends string, T extends string | Uint8Array>(
    bin: B,
    val: T,
  ): ScalarOperation<typeof OPERATOR_APPEND, B, T> => ({
    op: OPERATOR_APPEND,
    bin,
    val,
  }),
  /** Prepends to a string or bytes. */
  prepend: <B extends string, T extends string | Uint8Array>(
    bin: B,
    val: T,
  ): ScalarOperation<typeof OPERATOR_PREPEND, B, T> => ({
    op: OPERATOR_PREPEND,
    bin,
    val,
  }),
  /** Resets the record's TTL to `meta.ttl`, or to that of the policy. */
  touch: (): ScalarOperation<typeof OPERATOR_TOUCH, undefined> => ({ op: OPERATOR_TOUCH }),
  /** Deletes the record. */
  delete: (): ScalarOperation<typeof OPERATOR_DELETE, undefined> => ({ op: OPERATOR_DELETE }),
} as const
