/**
 * Operations that evaluate an expression, for `operate`: `exp.operations`.
 */

import { ExpressionCode as Code, OperationFamily as Family } from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { completeBytes, type Expression, type ResultType } from '../expressions/expression'
import type { ReadValue } from '../values/value'
import type { Evaluated } from './answers'
import { BuiltOperation } from './operation'

const EVAL_NO_FAIL = 16

/** Flags of `exp.operations.read`; combine with `|`. */
export const expReadFlags = {
  /** Fail if the expression cannot be evaluated. */
  DEFAULT: 0,
  /** Return no value if the expression cannot be evaluated. */
  EVAL_NO_FAIL,
} as const

/** Flags of `exp.operations.write`; combine with `|`. */
export const expWriteFlags = {
  /** Create the bin or overwrite it. */
  DEFAULT: 0,
  /** Create the bin; fail with BinExistsError if it exists. */
  CREATE_ONLY: 1,
  /** Overwrite the bin; fail with BinNotFoundError if it does not exist. */
  UPDATE_ONLY: 2,
  /** Remove the bin if the expression evaluates to nil. */
  ALLOW_DELETE: 4,
  /** Do nothing instead of failing if the other flags forbid the write. */
  POLICY_NO_FAIL: 8,
  /** Do nothing instead of failing if the expression cannot be evaluated. */
  EVAL_NO_FAIL,
} as const

const READ_FLAGS = 16
const WRITE_FLAGS = 31

/** An operation that evaluates an expression. */
export class ExpressionOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {}

function operation<B extends string, A>(
  code: number,
  bin: B,
  expression: Expression,
  flags: number,
  allowed: number,
  where: string,
): ExpressionOperation<B, A> {
  const bytes = completeBytes(expression, `${where}: exp`)
  if (typeof flags !== 'number' || !Number.isInteger(flags) || flags < 0 || (flags & ~allowed) !== 0) {
    throw invalidArgument(
      `${where}: flags: flags of exp.${code === Code.READ ? 'expReadFlags' : 'expWriteFlags'} are needed, not ${describe(flags)}`,
    )
  }
  if ((flags & 3) === 3) {
    throw invalidArgument(`${where}: flags: CREATE_ONLY and UPDATE_ONLY cannot be combined`)
  }
  return new ExpressionOperation(Family.EXPRESSION, code, bin, [bytes, flags])
}

/** Builders of operations that evaluate an expression. */
export const expressionOperations = {
  /**
   * Evaluates an expression and returns its value under the name `bin`, which need not be an existing bin.
   * @param bin - name of the result
   * @param exp - expression to evaluate
   * @param flags - flags of `exp.expReadFlags`
   * @throws InvalidArgError for an unbound variable or unknown flags
   */
  read: <B extends string, T extends ResultType, F extends number = 0>(
    bin: B,
    exp: Expression<T>,
    flags: F = expReadFlags.DEFAULT as F,
  ): ExpressionOperation<B, Evaluated<T, F>> =>
    operation(Code.READ, bin, exp, flags, READ_FLAGS, 'exp.operations.read'),

  /**
   * Evaluates an expression and writes its value into `bin`.
   * @param bin - bin to write
   * @param exp - expression to evaluate
   * @param flags - flags of `exp.expWriteFlags`
   * @throws InvalidArgError for an unbound variable or unknown flags
   */
  write: <B extends string>(
    bin: B,
    exp: Expression,
    flags: number = expWriteFlags.DEFAULT,
  ): ExpressionOperation<B, null> => operation(Code.WRITE, bin, exp, flags, WRITE_FLAGS, 'exp.operations.write'),
} as const
