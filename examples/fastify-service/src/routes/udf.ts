/**
 * User-defined functions: Lua modules, and calls of their functions.
 */
import { UDFError } from 'aerospike-napi'
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { HttpError } from '../errors.ts'
import { toJson } from '../json.ts'
import { AnyValue, Nothing, problems, SetName, UserKey } from '../schemas.ts'

const ModulePath = Type.Object({ module: Type.String({ pattern: '^[A-Za-z0-9_-]+\\.lua$' }) })
const Module = Type.Object({ name: Type.String(), hash: Type.String(), type: Type.String() })

export const udf: Routes = async app => {
  const { aerospike, settings } = app

  app.get(
    '/modules',
    { schema: { summary: 'All modules', response: { 200: Type.Array(Module), ...problems(503, 504) } } },
    async () => aerospike.udfList(),
  )

  app.get(
    '/modules/:module',
    {
      schema: {
        summary: 'The source of a module',
        params: ModulePath,
        response: { 200: Type.Object({ name: Type.String(), source: Type.String() }), ...problems(404, 503, 504) },
      },
    },
    async ({ params }) => {
      try {
        return { name: params.module, source: await aerospike.udfGet(params.module) }
      } catch (error) {
        if (error instanceof UDFError) throw new HttpError(404, 'UDF_NOT_FOUND', `there is no module ${params.module}`)
        throw error
      }
    },
  )

  app.put(
    '/modules/:module',
    {
      schema: {
        summary: 'Register a module, or replace it; answers when every node has it',
        params: ModulePath,
        body: Type.Object({ source: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
        response: { 204: Nothing, ...problems(400, 413, 422, 503, 504) },
      },
    },
    async ({ params, body }, reply) => {
      const task = await aerospike.udfRegister({ name: params.module, source: body.source })
      await task.wait({ timeout: settings.APP_TOTAL_TIMEOUT * 10 })
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/modules/:module',
    {
      schema: {
        summary: 'Remove a module; a missing module is not an error',
        params: ModulePath,
        response: { 204: Nothing, ...problems(503, 504) },
      },
    },
    async ({ params }, reply) => {
      await (await aerospike.udfRemove(params.module)).wait({ timeout: settings.APP_TOTAL_TIMEOUT * 10 })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/apply',
    {
      schema: {
        summary: 'Call a function on a record',
        body: Type.Object(
          {
            set: SetName,
            key: UserKey,
            module: Type.String({ minLength: 1 }),
            function: Type.String({ minLength: 1 }),
            args: Type.Optional(Type.Array(AnyValue)),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ result: Type.Unknown() }), ...problems(400, 422, 503, 504) },
      },
    },
    async ({ body: { set, key, module, function: name, args } }) => ({
      result: toJson(await aerospike.apply([settings.APP_AEROSPIKE_NAMESPACE, set, key], module, name, args)),
    }),
  )
}
