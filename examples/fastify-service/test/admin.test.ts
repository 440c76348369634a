/**
 * The routes for users and roles of the database, on a server with security.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AdminError, connect } from 'aerospike-napi'
import { type Answer, type Service, start } from './service.ts'

const token = 'the token of these tests'
const headers = { authorization: `Bearer ${token}` }

let service: Service
before(async () => {
  service = await start({ APP_ADMIN_TOKEN: token }, {}, { security: true })
})
after(() => service.stop())

type Method = Parameters<Service['ask']>[1]
const ask = (status: number, method: Method, url: string, body?: unknown): Promise<Answer> =>
  service.ask(status, method, url, body, headers)

/** Logs in as a user. */
const login = (user: string, password: string) =>
  connect({ hosts: service.server.address, user, password, totalTimeout: 10_000 })
const isAdminError = (code: string) => (error: unknown) => error instanceof AdminError && error.code === code

describe('users', () => {
  it('are created, read, listed and removed', async () => {
    const created = await ask(201, 'POST', '/admin-users', { user: 'ada', password: 'secret', roles: ['read'] })
    assert.equal(created.headers.location, '/admin-users/ada')
    const client = await login('ada', 'secret')
    const { body } = await ask(200, 'GET', '/admin-users/ada')
    assert.deepEqual({ ...body, connsInUse: 0 }, { user: 'ada', roles: ['read'], connsInUse: 0 })
    await client.close()
    const { body: all } = await ask(200, 'GET', '/admin-users')
    assert.deepEqual((all as unknown as { user: string }[]).map(({ user }) => user).sort(), ['ada', 'admin'])
    await ask(204, 'DELETE', '/admin-users/ada')
    assert.equal((await ask(404, 'GET', '/admin-users/ada')).body.code, 'INVALID_USER')
    await assert.rejects(login('ada', 'secret'), isAdminError('INVALID_USER'))
  })

  it('get another password', async () => {
    await ask(201, 'POST', '/admin-users', { user: 'bob', password: 'secret' })
    await ask(204, 'PUT', '/admin-users/bob/password', { password: 'other' })
    await assert.rejects(login('bob', 'secret'), AdminError)
    await (await login('bob', 'other')).close()
    await ask(404, 'PUT', '/admin-users/nobody/password', { password: 'other' })
    await ask(204, 'DELETE', '/admin-users/bob')
  })

  it('get and lose roles', async () => {
    await ask(201, 'POST', '/admin-users', { user: 'eve', password: 'secret' })
    const client = await login('eve', 'secret')
    const write = () => client.put(['test', 'users', 'eve'], { n: 1 })
    await assert.rejects(write(), isAdminError('ROLE_VIOLATION'))
    await ask(204, 'PUT', '/admin-users/eve/roles/read-write')
    await write()
    assert.deepEqual((await ask(200, 'GET', '/admin-users/eve')).body.roles, ['read-write'])
    await ask(204, 'DELETE', '/admin-users/eve/roles/read-write')
    await assert.rejects(write(), isAdminError('ROLE_VIOLATION'))
    await client.close()
    assert.equal((await ask(404, 'PUT', '/admin-users/eve/roles/none')).body.code, 'INVALID_ROLE')
    await ask(204, 'DELETE', '/admin-users/eve')
  })

  it('are refused where they are not as the schema says', async () => {
    await ask(409, 'POST', '/admin-users', { user: 'admin', password: 'secret' })
    for (const wrong of [{ user: 'x' }, { user: '', password: 'x' }, { user: 'x', password: 'x', role: 'read' }, []]) {
      await ask(400, 'POST', '/admin-users', wrong)
    }
    await ask(404, 'POST', '/admin-users', { user: 'x', password: 'x', roles: ['none'] })
    await ask(404, 'DELETE', '/admin-users/nobody')
  })
})

