/**
 * Users of the database. Needs a server with security, and a user of the service with the privilege `user-admin`.
 */
import { Type } from 'typebox'
import type { Routes } from '../app.ts'
import { Nothing, Password, problems, RoleName, UserName } from '../schemas.ts'

const UserPath = Type.Object({ user: UserName })
const GrantPath = Type.Object({ user: UserName, role: RoleName })

const User = Type.Object({
  user: Type.String(),
  roles: Type.Array(Type.String()),
  connsInUse: Type.Integer({ description: 'open connections of this user, on all nodes' }),
})

export const adminUsers: Routes = async app => {
  const { aerospike } = app

  app.get(
    '',
    { schema: { summary: 'All users', response: { 200: Type.Array(User), ...problems(401, 403, 501, 503, 504) } } },
    async () => aerospike.queryUsers(),
  )

  app.get(
    '/:user',
    {
      schema: {
        summary: 'A user with its roles',
        params: UserPath,
        response: { 200: User, ...problems(401, 403, 404, 501, 503, 504) },
      },
    },
    async ({ params }) => aerospike.queryUser(params.user),
  )

  app.post(
    '',
    {
      schema: {
        summary: 'Create a user',
        body: Type.Object(
          { user: UserName, password: Password, roles: Type.Optional(Type.Array(RoleName)) },
          { additionalProperties: false },
        ),
        response: { 201: Nothing, ...problems(400, 401, 403, 404, 409, 422, 501, 503, 504) },
      },
    },
    async ({ body: { user, password, roles = [] } }, reply) => {
      await aerospike.createUser(user, password, roles)
      return reply
        .code(201)
        .header('location', `/admin-users/${encodeURIComponent(user)}`)
        .send(null)
    },
  )

  app.put(
    '/:user/password',
    {
      schema: {
        summary: 'Change the password of a user; its open sessions stay valid',
        params: UserPath,
        body: Type.Object({ password: Password }, { additionalProperties: false }),
        response: { 204: Nothing, ...problems(400, 401, 403, 404, 422, 501, 503, 504) },
      },
    },
    async ({ params, body }, reply) => {
      await aerospike.changePassword(params.user, body.password)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/:user/roles/:role',
    {
      schema: {
        summary: 'Grant a role to a user',
        params: GrantPath,
        response: { 204: Nothing, ...problems(401, 403, 404, 501, 503, 504) },
      },
    },
    async ({ params }, reply) => {
      await aerospike.grantRoles(params.user, [params.role])
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/:user/roles/:role',
    {
      schema: {
        summary: 'Revoke a role from a user',
        params: GrantPath,
        response: { 204: Nothing, ...problems(401, 403, 404, 501, 503, 504) },
      },
    },
    async ({ params }, reply) => {
      await aerospike.revokeRoles(params.user, [params.role])
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/:user',
    {
      schema: {
        summary: 'Remove a user',
        params: UserPath,
        response: { 204: Nothing, ...problems(401, 403, 404, 501, 503, 504) },
      },
    },
    async ({ params }, reply) => {
      await aerospike.dropUser(params.user)
      return reply.code(204).send(null)
    },
  )
}
