/**
 * The operations that `operate` accepts: plain objects for whole bins, and the objects that the builders of the other
 * families return.
 */

import {
  BitCode,
  ExpressionCode,
  OperationFamily as Family,
  HllCode,
  ListCode,
  MapCode,
  PathCode,
  StringCode,
} from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { jsonAs, printAs } from '../common/json'
import { OPERATOR_READ, OPERATOR_WRITE } from '../constants/constants'
import { type CdtContext, contextOf } from '../expressions/cdt-context'
import type { InfinityBound, WildcardBound } from '../values/range-bounds'
import { type ReadValue, type Value, writeArgument } from '../values/value'
import type { Writer } from '../wire/wire'
import { writeBinName } from './bin-name'
import { OPERATOR_READ_HEADER, type ScalarOperation, writeScalar } from './scalar'

/** An argument of an operation: a value, infinity, wildcard, or a list of them. */
export type Argument = Value | InfinityBound | WildcardBound | readonly Argument[]

/** Whether a code of a family only reads. Codes are the server's; codes from 0xf0 are defined by this client. */
const READS: { readonly [family: number]: (code: number) => boolean } = {
  [Family.LIST]: code => code >= ListCode.SIZE && code < ListCode.REMOVE_BY_INDEX,
  [Family.MAP]: code => code >= MapCode.SIZE && code < MapCode.CREATE,
  [Family.BIT]: code => code >= BitCode.GET,
  [Family.HLL]: code => code >= HllCode.COUNT,
  [Family.STRING]: code => code < StringCode.INSERT || code >= StringCode.TO_STRING,
  [Family.PATH]: code => code === PathCode.SELECT,
  [Family.EXPRESSION]: code => code === ExpressionCode.READ,
}

/** The names of the families, as `console.log` shows them. */
const FAMILY_NAMES = new Map<number, string>(Object.entries(Family).map(([name, code]) => [code, name.toLowerCase()]))

const NO_CONTEXT = new Uint8Array(0)

declare const ANSWER: unique symbol

/**
 * An operation for `operate`, as returned by the builders of `lists`, `maps`, `bits`, `hll`, `strings` and `paths`. `B` is
 * the bin's name if the compiler knows it, `A` the type of the result.
 */
export class BuiltOperation<out B extends string = string, out A = ReadValue> {
  /** Name of the bin to work on. */
  readonly bin: B
  /** Carries the result type; exists only for the compiler. */
  declare readonly [ANSWER]?: A
  readonly #family: number
  readonly #code: number
  /** @internal */
  protected readonly given: Argument[]

  /** @internal */
  constructor(family: number, code: number, bin: B, given: Argument[]) {
    this.bin = bin
    this.#family = family
    this.#code = code
    this.given = given
  }

  /** Whether the operation may change the record. @internal */
  get writes(): boolean {
    return !READS[this.#family]?.(this.#code)
  }

  /** What `console.log` and `JSON.stringify` show. @internal */
  protected get parts(): { readonly [name: string]: unknown } {
    const context = this.contextBytes()
    const nested = context.length === 0 ? {} : { context: Buffer.from(context).toString('base64') }
    return { bin: this.bin, family: FAMILY_NAMES.get(this.#family), code: this.#code, args: this.given, ...nested }
  }

  static {
    jsonAs(BuiltOperation, operation => operation.parts)
    printAs(BuiltOperation, 'Operation', operation => operation.parts)
  }

  /** The serialized context. @internal */
  protected contextBytes(): Uint8Array {
    return NO_CONTEXT
  }

  /** Writes the family byte and the operation. @internal */
  write(writer: Writer, where: string): void {
    const { bin, given } = this
    writer.u8(this.#family)
    writeBinName(writer, bin, where)
    writer.u8(this.#code)
    writer.blob(this.contextBytes())
    writer.u8(given.length)
    for (let index = 0; index < given.length; index++) writeArgument(writer, given[index], `${where}: bin ${bin}`)
  }
}

/** An operation that can address nested lists and maps. */
export class CdtOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {
  #context: Uint8Array = NO_CONTEXT

  /**
   * Applies the operation to a list or map nested inside the bin. Modifies this operation and returns it.
   *
   * @param context - path to the nested value, or a function that builds it:
   *   `ctx => ctx.addMapKey('orders').addListIndex(-1)`
   * @throws InvalidArgError if `context` is neither
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this {
    const path = contextOf(context, 'withContext')
    this.#context = path.length === 0 ? NO_CONTEXT : path.bytes
    return this
  }

  /** @internal */
  protected override contextBytes(): Uint8Array {
    return this.#context
  }
}

/** One operation of `operate`: a plain object, or the result of a builder. */
export type Operation = ScalarOperation | BuiltOperation

/** Whether an operation may change the record. */
export function isWriting(operation: Operation): boolean {
  if (operation instanceof BuiltOperation) return operation.writes
  return operation.op !== OPERATOR_READ && operation.op !== OPERATOR_READ_HEADER
}

/** Writes a list of operations. */
export function writeOperations(writer: Writer, operations: readonly Operation[]): void {
  if (!Array.isArray(operations) || operations.length === 0) {
    throw invalidArgument(`ops: a list of at least one operation is needed, not ${describe(operations)}`)
  }
  if (operations.length > 0xffff) throw invalidArgument(`ops: ${operations.length} operations are more than 65535`)
  writer.u16(operations.length)
  for (let index = 0; index < operations.length; index++) {
    const operation = operations[index] as Operation
    if (operation instanceof BuiltOperation) operation.write(writer, `ops[${index}]`)
    else writeScalar(writer, operation, `ops[${index}]`)
  }
}

/** The distinct bins of the operations that can fail because of the type or the current state of their bin. */
export function changedBins(operations: readonly Operation[]): string[] {
  const bins = new Set<string>()
  for (const operation of operations) {
    const plain =
      !(operation instanceof BuiltOperation) && (operation.op === OPERATOR_READ || operation.op === OPERATOR_WRITE)
    if (!plain && typeof operation.bin === 'string') bins.add(operation.bin)
  }
  return [...bins]
}