describe('roles', () => {
  const reader = { role: 'orders-reader', privileges: [{ code: 'read', namespace: 'test', set: 'orders' }] }

  it('are created, changed, read and removed', async () => {
    const created = await ask(201, 'POST', '/admin-roles', { ...reader, allowlist: ['127.0.0.1'], readQuota: 100 })
    assert.equal(created.headers.location, '/admin-roles/orders-reader')
    await ask(204, 'PATCH', '/admin-roles/orders-reader/privileges', {
      grant: [{ code: 'sindex-admin' }, { code: 'write', namespace: 'test' }],
      revoke: [{ code: 'sindex-admin' }],
    })
    await ask(204, 'PUT', '/admin-roles/orders-reader/allowlist', { allowlist: ['127.0.0.1', '10.0.0.0/8'] })
    await ask(204, 'PUT', '/admin-roles/orders-reader/quotas', { readQuota: 200, writeQuota: 50 })
    const { body } = await ask(200, 'GET', '/admin-roles/orders-reader')
    const codes = body.privileges as unknown as { code: string }[]
    codes.sort((a, b) => (a.code < b.code ? -1 : 1))
    assert.deepEqual(body, {
      role: 'orders-reader',
      privileges: [...reader.privileges, { code: 'write', namespace: 'test' }],
      allowlist: ['127.0.0.1', '10.0.0.0/8'],
      readQuota: 200,
      writeQuota: 50,
    })
    const { body: all } = await ask(200, 'GET', '/admin-roles')
    const names = (all as unknown as { role: string }[]).map(({ role }) => role)
    assert.ok(names.includes('orders-reader') && names.includes('user-admin'))
    await ask(204, 'DELETE', '/admin-roles/orders-reader')
    assert.equal((await ask(404, 'GET', '/admin-roles/orders-reader')).body.code, 'INVALID_ROLE')
  })

  it('are refused where they are not as the schema says', async () => {
    for (const wrong of [
      { role: 'x', privileges: [] },
      { role: 'x', privileges: [{ code: 'reed' }] },
      { role: 'x', privileges: [{ code: 'read', ns: 'test' }] },
      { role: 'x', privileges: [{ code: 'read' }], readQuota: -1 },
    ]) {
      await ask(400, 'POST', '/admin-roles', wrong)
    }
    await ask(422, 'POST', '/admin-roles', { role: 'x', privileges: [{ code: 'user-admin', namespace: 'test' }] })
    await ask(422, 'POST', '/admin-roles', { role: 'x', privileges: [{ code: 'read' }], allowlist: ['nowhere'] })
    await ask(400, 'PATCH', '/admin-roles/read/privileges', {})
    await ask(404, 'PUT', '/admin-roles/none/quotas', { readQuota: 1, writeQuota: 1 })
  })
})

describe('the token', () => {
  it('is needed', async () => {
    for (const authorization of ['', 'Bearer', `Bearer ${token}x`, `Basic ${token}`, token]) {
      const { body } = await service.ask(401, 'GET', '/admin-users', undefined, { authorization })
      assert.equal(body.code, 'UNAUTHORIZED')
    }
    await service.ask(401, 'GET', '/admin-roles')
    await service.ask(200, 'GET', '/health')
  })

  it('has 16 characters at least', async () => {
    await assert.rejects(start({ APP_ADMIN_TOKEN: 'short' }), /APP_ADMIN_TOKEN/)
  })

  it('is a precondition of the routes, which do not exist without one', async () => {
    const plain = await start()
    try {
      assert.equal((await plain.ask(404, 'GET', '/admin-users', undefined, headers)).body.code, 'NO_ROUTE')
    } finally {
      await plain.stop()
    }
  })
})

describe('a server', () => {
  it('without security answers 501', async () => {
    const plain = await start({ APP_ADMIN_TOKEN: token })
    try {
      for (const path of ['/admin-users', '/admin-roles']) await plain.ask(501, 'GET', path, undefined, headers)
    } finally {
      await plain.stop()
    }
  })

  it('that does not let the service manage users answers 403', async () => {
    const users = [{ name: 'service', password: 'secret', roles: ['read-write'] }]
    const credentials = { user: 'service', password: 'secret' }
    const plain = await start({ APP_ADMIN_TOKEN: token }, credentials, { security: { users } })
    try {
      const { body } = await plain.ask(403, 'GET', '/admin-users', undefined, headers)
      assert.equal(body.code, 'ROLE_VIOLATION')
    } finally {
      await plain.stop()
    }
  })
})
