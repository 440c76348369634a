/**
 * Operations on all values that a path selects in a bin's lists and maps; a path may branch.
 */

import { PathCode as Code, OperationFamily as Family } from '../catalog/operation-codes'
import { invalidArgument } from '../common/errors'
import { type CdtContext, contextOf } from '../expressions/cdt-context'
import { completeBytes, type Expression, part } from '../expressions/expression'
import type { ReadValue } from '../values/value'
import type { ReadKey, ReadMap } from './answers'
import { flags } from './arguments'
import { type Argument, BuiltOperation } from './operation'

const selectFlags = {
  /** The bin's lists and maps, reduced to what the path selects. */
  MATCHING_TREE: 0,
  /** A list of the values. */
  VALUE: 1,
  LIST_VALUE: 1,
  MAP_VALUE: 1,
  /** A list of the keys. */
  MAP_KEY: 2,
  /** A list of alternating keys and values. */
  MAP_KEY_VALUE: 3,
  /** Leave out values that an expression cannot be applied to, instead of failing. */
  NO_FAIL: 0x10,
} as const

const modifyFlags = {
  DEFAULT: 0,
  /** Leave values unchanged that the expression cannot be applied to, instead of failing. */
  NO_FAIL: 0x10,
} as const

/** A path: a context, or a function that builds one. */
export type Path = CdtContext | ((path: CdtContext) => unknown)

/** An operation on a path. */
class PathOperation<out B extends string, out A> extends BuiltOperation<B, A> {
  readonly #path: Uint8Array

  constructor(code: number, bin: B, path: Uint8Array, given: Argument[]) {
    super(Family.PATH, code, bin, given)
    this.#path = path
  }

  /** @internal */
  protected override contextBytes(): Uint8Array {
    return this.#path
  }
}

function pathBytes(call: string, path: Path): Uint8Array {
  const context = contextOf(path, `${call}: path`)
  if (context.length === 0) throw invalidArgument(`${call}: path: at least one level is needed, not an empty context`)
  return context.bytes
}

function select<B extends string, A>(name: string, bin: B, path: Path, given: number): BuiltOperation<B, A> {
  const call = `paths.${name}`
  return new PathOperation(Code.SELECT, bin, pathBytes(call, path), [flags(call, 'flags', selectFlags, given)])
}

function modify<B extends string>(
  name: string,
  bin: B,
  path: Path,
  change: Expression,
  given: number,
): BuiltOperation<B, null> {
  const call = `paths.${name}`
  const expression = completeBytes(part(change, `${call}: expression`), `${call}: expression`)
  return new PathOperation(Code.MODIFY, bin, pathBytes(call, path), [
    flags(call, 'flags', modifyFlags, given),
    expression,
  ])
}

/**
 * Builders of operations on all values that a path selects, for `operate`. A path is a context whose levels may select
 * several children: all of them, those that match an expression, or those with given keys. Results are null if the bin does
 * not exist. Needs server 8.1.1.
 *
 * Builders throw InvalidArgError for an invalid argument, such as an empty path; `operate` validates bin names.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes.
 * - `path`: a `CdtContext` of at least one level, or a function that adds the levels to the context that it gets.
 * - `expression`: computes the new value. It reads the old one with a loop variable, such as
 *   `exp.loopVarInt(exp.loopVarPart.VALUE)`; `exp.removeResult()` removes it.
 * - `flags`: `paths.selectFlags` or `paths.modifyFlags`, combined with `|`.
 */
export const paths = {
  /** What `selectByPath` returns; combine NO_FAIL with another flag by `|`. */
  selectFlags,
  /** Flags of `modifyByPath`. */
  modifyFlags,

  /** Returns what a path selects, in the form set by `paths.selectFlags`. */
  selectByPath: <B extends string>(bin: B, flags: number, path: Path): BuiltOperation<B, ReadValue> =>
    select('selectByPath', bin, path, flags),

  /** Replaces each value that a path selects with the result of an expression. Returns null. */
  modifyByPath: <B extends string>(
    bin: B,
    expression: Expression,
    flags: number,
    path: Path,
  ): BuiltOperation<B, null> => modify('modifyByPath', bin, path, expression, flags),

  /** Returns a list of the values that a path selects. */
  selectValues: <B extends string>(bin: B, path: Path): BuiltOperation<B, ReadValue[] | null> =>
    select('selectValues', bin, path, selectFlags.VALUE),

  /** Returns a list of the keys that a path selects. */
  selectMapKeys: <B extends string>(bin: B, path: Path): BuiltOperation<B, ReadKey[] | null> =>
    select('selectMapKeys', bin, path, selectFlags.MAP_KEY),

  /** Returns a list of alternating keys and values that a path selects. */
  selectMapEntries: <B extends string>(bin: B, path: Path): BuiltOperation<B, ReadValue[] | null> =>
    select('selectMapEntries', bin, path, selectFlags.MAP_KEY_VALUE),

  /** Returns the bin's lists and maps, reduced to what a path selects. */
  selectMatchingTree: <B extends string>(bin: B, path: Path): BuiltOperation<B, ReadValue[] | ReadMap | null> =>
    select('selectMatchingTree', bin, path, selectFlags.MATCHING_TREE),

  /** Replaces each value that a path selects with the result of an expression. Returns null. */
  modify: <B extends string>(bin: B, expression: Expression, path: Path): BuiltOperation<B, null> =>
    modify('modify', bin, path, expression, modifyFlags.DEFAULT),

  /** Like `modify`, but leaves values unchanged that the expression cannot be applied to. Returns null. */
  modifyNoFail: <B extends string>(bin: B, expression: Expression, path: Path): BuiltOperation<B, null> =>
    modify('modifyNoFail', bin, path, expression, modifyFlags.NO_FAIL),

  /** Removes all values that a path selects. Returns null. */
  remove: <B extends string>(bin: B, path: Path): BuiltOperation<B, null> =>
    new PathOperation(Code.REMOVE, bin, pathBytes('paths.remove', path), []),
} as const
