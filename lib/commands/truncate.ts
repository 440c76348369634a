/**
 * Truncation of sets and namespaces.
 */
import { types } from 'node:util'
import { writeInfoSpace } from '../cluster/info'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { type AdminPolicy, writePolicy } from '../options/policy'
import { define, type Maybe, nothing } from './define'
import { ofSet } from './subject'

const NANOS_PER_MS = 1_000_000n
const MAX_INT64 = 2n ** 63n - 1n

/** Returns the cutoff in nanoseconds since 1970; 0 means now. */
function cutoff(before: unknown): bigint {
  // The other clients use 0 for now.
  if (before === undefined || before === null || before === 0 || before === 0n) return 0n
  if (types.isDate(before)) {
    const nanos = Number.isFinite(before.getTime()) ? BigInt(before.getTime()) * NANOS_PER_MS : 0n
    // Beyond int64, the value would wrap to a time in the past, and every record would be removed.
    if (nanos <= 0n || nanos > MAX_INT64) {
      throw invalidArgument('truncate: before: a valid date after 1970 and before 2262 is needed')
    }
    return nanos
  }
  if (typeof before !== 'bigint' || before <= 0n || before > MAX_INT64) {
    throw invalidArgument(
      `truncate: before: nanoseconds since 1970 as a bigint, or a Date, are needed, not ${describe(before)}`,
    )
  }
  return before
}

/** Cutoff of `truncate`, which removes records last written before it: nanoseconds since 1970, or a Date; 0 means now. */
export type TruncateBefore = bigint | 0 | Date

type TruncateArgs = readonly [string, string | null, Maybe<TruncateBefore>, Maybe<AdminPolicy>]

/** Removes the records of a set, or of a whole namespace. */
export const truncate = define({
  name: 'truncate',
  kind: 'admin',
  policy: 3,
  subject: ([namespace, set]) => ofSet(namespace, set),
  encode: (writer, [namespace, set, before, policy]: TruncateArgs) => {
    if (set === undefined || set === '') {
      throw invalidArgument('truncate: set: the name of a set is needed, or null for all records of the namespace')
    }
    writeInfoSpace(writer, namespace, set, 'truncate: ')
    writer.i64(cutoff(before))
    writePolicy(writer, 'admin', policy)
  },
  decode: nothing,
})
