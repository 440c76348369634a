/**
 * Operations on whole bins: plain objects `{ op, bin, val }`, made by `op` or by hand with the OPERATOR_* constants.
 */

import { types } from 'node:util'
import { ScalarCode } from '../catalog/operation-codes'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { checkOptions } from '../common/options'
import {
  OPERATOR_APPEND,
  OPERATOR_DELETE,
  OPERATOR_INCR,
  OPERATOR_PREPEND,
  OPERATOR_READ,
  OPERATOR_TOUCH,
  OPERATOR_WRITE,
} from '../constants/constants'
import { Double, type Value, writeValue } from '../values/value'
import type { Writer } from '../wire/wire'
import { writeBinName } from './bin-name'

/** Reads generation and TTL without bins. The code is this client's: the server's protocol has none for it. */
export const OPERATOR_READ_HEADER = ScalarCode.READ_HEADER

/** One operation on a whole bin or on the record. */
export interface ScalarOperation<
  out C extends number = number,
  out B extends string | undefined = string | undefined,
  out V = Value,
> {
  /** The operation: an OPERATOR_* constant. */
  readonly op: C
  /** Name of the bin, for operations on a bin. */
  readonly bin?: B | undefined
  /** The argument, for operations that take one. */
  readonly val?: V | undefined
}

const FIELDS = ['op', 'bin', 'val']

const NEEDS_BIN: ReadonlySet<number> = new Set([OPERATOR_WRITE, OPERATOR_INCR, OPERATOR_APPEND, OPERATOR_PREPEND])
const WITHOUT_BIN: ReadonlySet<number> = new Set([OPERATOR_TOUCH, OPERATOR_DELETE, OPERATOR_READ_HEADER])

/** Whether a value can be appended or prepended. */
export const isText = (value: unknown): boolean => typeof value === 'string' || types.isUint8Array(value)
/** Whether a value can be added. */
export const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Double

function checkArgument(code: number, val: unknown, where: string): void {
  if (code === OPERATOR_INCR && !isNumber(val)) {
    throw invalidArgument(`${where}: the value is a number, not ${describe(val)}`)
  }
  if ((code === OPERATOR_APPEND || code === OPERATOR_PREPEND) && !isText(val)) {
    throw invalidArgument(`${where}: the value is a string or bytes, not ${describe(val)}`)
  }
}

function refuseArgument(name: 'bin' | 'val', given: unknown, where: string): never {
  throw invalidArgument(`${where}.${name}: not allowed for this operation: ${describe(given)}`)
}

/** Validates one operation and writes it. */
export function writeScalar(writer: Writer, operation: ScalarOperation, where: string): void {
  if (typeof operation !== 'object' || operation === null) {
    throw invalidArgument(`${where}: an operation is needed, not ${describe(operation)}`)
  }
  checkOptions(operation, where, FIELDS)
  const { op: code, bin, val } = operation
  if (code !== OPERATOR_READ && !NEEDS_BIN.has(code) && !WITHOUT_BIN.has(code)) {
    throw invalidArgument(`${where}.op: an OPERATOR_* constant is needed, not ${describe(code)}`)
  }
  // Operations of aerospike-py without a bin or a value have '' as bin and None as val.
  if (WITHOUT_BIN.has(code) && bin !== undefined && bin !== null && bin !== '') refuseArgument('bin', bin, where)
  if (!NEEDS_BIN.has(code) && val !== undefined && val !== null) refuseArgument('val', val, where)
  writer.u8(code)
  if (WITHOUT_BIN.has(code) || (code === OPERATOR_READ && (bin === undefined || bin === null))) writer.u8(0)
  else writeBinName(writer, bin, where)
  if (!NEEDS_BIN.has(code)) return
  checkArgument(code, val, `${where}: bin ${bin}`)
  writeValue(writer, val, `${where}: bin ${bin}`)
}
