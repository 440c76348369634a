import * as aerospike from 'aerospike-napi'
import { InvalidArgError } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { readRoles, readUsers } from '../../lib/cluster/admin'
import * as commands from '../../lib/commands'
import { privilegeHint } from '../../lib/common/privilege-hints'
import { Reader, Writer } from '../../lib/wire/wire'

type Name =
  | 'createUser'
  | 'createPkiUser'
  | 'dropUser'
  | 'changePassword'
  | 'grantRoles'
  | 'revokeRoles'
  | 'queryUser'
  | 'createRole'
  | 'dropRole'
  | 'grantPrivileges'
  | 'revokePrivileges'
  | 'setAllowlist'
  | 'setQuotas'
  | 'queryRole'

interface Encoder {
  encode(writer: Writer, args: unknown[]): unknown
}

const encoders = new Map(Object.entries(commands)) as unknown as ReadonlyMap<string, Encoder>

const writing = (name: Name, ...args: unknown[]) => {
  return () => (encoders.get(name) as Encoder).encode(new Writer(4), args)
}

/** Valid arguments behind the name of the user or the role. */
const REST: { readonly [name in Name]: readonly unknown[] } = {
  createUser: ['secret', []],
  createPkiUser: [[]],
  dropUser: [],
  changePassword: ['secret'],
  grantRoles: [['read']],
  revokeRoles: [['read']],
  queryUser: [],
  createRole: [['read']],
  dropRole: [],
  grantPrivileges: [['read']],
  revokePrivileges: [['read']],
  setAllowlist: [[]],
  setQuotas: [0, 0],
  queryRole: [],
}

describe.each(Object.entries(REST) as [Name, unknown[]][])('%s', (name, rest) => {
  test('takes a name that the request can carry', () => {
    expect(writing(name, 'ada', ...rest)).not.toThrow()
    expect(writing(name, 'ä'.repeat(100), ...rest)).not.toThrow()
  })

  test.each([
    ['', /: (user|role): a name is needed, not an empty string/],
    [undefined, /: (user|role): a name is needed, not undefined/],
    [5, /: (user|role): a name is needed, not 5/],
    ['\ud800', /: (user|role): the string contains a lone surrogate/],
    ['x'.repeat(2000), /names, roles, privileges and addresses take \d+ bytes, but a request can have 1024/],
  ])('refuses the name %j', (wrong, message) => {
    expect(writing(name, wrong, ...rest)).toThrow(InvalidArgError)
    expect(writing(name, wrong, ...rest)).toThrow(message)
  })
})

describe('roles', () => {
  test.each([
    [['a', ''], /^createUser: roles\[1\]: a name is needed, not an empty string/],
    [['x'.repeat(256)], /^createUser: roles\[0\]: "x+"\.\.\. \(256 characters\) has 256 bytes; at most 255/],
    ['read', /^createUser: roles: an array of roles is needed, not the string "read"/],
    [Array.from({ length: 256 }, () => 'r'), /^createUser: roles: 256 roles are given; at most 255/],
    [Array.from({ length: 200 }, () => 'a role'), /a request can have 1024/],
  ])('of %j are refused', (roles, message) => {
    expect(writing('createUser', 'ada', 'secret', roles)).toThrow(message)
  })

  test('at least one is granted or revoked', () => {
    expect(writing('grantRoles', 'ada', [])).toThrow(/^grantRoles: roles: at least one role is needed/)
    expect(writing('revokeRoles', 'ada', [])).toThrow(/^revokeRoles: roles: at least one role is needed/)
  })
})

describe('passwords', () => {
  test.each(['', undefined, 7])('of %j are refused', password => {
    expect(writing('createUser', 'ada', password, [])).toThrow(/^createUser: password: a string is needed/)
    expect(writing('changePassword', 'ada', password)).toThrow(/^changePassword: password: a string is needed/)
  })

  test('are not in the messages of errors', () => {
    expect(writing('createUser', 'ada', 'hush-hush\ud800', [])).toThrow(/^(?!.*hush).*lone surrogate/)
    expect(writing('createUser', '', 'hush-hush', [])).toThrow(/^(?!.*hush)/)
  })
})

