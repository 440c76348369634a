/**
 * Policies of batches that write, and of single rows. A row's policy overrides the batch's, and that overrides the
 * client's `write` policy.
 */
import { POLICY_FIELDS } from '../catalog/policy-fields'
import {
  type BasePolicy,
  type BatchPolicy,
  batchWriteFields,
  fieldsNamed,
  type PolicyForm,
  type WritePolicy,
} from '../options/policy'

/** Policy of a batch that may write. The write fields apply to each of its rows that writes. */
export interface BatchWritePolicy extends BatchPolicy, Omit<WritePolicy, keyof BasePolicy | 'gen' | 'tx'> {
  /**
   * Retries after network errors and transient server errors. With retries, a write can be applied twice. Default: that
   * of the client's `write` policy, which is 0.
   */
  maxRetries?: number | undefined
}

/** Policy of a batch row that reads. */
export interface ReadRowPolicy extends Pick<BasePolicy, 'readTouchTtlPercent' | 'filterExpression' | 'expressions'> {}

/** Policy of a batch row that writes. */
export interface WriteRowPolicy
  extends Omit<WritePolicy, keyof BasePolicy | 'tx'>,
    Pick<BasePolicy, 'filterExpression' | 'expressions'> {}

/** Policy of a batch row that deletes a record. */
export interface RemoveRowPolicy
  extends Pick<WriteRowPolicy, 'gen' | 'key' | 'durableDelete' | 'commitLevel' | 'filterExpression' | 'expressions'> {}

/** Policy of a batch row that calls a function. */
export interface ApplyRowPolicy
  extends Pick<
    WriteRowPolicy,
    | 'ttl'
    | 'key'
    | 'durableDelete'
    | 'commitLevel'
    | 'onLockingOnly'
    | 'ignoreUndefined'
    | 'filterExpression'
    | 'expressions'
  > {}

/** Fields of the policy of a batch that may write. */
export const BATCH_WRITE: PolicyForm = {
  what: 'batch policy',
  fields: batchWriteFields(),
  filter: true,
  signal: true,
  tx: true,
}

/** The policy of a batch that calls a function. */
export const BATCH_APPLY: PolicyForm = { ...BATCH_WRITE, tx: 'a function cannot be part of a transaction' }

function ofRow(...fields: string[]): PolicyForm {
  const tx = 'a transaction is a field of the policy of the whole batch'
  return { what: 'policy', fields: fieldsNamed(fields), filter: true, signal: false, tx }
}

export const READ_ROW = ofRow('readTouchTtlPercent')
export const WRITE_ROW = ofRow(...Object.keys(POLICY_FIELDS.write))
export const REMOVE_ROW = ofRow('gen', 'key', 'durableDelete', 'commitLevel')
export const APPLY_ROW = ofRow('ttl', 'key', 'durableDelete', 'commitLevel', 'onLockingOnly', 'ignoreUndefined')
