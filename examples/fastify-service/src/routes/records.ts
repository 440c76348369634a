/**
 * Records of any shape, by set and user key.
 */
import { Key } from 'aerospike-napi'
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { etag, ifMatch } from '../etag.ts'
import { binsToJson } from '../json.ts'
import { BinName, BinsBody, IfMatch, Meta, Nothing, problems, RecordAnswer, RecordPath, Ttl } from '../schemas.ts'

const Failures = problems(400, 404, 412, 413, 422, 503, 504)

export const records: Routes = async app => {
  const { aerospike, settings } = app
  const keyOf = ({ set, key }: { set: string; key: string }): Key => new Key(settings.APP_AEROSPIKE_NAMESPACE, set, key)

  app.get(
    '/:set/:key',
    {
      schema: {
        summary: 'Read a record, or some of its bins',
        params: RecordPath,
        querystring: Type.Object({ bins: Type.Optional(Type.Array(BinName)) }),
        response: { 200: RecordAnswer, ...Failures },
      },
    },
    async ({ params, query }, reply) => {
      const key = keyOf(params)
      const { bins, gen, ttl } = await (query.bins === undefined
        ? aerospike.get(key)
        : aerospike.select(key, query.bins))
      reply.header('etag', etag(gen))
      return { bins: binsToJson(bins), gen, ttl }
    },
  )

  app.get(
    '/:set/:key/meta',
    {
      schema: {
        summary: 'Generation and lifetime; null when there is no such record',
        params: RecordPath,
        response: { 200: Type.Union([Meta, Type.Null()]), ...Failures },
      },
    },
    ({ params }) => aerospike.getMeta(keyOf(params)),
  )

  app.get(
    '/:set/:key/exists',
    {
      schema: {
        summary: 'Whether a record exists',
        params: RecordPath,
        response: { 200: Type.Object({ exists: Type.Boolean() }), ...Failures },
      },
    },
    async ({ params }) => ({ exists: await aerospike.exists(keyOf(params)) }),
  )

  app.put(
    '/:set/:key',
    {
      schema: {
        summary: 'Write bins; a bin of null is removed',
        params: RecordPath,
        headers: IfMatch,
        body: Type.Object(
          {
            bins: BinsBody,
            ttl: Type.Optional(Ttl),
            exists: Type.Optional(Type.Enum(['ignore', 'update-only', 'create-only', 'replace', 'replace-only'])),
          },
          { additionalProperties: false },
        ),
        response: { 204: Nothing, ...Failures, ...problems(409) },
      },
    },
    async ({ params, headers, body }, reply) => {
      const { bins, ttl, exists } = body
      const meta = { ...ifMatch(headers), ...(ttl === undefined ? {} : { ttl }) }
      await aerospike.put(keyOf(params), bins, meta, exists === undefined ? {} : { exists })
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/:set/:key',
    { schema: { summary: 'Delete', params: RecordPath, headers: IfMatch, response: { 204: Nothing, ...Failures } } },
    async ({ params, headers }, reply) => {
      await aerospike.remove(keyOf(params), ifMatch(headers))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/:set/:key/touch',
    {
      schema: {
        summary: 'Set the lifetime anew',
        params: RecordPath,
        body: Type.Object({ ttl: Type.Optional(Ttl) }, { additionalProperties: false }),
        response: { 204: Nothing, ...Failures },
      },
    },
    async ({ params, body }, reply) => {
      await aerospike.touch(keyOf(params), body.ttl)
      return reply.code(204).send(null)
    },
  )

  for (const verb of ['append', 'prepend'] as const) {
    app.post(
      `/:set/:key/${verb}`,
      {
        schema: {
          summary: `${verb === 'append' ? 'Append' : 'Prepend'} to a string`,
          params: RecordPath,
          body: Type.Object({ bin: BinName, value: Type.String() }, { additionalProperties: false }),
          response: { 204: Nothing, ...Failures },
        },
      },
      async ({ params, body }, reply) => {
        await aerospike[verb](keyOf(params), body.bin, body.value)
        return reply.code(204).send(null)
      },
    )
  }

  app.post(
    '/:set/:key/increment',
    {
      schema: {
        summary: 'Add to a number',
        params: RecordPath,
        body: Type.Object({ bin: BinName, by: Type.Number() }, { additionalProperties: false }),
        response: { 204: Nothing, ...Failures },
      },
    },
    async ({ params, body }, reply) => {
      await aerospike.increment(keyOf(params), body.bin, body.by)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/:set/:key/remove-bins',
    {
      schema: {
        summary: 'Remove bins; a record without bins is gone',
        params: RecordPath,
        body: Type.Object({ bins: Type.Array(BinName, { minItems: 1 }) }, { additionalProperties: false }),
        response: { 204: Nothing, ...Failures },
      },
    },
    async ({ params, body }, reply) => {
      await aerospike.removeBin(keyOf(params), body.bins)
      return reply.code(204).send(null)
    },
  )
}
