/**
 * Users: records with a fixed shape. A user's entity tag is the generation of the record.
 */
import { randomUUID } from 'node:crypto'
import { type AerospikeRecord, Key, op } from 'aerospike-napi'
import { type Static, Type } from 'typebox'
import type { Routes } from '../app.ts'
import { etag, ifMatch } from '../etag.ts'
import { IfMatch, Nothing, problems } from '../schemas.ts'

const UserBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128 }),
    email: Type.String({ format: 'email', maxLength: 254 }),
    age: Type.Integer({ minimum: 0, maximum: 200 }),
  },
  { additionalProperties: false },
)
type UserBins = Static<typeof UserBody>

const UserPatch = Type.Partial(UserBody, { minProperties: 1, additionalProperties: false })

const User = Type.Object({ user_id: Type.String(), ...UserBody.properties, generation: Type.Integer() })

const UserPath = Type.Object({ user_id: Type.String({ pattern: '^[0-9a-f]{32}$' }) })

const answer = (id: string, { bins, gen }: AerospikeRecord<UserBins>): Static<typeof User> => ({
  user_id: id,
  name: bins.name,
  email: bins.email,
  age: bins.age,
  generation: gen,
})

export const users: Routes = async app => {
  const { aerospike, settings } = app
  const keyOf = (id: string): Key => new Key(settings.APP_AEROSPIKE_NAMESPACE, settings.APP_AEROSPIKE_SET, id)

  app.post(
    '',
    { schema: { summary: 'Create a user', body: UserBody, response: { 201: User, ...problems(400, 413, 503, 504) } } },
    async ({ body }, reply) => {
      const id = randomUUID().replaceAll('-', '')
      await aerospike.put(keyOf(id), body, null, { exists: 'create-only' })
      // A new record has generation 1, so there is no need to read it back.
      reply.code(201).header('location', `/users/${id}`).header('etag', etag(1))
      return { user_id: id, ...body, generation: 1 }
    },
  )

  app.get(
    '/:user_id',
    { schema: { summary: 'Read a user', params: UserPath, response: { 200: User, ...problems(400, 404, 503, 504) } } },
    async ({ params }, reply) => {
      const record = await aerospike.get<UserBins>(keyOf(params.user_id))
      reply.header('etag', etag(record.gen))
      return answer(params.user_id, record)
    },
  )

  app.put(
    '/:user_id',
    {
      schema: {
        summary: 'Replace a user',
        params: UserPath,
        headers: IfMatch,
        body: UserBody,
        response: { 200: User, ...problems(400, 404, 412, 503, 504) },
      },
    },
    async ({ params, headers, body }, reply) => {
      // The same call returns the generation, so it is the one of this write.
      const { gen } = await aerospike.operate(
        keyOf(params.user_id),
        [op.write('name', body.name), op.write('email', body.email), op.write('age', body.age), op.readHeader()],
        ifMatch(headers),
        { exists: 'replace-only' },
      )
      reply.header('etag', etag(gen))
      return { user_id: params.user_id, ...body, generation: gen }
    },
  )

  app.patch(
    '/:user_id',
    {
      schema: {
        summary: 'Change some of a user',
        params: UserPath,
        headers: IfMatch,
        body: UserPatch,
        response: { 200: User, ...problems(400, 404, 412, 503, 504) },
      },
    },
    async ({ params, headers, body }, reply) => {
      const record = await aerospike.operate<UserBins>(
        keyOf(params.user_id),
        [...Object.entries(body).map(([bin, value]) => op.write(bin, value)), op.read()],
        ifMatch(headers),
        { exists: 'update-only' },
      )
      reply.header('etag', etag(record.gen))
      return answer(params.user_id, record)
    },
  )

  app.delete(
    '/:user_id',
    {
      schema: {
        summary: 'Delete a user',
        params: UserPath,
        headers: IfMatch,
        response: { 204: Nothing, ...problems(400, 404, 412, 503, 504) },
      },
    },
    async ({ params, headers }, reply) => {
      await aerospike.remove(keyOf(params.user_id), ifMatch(headers))
      return reply.code(204).send(null)
    },
  )
}
