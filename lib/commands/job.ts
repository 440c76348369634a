/**
 * Background jobs: commands that start, monitor and abort them.
 */

import { writeCall } from '../cluster/udf'
import { type CallOptions, jobFields, type PolicyForm, writePolicy, writePolicyAs } from '../options/policy'
import type { JobPolicy, JobStatus } from '../query/job'
import { type Statement, writeStatement } from '../query/statement'
import type { Writer } from '../wire/wire'
import { define, type Maybe } from './define'
import { ofStatement } from './subject'

/** The policy of a background job. */
const JOB: PolicyForm = {
  what: 'job policy',
  fields: jobFields(),
  filter: true,
  signal: true,
  tx: 'a background job cannot be part of a transaction',
}

type ApplyArgs = readonly [Statement, string, string, Maybe<readonly unknown[]>, Maybe<JobPolicy>]

/** Starts a job that calls a user-defined function on each record. */
export const queryApply = define({
  name: 'query.apply',
  kind: 'write',
  policy: 4,
  subject: ofStatement,
  encode: (writer, [statement, module, name, args, policy]: ApplyArgs) => {
    writeStatement(writer, statement, policy)
    writeCall(writer, module, name, args, 'apply: ')
    writePolicyAs(writer, JOB, policy)
  },
  decode: ({ reader }): bigint => BigInt.asUintN(64, reader.i64()),
})

type OperateArgs = readonly [Statement, Maybe<JobPolicy>]

/** Starts a job that runs operations on each record. */
export const queryOperate = define({
  name: 'query.operate',
  kind: 'write',
  policy: 1,
  subject: ofStatement,
  encode: (writer, [statement, policy]: OperateArgs) => {
    writeStatement(writer, statement, policy)
    writePolicyAs(writer, JOB, policy)
  },
  decode: ({ reader }): bigint => BigInt.asUintN(64, reader.i64()),
})

type JobArgs = readonly [bigint, CallOptions]

function writeJob(writer: Writer, [id, options]: JobArgs): void {
  writer.i64(BigInt.asIntN(64, id))
  writePolicy(writer, 'admin', options)
}

/** The status of a job as the servers report it. */
export type JobAnswer = JobStatus & { readonly known: boolean; readonly aborted: boolean }

/** Returns the progress of a job. */
export const jobProgress = define({
  name: 'job.progress',
  kind: 'admin',
  policy: 1,
  encode: writeJob,
  decode: ({ reader }): JobAnswer => ({
    known: reader.u8() !== 0,
    done: reader.u8() !== 0,
    aborted: reader.u8() !== 0,
    progress: reader.f64(),
    succeeded: reader.f64(),
    failed: reader.f64(),
    filteredBins: reader.f64(),
    filteredMeta: reader.f64(),
    throttled: reader.f64(),
  }),
})

/** Aborts a job. */
export const jobAbort = define({
  name: 'job.abort',
  kind: 'admin',
  policy: 1,
  encode: writeJob,
  decode: ({ reader }): boolean => reader.u8() !== 0,
})
