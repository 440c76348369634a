/**
 * Policies of batches that write, and of single rows: what a row says comes before what its batch says, and that before
 * the client's defaults for writes.
 */
import {
  type BasePolicy,
  type BatchPolicy,
  batchWriteFields,
  fieldsNamed,
  type PolicyForm,
  type WritePolicy,
} from '../options/policy'

/** How a batch that may write is carried out; the fields of writes hold for each of its rows that writes. */
export interface BatchWritePolicy extends BatchPolicy, Omit<WritePolicy, keyof BasePolicy | 'gen'> {
  /**
   * Retries after network errors and the server's passing ones. Default 0, or what the client's `write` policy says: with
   * more, a write can be applied twice.
   */
  maxRetries?: number
}

/** How one row of a batch is read. */
export interface ReadRowPolicy extends Pick<BasePolicy, 'readTouchTtlPercent' | 'filterExpression' | 'expressions'> {}

/** How one row of a batch is written. */
export interface WriteRowPolicy
  extends Omit<WritePolicy, keyof BasePolicy>,
    Pick<BasePolicy, 'filterExpression' | 'expressions'> {}

/** How the record of one row of a batch is deleted. */
export interface RemoveRowPolicy
  extends Pick<WriteRowPolicy, 'gen' | 'key' | 'durableDelete' | 'commitLevel' | 'filterExpression' | 'expressions'> {}

/** How the function of one row of a batch is called. */
export interface ApplyRowPolicy
  extends Pick<
    WriteRowPolicy,
    'ttl' | 'key' | 'durableDelete' | 'commitLevel' | 'onLockingOnly' | 'filterExpression' | 'expressions'
  > {}

/** The policy of a batch that may write. */
export const BATCH_WRITE: PolicyForm = {
  what: 'batch policy',
  fields: batchWriteFields(),
  filter: true,
  signal: true,
}

function ofRow(...fields: string[]): PolicyForm {
  return { what: 'policy', fields: fieldsNamed(fields), filter: true, signal: false }
}

/** Of a row that reads. */
export const READ_ROW = ofRow('readTouchTtlPercent')
/** Of a row that writes. */
export const WRITE_ROW = ofRow('exists', 'gen', 'ttl', 'key', 'durableDelete', 'commitLevel', 'onLockingOnly')
/** Of a row that deletes. */
export const REMOVE_ROW = ofRow('gen', 'key', 'durableDelete', 'commitLevel')
/** Of a row that calls a function. */
export const APPLY_ROW = ofRow('ttl', 'key', 'durableDelete', 'commitLevel', 'onLockingOnly')
