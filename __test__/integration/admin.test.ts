// Users, roles and privileges, on both clients.
import { AdminError, InvalidArgError } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore } from '../helpers/clients'

describe.each(CLIENTS)('$name, without security on the server', kind => {
  const client = connectBefore(kind)

  test('each command explains that the server has no users', async () => {
    const calls = [
      client().createUser('ada', 'secret', ['read']),
      client().createPkiUser('ada', ['read']),
      client().dropUser('ada'),
      client().changePassword('ada', 'secret'),
      client().grantRoles('ada', ['read']),
      client().revokeRoles('ada', ['read']),
      client().queryUser('ada'),
      client().queryUsers(),
      client().createRole('auditor', ['read']),
      client().dropRole('auditor'),
      client().grantPrivileges('auditor', ['read']),
      client().revokePrivileges('auditor', ['read']),
      client().setAllowlist('auditor', []),
      client().setQuotas('auditor', 1, 1),
      client().queryRole('auditor'),
      client().queryRoles(),
    ]
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(AdminError) })
      expect((outcome as PromiseRejectedResult).reason).toMatchObject({
        code: 'SECURITY_NOT_SUPPORTED',
        inDoubt: false,
        message: expect.stringContaining('it has no users or roles'),
      })
    }
  })

  test('refuses what no server can take, and sends nothing', async () => {
    await expect(client().createUser('', 'secret')).rejects.toThrow(InvalidArgError)
    await expect(client().createRole('auditor', [{ code: 'sys-admin', namespace: 'test' }])).rejects.toThrow(
      InvalidArgError,
    )
    await expect(client().dropRole('r'.repeat(2000))).rejects.toThrow(InvalidArgError)
  })
})
