/**
 * Secondary indexes of the namespace.
 */
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { BinName, Nothing, problems, SetName } from '../schemas.ts'

const IndexName = Type.String({ minLength: 1, maxLength: 63 })

const Index = Type.Object({
  namespace: Type.String(),
  set: Type.Union([Type.String(), Type.Null()]),
  index: Type.String(),
  bin: Type.Union([Type.String(), Type.Null()]),
  datatype: Type.String(),
  type: Type.String(),
  state: Type.String(),
})

export const indexes: Routes = async app => {
  const { aerospike, settings } = app
  const namespace = settings.APP_AEROSPIKE_NAMESPACE

  app.get(
    '',
    { schema: { summary: 'All indexes', response: { 200: Type.Array(Index), ...problems(503, 504) } } },
    async () => aerospike.indexList(namespace),
  )

  app.post(
    '',
    {
      schema: {
        summary: 'Create an index; answers when queries can use it',
        body: Type.Object(
          {
            set: Type.Optional(SetName),
            bin: BinName,
            index: IndexName,
            datatype: Type.Enum(['integer', 'string', 'blob', 'geo2dsphere']),
            type: Type.Optional(Type.Enum(['default', 'list', 'mapkeys', 'mapvalues'])),
          },
          { additionalProperties: false },
        ),
        response: { 201: Nothing, ...problems(400, 409, 422, 503, 504) },
      },
    },
    async ({ body: { type = 'default', ...index } }, reply) => {
      const task = await aerospike.createIndex({ namespace, type, ...index })
      await task.wait({ timeout: settings.APP_TOTAL_TIMEOUT * 10 })
      return reply.code(201).send(null)
    },
  )

  app.delete(
    '/:index',
    {
      schema: {
        summary: 'Remove an index',
        params: Type.Object({ index: IndexName }),
        response: { 204: Nothing, ...problems(404, 503, 504) },
      },
    },
    async ({ params }, reply) => {
      await (await aerospike.dropIndex(namespace, params.index)).wait({ timeout: settings.APP_TOTAL_TIMEOUT * 10 })
      return reply.code(204).send(null)
    },
  )
}