describe('privileges', () => {
  test.each([
    'read',
    { code: 'read-write' },
    { code: 'write', namespace: 'test' },
    { code: 'truncate', namespace: 'test', set: 'orders' },
    { code: 'read-masked', namespace: 'test', set: 'orders' },
    { code: 'sys-admin', namespace: '', set: null },
    'masking-admin',
  ])('%j is one', privilege => {
    expect(writing('createRole', 'auditor', [privilege])).not.toThrow()
  })

  test.each([
    ['root', /privileges\[0\]: code: one of 'user-admin', .* is needed, not the string "root"/],
    [10, /privileges\[0\]: an object is needed, not 10/],
    [{ code: 10 }, /code: one of .* not 10; privileges are strings, as the PRIV_\* constants are/],
    [{ code: 'sys-admin', namespace: 'test' }, /'sys-admin' applies to the whole cluster/],
    [{ code: 'masking-admin', namespace: 'test', set: 'a' }, /'masking-admin' applies to the whole cluster/],
    [{ code: 'read', set: 'orders' }, /the set "orders" needs a namespace/],
    [{ code: 'read', space: 'test' }, /unknown option "space"; the known options are code, namespace, ns, set/],
    [{ code: 'read', namespace: 'n'.repeat(256) }, /has 256 bytes; at most 255/],
    [{ code: 'unknown-77' }, /code: one of/],
  ])('%j is refused', (privilege, message) => {
    for (const name of ['createRole', 'grantPrivileges', 'revokePrivileges'] as const) {
      expect(writing(name, 'auditor', [privilege])).toThrow(InvalidArgError)
      expect(writing(name, 'auditor', [privilege])).toThrow(message)
    }
  })

  test('more than a request can carry are refused', () => {
    const many = (count: number) =>
      Array.from({ length: count }, () => ({ code: 'read', namespace: 'test', set: 'orders' }))
    expect(writing('createRole', 'auditor', many(500))).toThrow(/500 privileges are given; at most 255/)
    expect(writing('createRole', 'auditor', many(100))).toThrow(/a request can have 1024/)
    expect(writing('createRole', 'auditor', many(60))).not.toThrow()
    expect(writing('grantPrivileges', 'auditor', [])).toThrow(/at least one privilege is needed/)
  })

  test('the constants are their codes', () => {
    const constants = Object.entries(aerospike).filter(([name]) => name.startsWith('PRIV_'))
    expect(constants).toHaveLength(13)
    for (const [name, code] of constants) {
      expect(name).toBe(`PRIV_${(code as string).toUpperCase().replaceAll('-', '_')}`)
      expect(writing('grantPrivileges', 'auditor', [code])).not.toThrow()
    }
  })
})

describe('limits', () => {
  test.each([
    [{ allowlist: ['10.0.0.0/8', '10.1.1.1,10.1.1.2'] }, /allowlist\[1\]: "10.1.1.1,10.1.1.2" is not one address/],
    [{ allowlist: '10.0.0.0/8' }, /allowlist: an array of addresses is needed/],
    [{ readQuota: -1 }, /readQuota: an integer from 0 to 4294967295 is needed, not -1/],
    [{ writeQuota: 1.5 }, /writeQuota: an integer/],
    [{ quota: 5 }, /unknown option "quota"/],
    [5, /limits: an object is needed, not 5/],
  ])('%j are refused', (limits, message) => {
    expect(writing('createRole', 'auditor', ['read'], limits)).toThrow(InvalidArgError)
    expect(writing('createRole', 'auditor', ['read'], limits)).toThrow(message)
  })
})

describe('replies', () => {
  test('users', () => {
    const writer = new Writer(64)
    writer.u32(2)
    for (const [user, numbers] of [
      ['ada', [10, 20, 30, 40]],
      ['bob', []],
    ] as const) {
      writer.text(user)
      writer.u16(1)
      writer.text('read')
      writer.u32(3)
      for (let infos = 0; infos < 2; infos++) {
        writer.u16(numbers.length)
        for (const number of numbers) writer.u32(number)
      }
    }
    const usage = { quota: 10, singleRecordTps: 20, scanQueryRps: 30, limitlessScanQuery: 40 }
    expect(readUsers(new Reader(writer.buffer))).toEqual([
      { user: 'ada', roles: ['read'], connsInUse: 3, readInfo: usage, writeInfo: usage },
      { user: 'bob', roles: ['read'], connsInUse: 3, readInfo: undefined, writeInfo: undefined },
    ])
  })

  test('roles', () => {
    const writer = new Writer(64)
    writer.u32(1)
    writer.text('auditor')
    writer.u16(2)
    for (const text of ['sys-admin', '', '', 'read', 'test', 'orders']) writer.text(text)
    writer.u16(1)
    writer.text('10.0.0.0/8')
    writer.u32(5)
    writer.u32(6)
    expect(readRoles(new Reader(writer.buffer))).toEqual([
      {
        name: 'auditor',
        privileges: [{ code: 'sys-admin' }, { code: 'read', namespace: 'test', set: 'orders' }],
        allowlist: ['10.0.0.0/8'],
        readQuota: 5,
        writeQuota: 6,
      },
    ])
  })
})

describe('hints', () => {
  test('name the privilege that a command needs', () => {
    expect(privilegeHint('put')).toMatch(/needs the privilege write, read-write or read-write-udf/)
    expect(privilegeHint('get')).toMatch(/needs the privilege read, /)
    expect(privilegeHint('createIndex')).toMatch(/sindex-admin/)
    expect(privilegeHint(undefined)).toMatch(/a privilege that the call needs is missing/)
  })

  test('know each command that servers check', () => {
    const unchecked = [
      'connect',
      'reconnect',
      'close',
      'namespaces',
      'sets',
      'build',
      'features',
      'indexList',
      'udfList',
      'udfGet',
    ]
    const names = Object.values(commands)
      .map(command => (command as { name: string }).name)
      .filter(name => !unchecked.includes(name))
    expect(names.length).toBeGreaterThan(40)
    for (const name of names) expect([name, privilegeHint(name)]).toEqual([name, expect.stringMatching(/needs the/)])
  })
})
