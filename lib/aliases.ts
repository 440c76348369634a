// Generated from scripts/aliases.json by `make types`. Do not edit.

/**
 * Exports under other names.
 */

export { Client as AsyncClient } from './client'
export {
  BinNotFoundError as BinNotFound,
  FilteredOutError as FilteredOut,
  IndexExistsError as IndexFoundError,
  IndexNotFoundError as IndexNotFound,
  RecordNotFoundError as RecordNotFound,
  RecordTooBigError as RecordTooBig,
} from './common/errors'
export { bits as bitwise } from './operations/bits'
export { op as operations } from './operations/op'
