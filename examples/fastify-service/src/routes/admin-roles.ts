/**
 * Roles of the database, with their privileges, allowlists and quotas.
 */
import type { PrivilegeCode, RoleInfo } from 'aerospike-napi'
import { type Static, Type } from 'typebox'
import type { Routes } from '../app.ts'
import { Nothing, problems, RoleName } from '../schemas.ts'

const CODES = [
  'read',
  'write',
  'read-write',
  'read-write-udf',
  'truncate',
  'user-admin',
  'sys-admin',
  'data-admin',
  'udf-admin',
  'sindex-admin',
] as const satisfies readonly PrivilegeCode[]

const Privilege = Type.Object(
  {
    code: Type.Enum([...CODES]),
    namespace: Type.Optional(Type.String({ minLength: 1 })),
    set: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false },
)
const Privileges = Type.Array(Privilege, { minItems: 1 })
const Allowlist = Type.Array(Type.String({ minLength: 1 }), { description: 'addresses; empty: from anywhere' })
const Quota = Type.Integer({ minimum: 0, description: 'records per second; 0: no limit' })

const RolePath = Type.Object({ role: RoleName })

const Role = Type.Object({
  role: Type.String(),
  privileges: Type.Array(
    Type.Object({ code: Type.String(), namespace: Type.Optional(Type.String()), set: Type.Optional(Type.String()) }),
  ),
  allowlist: Type.Array(Type.String()),
  readQuota: Type.Integer(),
  writeQuota: Type.Integer(),
})

function answerOf({ name, privileges, allowlist, readQuota, writeQuota }: RoleInfo): Static<typeof Role> {
  const listed = privileges.map(({ code, namespace, set }) => ({
    code,
    ...(namespace ? { namespace } : {}),
    ...(set ? { set } : {}),
  }))
  return { role: name, privileges: listed, allowlist: [...allowlist], readQuota, writeQuota }
}

export const adminRoles: Routes = async app => {
  const { aerospike } = app

  app.get(
    '',
    {
      schema: {
        summary: 'All roles, with those that every server has',
        response: { 200: Type.Array(Role), ...problems(401, 403, 501, 503, 504) },
      },
    },
    async () => (await aerospike.queryRoles()).map(answerOf),
  )

  app.get(
    '/:role',
    {
      schema: {
        summary: 'A role',
        params: RolePath,
        response: { 200: Role, ...problems(401, 403, 404, 501, 503, 504) },
      },
    },
    async ({ params }) => answerOf(await aerospike.queryRole(params.role)),
  )

  app.post(
    '',
    {
      schema: {
        summary: 'Create a role',
        body: Type.Object(
          {
            role: RoleName,
            privileges: Privileges,
            allowlist: Type.Optional(Allowlist),
            readQuota: Type.Optional(Quota),
            writeQuota: Type.Optional(Quota),
          },
          { additionalProperties: false },
        ),
        response: { 201: Nothing, ...problems(400, 401, 403, 409, 422, 501, 503, 504) },
      },
    },
    async ({ body: { role, privileges, ...limits } }, reply) => {
      await aerospike.createRole(role, privileges, limits)
      return reply
        .code(201)
        .header('location', `/admin-roles/${encodeURIComponent(role)}`)
        .send(null)
    },
  )

  app.patch(
    '/:role/privileges',
    {
      schema: {
        summary: 'Grant and revoke privileges, in this order',
        params: RolePath,
        body: Type.Object(
          { grant: Type.Optional(Privileges), revoke: Type.Optional(Privileges) },
          { additionalProperties: false, minProperties: 1 },
        ),
        response: { 204: Nothing, ...problems(400, 401, 403, 404, 422, 501, 503, 504) },
      },
    },
    async ({ params, body: { grant, revoke } }, reply) => {
      // Two commands, because the database has none for both.
      if (grant !== undefined) await aerospike.grantPrivileges(params.role, grant)
      if (revoke !== undefined) await aerospike.revokePrivileges(params.role, revoke)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/:role/allowlist',
    {
      schema: {
        summary: 'Set the addresses from which users with this role may connect',
        params: RolePath,
        body: Type.Object({ allowlist: Allowlist }, { additionalProperties: false }),
        response: { 204: Nothing, ...problems(400, 401, 403, 404, 422, 501, 503, 504) },
      },
    },
    async ({ params, body }, reply) => {
      await aerospike.setAllowlist(params.role, body.allowlist)
      return reply.code(204).send(null)
    },
  )

  app.put(
    '/:role/quotas',
    {
      schema: {
        summary: 'Set the quotas',
        params: RolePath,
        body: Type.Object({ readQuota: Quota, writeQuota: Quota }, { additionalProperties: false }),
        response: { 204: Nothing, ...problems(400, 401, 403, 404, 422, 501, 503, 504) },
      },
    },
    async ({ params, body }, reply) => {
      await aerospike.setQuotas(params.role, body.readQuota, body.writeQuota)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/:role',
    {
      schema: {
        summary: 'Remove a role',
        params: RolePath,
        response: { 204: Nothing, ...problems(401, 403, 404, 501, 503, 504) },
      },
    },
    async ({ params }, reply) => {
      await aerospike.dropRole(params.role)
      return reply.code(204).send(null)
    },
  )
}
