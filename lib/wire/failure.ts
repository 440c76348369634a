/**
 * Failures in replies and rows, as written by `put_failure` in `crate/src/wire/failure.rs`.
 */
import type { Failure } from '../common/errors'
import type { Reader } from './wire'

/** Reads a failure. */
export function readFailure(reader: Reader): Failure {
  return {
    kind: reader.u8(),
    inDoubt: reader.u8() !== 0,
    resultCode: reader.i32(),
    subCode: reader.u32(),
    attempts: reader.u32(),
    waitedMs: reader.u32(),
    node: reader.text(),
    address: reader.text(),
    message: reader.text(),
    cause: reader.u8() !== 0 ? readFailure(reader) : undefined,
  }
}
