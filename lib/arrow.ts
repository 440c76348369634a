/**
 * The entry point `aerospike-napi/arrow`. Only this module and those in `lib/arrow/` import apache-arrow, which is an
 * optional peer dependency.
 */
export { type QueryToArrowOptions, queryToArrow } from './arrow/query'
export { type KeyType, type ToArrowOptions, toArrow } from './arrow/read'
export { type ReadArrowOptions, type ReadArrowPolicy, readArrow } from './arrow/windows'
export {
  type ArrowSource,
  type ArrowWritten,
  type WriteArrowOptions,
  type WriteArrowProgress,
  writeArrow,
} from './arrow/write'
