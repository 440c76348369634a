/**
 * Many records in one call. A failed row does not affect the others: each row has its own result.
 */
import { type BatchRecords, Key, type UserKey as UserKeyOf } from 'aerospike-napi'
import { type Static, Type } from 'typebox'
import type { Routes } from '../app.ts'
import { binsToJson, toJson } from '../json.ts'
import { OperationBody, operationOf } from '../operations.ts'
import { AnyValue, BinName, BinsBody, problems, SetName, Ttl, UserKey } from '../schemas.ts'

const Row = Type.Object({
  key: UserKey,
  /** Result code of the row; 0 if it succeeded. */
  resultCode: Type.Integer(),
  bins: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  gen: Type.Optional(Type.Integer()),
  ttl: Type.Optional(Type.Integer()),
  result: Type.Optional(Type.Unknown()),
  error: Type.Optional(Type.String()),
  inDoubt: Type.Optional(Type.Boolean()),
})

const Rows = Type.Object({ found: Type.Integer(), rows: Type.Array(Row) })
const Answers = { 200: Rows, ...problems(400, 413, 422, 503, 504) }

function answer(result: BatchRecords): Static<typeof Rows> {
  const rows = Array.from(result, ({ key, resultCode, record, result, error, inDoubt }) => ({
    key: key.userKey as string | number,
    resultCode,
    ...(record === null ? {} : { bins: binsToJson(record.bins), gen: record.gen, ttl: record.ttl }),
    ...(result === undefined ? {} : { result: toJson(result) }),
    ...(error === null ? {} : { error: error.code }),
    ...(inDoubt ? { inDoubt } : {}),
  }))
  return { found: result.found, rows }
}

export const batch: Routes = async app => {
  const { aerospike, settings } = app
  const Keys = Type.Array(UserKey, { minItems: 1, maxItems: settings.APP_MAX_BATCH })
  const keysOf = (set: string, keys: readonly UserKeyOf[]): Key[] =>
    keys.map(key => new Key(settings.APP_AEROSPIKE_NAMESPACE, set, key))
  const body = <P extends Type.TProperties>(properties: P) =>
    Type.Object({ set: SetName, ...properties }, { additionalProperties: false })

  app.post(
    '/read',
    {
      schema: {
        summary: 'Read; without bins all of them, with an empty list none',
        body: body({ keys: Keys, bins: Type.Optional(Type.Array(BinName)) }),
        response: Answers,
      },
    },
    async ({ body: { set, keys, bins } }) => answer(await aerospike.batchRead(keysOf(set, keys), bins)),
  )

  app.post(
    '/write',
    {
      schema: {
        summary: 'Write, each record with bins of its own',
        body: body({
          records: Type.Array(
            Type.Object(
              { key: UserKey, bins: BinsBody, ttl: Type.Optional(Ttl), gen: Type.Optional(Type.Integer()) },
              { additionalProperties: false },
            ),
            { minItems: 1, maxItems: settings.APP_MAX_BATCH },
          ),
        }),
        response: Answers,
      },
    },
    async ({ body: { set, records } }) =>
      answer(
        await aerospike.batchWrite(
          records.map(({ key, bins, ttl, gen }) => ({
            key: [settings.APP_AEROSPIKE_NAMESPACE, set, key] as const,
            bins,
            meta: { ...(ttl === undefined ? {} : { ttl }), ...(gen === undefined ? {} : { gen }) },
          })),
        ),
      ),
  )

  app.post(
    '/operate',
    {
      schema: {
        summary: 'The same operations on many records',
        body: body({ keys: Keys, operations: Type.Array(OperationBody, { minItems: 1, maxItems: 1000 }) }),
        response: Answers,
      },
    },
    async ({ body: { set, keys, operations } }) =>
      answer(await aerospike.batchOperate(keysOf(set, keys), operations.map(operationOf))),
  )

  app.post(
    '/remove',
    { schema: { summary: 'Delete', body: body({ keys: Keys }), response: Answers } },
    async ({ body: { set, keys } }) => answer(await aerospike.batchRemove(keysOf(set, keys))),
  )

  app.post(
    '/apply',
    {
      schema: {
        summary: 'Call a function of a module on many records',
        body: body({
          keys: Keys,
          module: Type.String({ minLength: 1 }),
          function: Type.String({ minLength: 1 }),
          args: Type.Optional(Type.Array(AnyValue)),
        }),
        response: Answers,
      },
    },
    async ({ body: { set, keys, module, function: name, args } }) =>
      answer(await aerospike.batchApply(keysOf(set, keys), module, name, args)),
  )
}
