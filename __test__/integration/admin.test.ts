// Users, roles and privileges, on both clients.
import { AdminError, InvalidArgError } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENTS, type Commands, connectBefore } from '../helpers/clients'

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

describe.each(CLIENTS)('$name, with security on the server', kind => {
  let server: LocalServer
  let client: Commands
  beforeAll(async () => {
    server = await LocalServer.start({ security: true })
    client = await kind.connect(server.config)
  })
  afterAll(async () => {
    await client?.close()
    await server?.stop()
  })

  test('users are created, listed, changed and dropped', async () => {
    await client.createUser('ada', 'secret', ['read', 'write'])
    await client.createUser('bob', 'secret')
    const ada = await client.queryUser('ada')
    expect(ada).toMatchObject({ user: 'ada', connsInUse: 0 })
    expect(ada.roles.sort()).toEqual(['read', 'write'])
    await client.grantRoles('bob', ['read', 'sindex-admin'])
    await client.revokeRoles('bob', ['read'])
    expect((await client.queryUser('bob')).roles).toEqual(['sindex-admin'])
    const all = await client.queryUsers()
    expect(all.map(({ user }) => user).sort()).toEqual(['ada', 'admin', 'bob'])
    await using other = await kind.connect({ hosts: server.address, user: 'ada', password: 'secret' })
    expect((await client.queryUser('ada')).connsInUse).toBeGreaterThan(0)
    expect(await other.queryUser('ada')).toMatchObject({ user: 'ada' })
    await client.changePassword('ada', 'changed')
    await using again = await kind.connect({ hosts: server.address, user: 'ada', password: 'changed' })
    expect(again.isConnected()).toBe(true)
    for (const user of ['ada', 'bob']) await client.dropUser(user)
    await expect(client.queryUser('ada')).rejects.toMatchObject({ name: 'AdminError', code: 'INVALID_USER' })
  })

  test('a PKI user is created, and cannot log in with a password', async () => {
    await client.createPkiUser('service', ['read'])
    expect((await client.queryUser('service')).roles).toEqual(['read'])
    const guess = kind.make({ hosts: server.address, user: 'service', password: 'guess' })
    await expect(guess.connect()).rejects.toMatchObject({ name: 'AdminError' })
  })

  test('roles are created, listed, changed and dropped', async () => {
    const privileges = ['sys-admin' as const, { code: 'read' as const, namespace: 'test', set: 'orders' }]
    const allowlist = ['127.0.0.1', '10.0.0.0/8']
    await client.createRole('auditor', privileges, { allowlist, readQuota: 100, writeQuota: 50 })
    const created = await client.queryRole('auditor')
    expect(created).toMatchObject({ name: 'auditor', readQuota: 100, writeQuota: 50 })
    expect(created.allowlist.sort()).toEqual([...allowlist].sort())
    expect(created.privileges).toHaveLength(2)
    expect(created.privileges).toEqual(
      expect.arrayContaining([{ code: 'sys-admin' }, { code: 'read', namespace: 'test', set: 'orders' }]),
    )
    await client.grantPrivileges('auditor', ['read-masked', { code: 'truncate', namespace: 'test' }])
    await client.revokePrivileges('auditor', created.privileges)
    const changed = await client.queryRole('auditor')
    expect(changed.privileges).toHaveLength(2)
    expect(changed.privileges).toEqual(
      expect.arrayContaining([{ code: 'read-masked' }, { code: 'truncate', namespace: 'test' }]),
    )
    await client.setAllowlist('auditor', [])
    await client.setQuotas('auditor', 0, 7)
    expect(await client.queryRole('auditor')).toMatchObject({ allowlist: [], readQuota: 0, writeQuota: 7 })
    const names = (await client.queryRoles()).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['auditor', 'read', 'read-write', 'user-admin']))
    await client.dropRole('auditor')
    await expect(client.queryRole('auditor')).rejects.toMatchObject({ name: 'AdminError', code: 'INVALID_ROLE' })
  })

  test('a scoped privilege allows its set only', async () => {
    await client.createRole('orders', [{ code: 'read-write', namespace: 'test', set: 'orders' }])
    await client.createUser('carol', 'secret', ['orders'])
    await using carol = await kind.connect({ hosts: server.address, user: 'carol', password: 'secret' })
    await carol.put(['test', 'orders', 1], { a: 1 })
    expect((await carol.get(['test', 'orders', 1])).bins).toEqual({ a: 1 })
    await expect(carol.put(['test', 'users', 1], { a: 1 })).rejects.toMatchObject({ code: 'ROLE_VIOLATION' })
    const rows = await carol.batchRead([
      ['test', 'orders', 1],
      ['test', 'users', 1],
    ])
    expect(Array.from(rows, row => row.resultCode)).toEqual([0, 81])
  })

  test.each([
    ['INVALID_USER', (admin: Commands) => admin.dropUser('nobody')],
    ['INVALID_USER', (admin: Commands) => admin.grantRoles('nobody', ['read'])],
    ['USER_EXISTS', (admin: Commands) => admin.createUser('admin', 'secret')],
    ['INVALID_ROLE', (admin: Commands) => admin.createUser('dave', 'secret', ['no-such-role'])],
    ['INVALID_ROLE', (admin: Commands) => admin.dropRole('no-such-role')],
    ['INVALID_ROLE', (admin: Commands) => admin.grantPrivileges('no-such-role', ['read'])],
    ['INVALID_ROLE', (admin: Commands) => admin.queryRole('no-such-role')],
    ['ROLE_EXISTS', (admin: Commands) => admin.createRole('read', ['read'])],
    ['INVALID_ALLOWLIST', (admin: Commands) => admin.createRole('odd', ['read'], { allowlist: ['nowhere'] })],
  ])('errors have the code %s', async (code, call) => {
    await expect(call(client)).rejects.toMatchObject({ name: 'AdminError', code, inDoubt: false })
  })

  test('as many privileges as a request can carry arrive', async () => {
    const privileges = Array.from({ length: 75 }, (_, set) => ({
      code: 'read' as const,
      namespace: 'test',
      set: `s${set}`,
    }))
    await client.createRole('many', privileges)
    expect((await client.queryRole('many')).privileges).toHaveLength(75)
    await client.dropRole('many')
  })
})
