/**
 * The kind of number that `isNumeric` tests a string for, in operations and expressions.
 */
import { NumericTypeCode } from '../catalog/operation-codes'
import { wordOption } from '../common/options'

/**
 * The kind of number that `isNumeric` tests for: one of `strings.numericType`.
 *
 * - `any`: an integer or a floating-point number.
 * - `int`: an integer.
 * - `float`: a floating-point number.
 */
export type StringNumericType = 'any' | 'int' | 'float'

/** Checks a kind of number and returns the server's number for it. */
export const numericTypeNumber = wordOption(
  {
    any: NumericTypeCode.ANY,
    int: NumericTypeCode.INT,
    float: NumericTypeCode.FLOAT,
  } satisfies Record<StringNumericType, number>,
  'numeric types are strings here',
)
