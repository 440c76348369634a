/**
 * What `operate` takes: plain objects for whole bins, and what the builders of the collection families give. The codes
 * are those of `crate/src/convert/operation/mod.rs`.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { OPERATOR_READ, OPERATOR_WRITE } from '../constants/constants'
import { CdtContext, isContext } from '../expressions/cdt-context'
import type { InfinityBound, WildcardBound } from '../values/range-bounds'
import { type ReadValue, type Value, writeArgument } from '../values/value'
import type { Writer } from '../wire/wire'
import { writeBinName } from './bin-name'
import { OPERATOR_READ_HEADER, type ScalarOperation, writeScalar } from './scalar'

/** First byte of an operation that a builder made. */
export const Family = {
  LIST: 0x50,
  MAP: 0x51,
  BIT: 0x52,
  HLL: 0x53,
  STRING: 0x54,
  PATH: 0x55,
  EXPRESSION: 0x56,
} as const

/** What stands as a value in an operation: a value, infinity, wildcard, or lists of them. */
export type Argument = Value | InfinityBound | WildcardBound | readonly Argument[]

/** Which of a family's codes only read; they are the server's, and some of our own from 0xf0 on. */
const READS: { readonly [family: number]: (code: number) => boolean } = {
  [Family.LIST]: code => code >= 16 && code < 32,
  [Family.MAP]: code => code >= 96 && code < 0xf0,
  [Family.BIT]: code => code >= 50,
  [Family.HLL]: code => code >= 50,
  [Family.STRING]: code => code < 50 || code >= 0xf0,
  [Family.PATH]: code => code === 0,
  [Family.EXPRESSION]: code => code === 0,
}

const NO_CONTEXT = new Uint8Array(0)

declare const ANSWER: unique symbol

/**
 * What the builders of `lists`, `maps`, `bits`, `hll`, `strings` and the path operations give, for `operate`. `B` is the
 * bin's name where the compiler knows it, `A` what the operation answers.
 */
export class BuiltOperation<out B extends string = string, out A = ReadValue> {
  /** The bin that it is about. */
  readonly bin: B
  /** For the compiler alone. */
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

  /** Whether it changes the record, or may. @internal */
  get writes(): boolean {
    return !READS[this.#family]?.(this.#code)
  }

  /** The context's bytes. @internal */
  protected contextBytes(): Uint8Array {
    return NO_CONTEXT
  }

  /** Writes it behind its family. @internal */
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

/** An operation that can go into nested lists and maps. */
export class CdtOperation<out B extends string = string, out A = ReadValue> extends BuiltOperation<B, A> {
  #context: Uint8Array = NO_CONTEXT

  /**
   * Lets it work on a list or map inside the bin's own. Changes the operation and returns it.
   *
   * @param context - the way there, or a function that makes it: `ctx => ctx.addMapKey('orders').addListIndex(-1)`
   */
  withContext(context: CdtContext | ((context: CdtContext) => unknown)): this {
    let way: unknown = context
    if (typeof context === 'function') {
      way = new CdtContext()
      context(way as CdtContext)
    }
    if (!isContext(way)) throw invalidArgument(`withContext: a CdtContext is needed, not ${describe(context)}`)
    this.#context = way.length === 0 ? NO_CONTEXT : way.bytes
    return this
  }

  /** @internal */
  protected override contextBytes(): Uint8Array {
    return this.#context
  }
}

/** One operation of `operate`: a plain object, or what a builder gives. */
export type Operation = ScalarOperation | BuiltOperation

/** Whether an operation changes the record, or may. */
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

/** The bins of operations that a type or a state of theirs can keep from being carried out; each once. */
export function changedBins(operations: readonly Operation[]): string[] {
  const bins = new Set<string>()
  for (const operation of operations) {
    const plain =
      !(operation instanceof BuiltOperation) && (operation.op === OPERATOR_READ || operation.op === OPERATOR_WRITE)
    if (!plain && typeof operation.bin === 'string') bins.add(operation.bin)
  }
  return [...bins]
}
