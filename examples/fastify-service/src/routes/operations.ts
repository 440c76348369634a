/**
 * Several operations on one record, performed in order and atomically.
 */
import { Key } from 'aerospike-napi'
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { ifMatch } from '../etag.ts'
import { binsToJson, toJson } from '../json.ts'
import { OperationBody, operationOf } from '../operations.ts'
import { IfMatch, problems, RecordAnswer, RecordPath } from '../schemas.ts'

const Body = Type.Object(
  { operations: Type.Array(OperationBody, { minItems: 1, maxItems: 1000 }) },
  { additionalProperties: false },
)
const Failures = problems(400, 404, 412, 413, 422, 503, 504)

export const operations: Routes = async app => {
  const { aerospike, settings } = app
  const keyOf = ({ set, key }: { set: string; key: string }): Key => new Key(settings.APP_AEROSPIKE_NAMESPACE, set, key)

  app.post(
    '/:set/:key',
    {
      schema: {
        summary: 'Operate; answers by bin',
        params: RecordPath,
        headers: IfMatch,
        body: Body,
        response: { 200: RecordAnswer, ...Failures },
      },
    },
    async ({ params, headers, body }) => {
      const { bins, gen, ttl } = await aerospike.operate(
        keyOf(params),
        body.operations.map(operationOf),
        ifMatch(headers),
      )
      return { bins: binsToJson(bins), gen, ttl }
    },
  )

  app.post(
    '/:set/:key/ordered',
    {
      schema: {
        summary: 'Operate; answers in the order of the operations that give one',
        params: RecordPath,
        headers: IfMatch,
        body: Body,
        response: {
          200: Type.Object({
            results: Type.Array(Type.Object({ bin: Type.String(), value: Type.Unknown() })),
            gen: Type.Integer(),
            ttl: Type.Integer(),
          }),
          ...Failures,
        },
      },
    },
    async ({ params, headers, body }) => {
      const { results, gen, ttl } = await aerospike.operateOrdered(
        keyOf(params),
        body.operations.map(operationOf),
        ifMatch(headers),
      )
      return { results: results.map(([bin, value]) => ({ bin, value: toJson(value) })), gen, ttl }
    },
  )
}
