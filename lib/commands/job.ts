/**
 * Background jobs: beginning them, looking at them, ending them.
 */
import { invalidArgument } from '../errors'
import type { JobPolicy, JobStatus } from '../job'
import { type CallOptions, jobFields, type PolicyForm, writePolicy, writePolicyAs } from '../policy'
import { type Statement, writeStatement } from '../query/statement'
import { describe, type Value, writeText, writeValue } from '../value'
import type { Writer } from '../wire'
import { define, type Maybe } from './define'

/** The policy of a background job. */
const JOB: PolicyForm = { what: 'job policy', fields: jobFields(), filter: true, signal: true }

/** Writes which function is called with which arguments. */
export function writeFunction(writer: Writer, call: string, module: unknown, name: unknown, args: unknown): void {
  for (const [text, what] of [
    [module, 'module'],
    [name, 'function'],
  ] as const) {
    if (typeof text !== 'string' || text === '') {
      throw invalidArgument(`${call}: the ${what} is a name, not ${text === '' ? 'an empty string' : describe(text)}`)
    }
    writeText(writer, text, what)
  }
  const given = args ?? []
  if (!Array.isArray(given)) throw invalidArgument(`${call}: the arguments are an array, not ${describe(args)}`)
  if (given.length > 0xffff) throw invalidArgument(`${call}: ${given.length} arguments are more than can be sent`)
  writer.u16(given.length)
  for (let index = 0; index < given.length; index++) writeValue(writer, given[index], `${call}: args[${index}]`)
}

type ApplyArgs = readonly [Statement, string, string, Maybe<readonly Value[]>, Maybe<JobPolicy>]

/** Begins a job that calls a user-defined function with each record. */
export const queryApply = define({
  name: 'query.apply',
  id: 33,
  kind: 'write',
  policy: 4,
  encode: (writer, [statement, module, name, args, policy]: ApplyArgs) => {
    writeStatement(writer, statement, policy)
    writeFunction(writer, 'apply', module, name, args)
    writePolicyAs(writer, JOB, policy)
  },
  decode: ({ reader }): bigint => reader.i64(),
})

type OperateArgs = readonly [Statement, Maybe<JobPolicy>]

/** Begins a job that carries operations out on each record. */
export const queryOperate = define({
  name: 'query.operate',
  id: 34,
  kind: 'write',
  policy: 1,
  encode: (writer, [statement, policy]: OperateArgs) => {
    writeStatement(writer, statement, policy)
    writePolicyAs(writer, JOB, policy)
  },
  decode: ({ reader }): bigint => reader.i64(),
})

type JobArgs = readonly [bigint, CallOptions]

function writeJob(writer: Writer, [id, options]: JobArgs): void {
  if (typeof id !== 'bigint') throw invalidArgument(`job: the number of a job is a bigint, not ${describe(id)}`)
  writer.i64(BigInt.asIntN(64, id))
  writePolicy(writer, 'admin', options)
}

/** A job's status as the servers tell it. */
export type JobAnswer = JobStatus & { readonly aborted: boolean }

/** How far a job is. */
export const jobProgress = define({
  name: 'job.progress',
  id: 60,
  kind: 'admin',
  policy: 1,
  encode: writeJob,
  decode: ({ reader }): JobAnswer => ({
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

/** Ends a job. */
export const jobAbort = define({
  name: 'job.abort',
  id: 61,
  kind: 'admin',
  policy: 1,
  encode: writeJob,
  decode: ({ reader }): boolean => reader.u8() !== 0,
})
