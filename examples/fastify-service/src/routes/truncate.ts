/**
 * Truncates sets. Truncating the whole namespace is not offered over HTTP.
 */
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { Nothing, problems, SetName } from '../schemas.ts'

export const truncate: Routes = async app => {
  const { aerospike, settings } = app

  app.post(
    '',
    {
      schema: {
        summary: 'Remove all records of a set, or those written before a moment',
        body: Type.Object(
          { set: SetName, before: Type.Optional(Type.String({ format: 'date-time' })) },
          { additionalProperties: false },
        ),
        response: { 204: Nothing, ...problems(400, 422, 503, 504) },
      },
    },
    async ({ body: { set, before } }, reply) => {
      const moment = before === undefined ? null : new Date(before)
      await aerospike.truncate(settings.APP_AEROSPIKE_NAMESPACE, set, moment)
      return reply.code(204).send(null)
    },
  )
}
