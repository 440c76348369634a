/**
 * The resize flags and overflow actions of bit operations, for operations and expressions. They are strings and not the
 * server's numbers, so that a size or a value cannot be mistaken for one.
 */

import { BitOverflowCode } from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { wordOption } from '../common/options'

/**
 * What an arithmetic operation does if the result does not fit its bits: one of `bits.overflow`.
 *
 * - `fail`: the operation fails, and the blob is unchanged.
 * - `saturate`: the result is the greatest or smallest number that fits.
 * - `wrap`: the bits that do not fit are dropped.
 */
export type BitOverflow = 'fail' | 'saturate' | 'wrap'

/**
 * How a blob is resized: one of `bits.resizeFlags`.
 *
 * - `default`: bytes are added or removed at the end.
 * - `from-front`: bytes are added or removed at the beginning.
 * - `grow-only`: the operation fails if the blob is longer than the new size.
 * - `shrink-only`: the operation fails if the blob is shorter than the new size.
 */
export type BitResizeFlag = 'default' | 'from-front' | 'grow-only' | 'shrink-only'

/** Checks an overflow action and returns the server's number for it. */
export const overflowAction = wordOption(
  { fail: BitOverflowCode.FAIL, saturate: BitOverflowCode.SATURATE, wrap: BitOverflowCode.WRAP } satisfies Record<
    BitOverflow,
    number
  >,
  'overflow actions are strings here',
)

const RESIZE_BITS: { readonly [flag in BitResizeFlag]: number } = {
  default: 0,
  'from-front': 1,
  'grow-only': 2,
  'shrink-only': 4,
}

const EXCLUSIVE = RESIZE_BITS['grow-only'] | RESIZE_BITS['shrink-only']

/** Checks resize flags and returns the server's bits. `order` describes the order of the builder's arguments, for errors. */
export function resizeBits(given: unknown, where: string, order: string): number {
  let bits = 0
  for (const flag of Array.isArray(given) ? (given as unknown[]) : [given]) {
    if (typeof flag !== 'string' || !Object.hasOwn(RESIZE_BITS, flag)) {
      const swapped = typeof flag === 'string' ? '' : `; the order of the arguments is ${order}`
      throw invalidArgument(
        `${where}: one of bits.resizeFlags, or an array of them, is needed, not ${describe(flag)}${swapped}`,
      )
    }
    bits |= RESIZE_BITS[flag as BitResizeFlag]
  }
  if ((bits & EXCLUSIVE) === EXCLUSIVE) throw invalidArgument(`${where}: GROW_ONLY and SHRINK_ONLY cannot be combined`)
  return bits
}
