/** The suites by name. */
import { baseline } from './baseline'
import { batchReadEmbeddings, batchReadWide, batchWriteColumns } from './batch-columns'
import { batchRead } from './batch-read'
import { batchReadArrow } from './batch-read-arrow'
import { batchReadColumns } from './batch-read-columns'
import { batchWrite } from './batch-write'
import type { SuiteName } from './cases'
import { exists } from './exists'
import { get } from './get'
import { mixed } from './mixed'
import { operate } from './operate'
import { put } from './put'
import { queryColumns, queryRecords } from './query'
import { service } from './service'
import { getShape, putShape } from './shapes'
import type { Suite } from './suite'
import { threadWake } from './thread-wake'
import { workers } from './workers'

export const SUITES: { readonly [name in SuiteName]: Suite } = {
  get,
  put,
  operate,
  exists,
  mixed,
  getShape,
  putShape,
  batchRead,
  batchReadColumns,
  batchReadArrow,
  batchReadWide,
  batchReadEmbeddings,
  batchWrite,
  batchWriteColumns,
  queryRecords,
  queryColumns,
  workers,
  service,
  baseline,
  threadWake,
}
