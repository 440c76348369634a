/**
 * Users, roles and privileges.
 */

import {
  type PrivilegeLike,
  RequestSize,
  type RoleInfo,
  type RoleLimits,
  readRoles,
  readUsers,
  type UserInfo,
  writeAllowlist,
  writeLimits,
  writeName,
  writePassword,
  writePrivileges,
  writeQuota,
  writeRoles,
} from '../cluster/admin'
import { serverError } from '../common/errors'
import { type AdminPolicy, writePolicy } from '../options/policy'
import type { Writer } from '../wire/wire'
import { define, type Maybe, nothing } from './define'

type Policy = Maybe<AdminPolicy>

const PASSWORD_USER = 0
const PKI_USER = 1

/** Ends a request: checks its size, and writes the policy. */
function finish(writer: Writer, size: RequestSize, policy: Policy): void {
  size.check()
  writePolicy(writer, 'admin', policy)
}

/** Creates a user with a password. */
export const createUser = define({
  name: 'createUser',
  kind: 'admin',
  policy: 3,
  encode: (writer, [user, password, roles, policy]: readonly [string, string, Maybe<readonly string[]>, Policy]) => {
    const size = new RequestSize('createUser')
    writer.u8(PASSWORD_USER)
    writeName(writer, user, 'createUser: user', size)
    writePassword(writer, password, 'createUser: password', size)
    writeRoles(writer, roles ?? [], 'createUser: roles', size, 0)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Creates a user that a certificate authenticates. */
export const createPkiUser = define({
  name: 'createPkiUser',
  kind: 'admin',
  policy: 2,
  encode: (writer, [user, roles, policy]: readonly [string, Maybe<readonly string[]>, Policy]) => {
    const size = new RequestSize('createPkiUser')
    writer.u8(PKI_USER)
    writeName(writer, user, 'createPkiUser: user', size)
    size.addPassword()
    writer.u32(0)
    writeRoles(writer, roles ?? [], 'createPkiUser: roles', size, 0)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Removes a user. */
export const dropUser = define({
  name: 'dropUser',
  kind: 'admin',
  policy: 1,
  encode: (writer, [user, policy]: readonly [string, Policy]) => {
    const size = new RequestSize('dropUser')
    writeName(writer, user, 'dropUser: user', size)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Changes the password of a user. */
export const changePassword = define({
  name: 'changePassword',
  kind: 'admin',
  policy: 2,
  encode: (writer, [user, password, policy]: readonly [string, string, Policy]) => {
    const size = new RequestSize('changePassword')
    writeName(writer, user, 'changePassword: user', size)
    // A user's own change has the old password too.
    size.addPassword()
    writePassword(writer, password, 'changePassword: password', size)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Defines a command that grants or revokes roles. */
const changeRoles = (name: 'grantRoles' | 'revokeRoles') =>
  define({
    name,
    kind: 'admin',
    policy: 2,
    encode: (writer, [user, roles, policy]: readonly [string, readonly string[], Policy]) => {
      const size = new RequestSize(name)
      writeName(writer, user, `${name}: user`, size)
      writeRoles(writer, roles, `${name}: roles`, size, 1)
      finish(writer, size, policy)
    },
    decode: nothing,
  })

/** Grants roles to a user. */
export const grantRoles = changeRoles('grantRoles')
/** Revokes roles of a user. */
export const revokeRoles = changeRoles('revokeRoles')

/** Returns one user. */
export const queryUser = define({
  name: 'queryUser',
  kind: 'admin',
  policy: 1,
  encode: (writer, [user, policy]: readonly [string, Policy]): string => {
    const size = new RequestSize('queryUser')
    writeName(writer, user, 'queryUser: user', size)
    finish(writer, size, policy)
    return user
  },
  decode: ({ reader }, user): UserInfo => {
    const [found] = readUsers(reader)
    if (found === undefined) throw serverError(60, `there is no user ${user}`, 'queryUser')
    return found
  },
})

/** Returns all users. */
export const queryUsers = define({
  name: 'queryUsers',
  kind: 'admin',
  policy: 0,
  encode: (writer, [policy]: readonly [Policy]) => {
    writer.u32(0)
    writePolicy(writer, 'admin', policy)
  },
  decode: ({ reader }): UserInfo[] => readUsers(reader),
})

/** Creates a role. */
export const createRole = define({
  name: 'createRole',
  kind: 'admin',
  policy: 3,
  encode: (
    writer,
    [role, privileges, limits, policy]: readonly [string, readonly PrivilegeLike[], Maybe<RoleLimits>, Policy],
  ) => {
    const size = new RequestSize('createRole')
    writeName(writer, role, 'createRole: role', size)
    writePrivileges(writer, privileges, 'createRole: privileges', size, 0)
    writeLimits(writer, limits, 'createRole: limits', size)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Removes a role. */
export const dropRole = define({
  name: 'dropRole',
  kind: 'admin',
  policy: 1,
  encode: (writer, [role, policy]: readonly [string, Policy]) => {
    const size = new RequestSize('dropRole')
    writeName(writer, role, 'dropRole: role', size)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Defines a command that grants or revokes privileges. */
const changePrivileges = (name: 'grantPrivileges' | 'revokePrivileges') =>
  define({
    name,
    kind: 'admin',
    policy: 2,
    encode: (writer, [role, privileges, policy]: readonly [string, readonly PrivilegeLike[], Policy]) => {
      const size = new RequestSize(name)
      writeName(writer, role, `${name}: role`, size)
      writePrivileges(writer, privileges, `${name}: privileges`, size, 1)
      finish(writer, size, policy)
    },
    decode: nothing,
  })

/** Grants privileges to a role. */
export const grantPrivileges = changePrivileges('grantPrivileges')
/** Revokes privileges of a role. */
export const revokePrivileges = changePrivileges('revokePrivileges')

/** Replaces the allowlist of a role. */
export const setAllowlist = define({
  name: 'setAllowlist',
  kind: 'admin',
  policy: 2,
  encode: (writer, [role, allowlist, policy]: readonly [string, readonly string[], Policy]) => {
    const size = new RequestSize('setAllowlist')
    writeName(writer, role, 'setAllowlist: role', size)
    writeAllowlist(writer, allowlist, 'setAllowlist: allowlist', size)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Sets the quotas of a role. */
export const setQuotas = define({
  name: 'setQuotas',
  kind: 'admin',
  policy: 3,
  encode: (writer, [role, readQuota, writes, policy]: readonly [string, number, number, Policy]) => {
    const size = new RequestSize('setQuotas')
    writeName(writer, role, 'setQuotas: role', size)
    writeQuota(writer, readQuota, 'setQuotas: readQuota', size)
    writeQuota(writer, writes, 'setQuotas: writeQuota', size)
    finish(writer, size, policy)
  },
  decode: nothing,
})

/** Returns one role. */
export const queryRole = define({
  name: 'queryRole',
  kind: 'admin',
  policy: 1,
  encode: (writer, [role, policy]: readonly [string, Policy]): string => {
    const size = new RequestSize('queryRole')
    writeName(writer, role, 'queryRole: role', size)
    finish(writer, size, policy)
    return role
  },
  decode: ({ reader }, role): RoleInfo => {
    const [found] = readRoles(reader)
    if (found === undefined) throw serverError(70, `there is no role ${role}`, 'queryRole')
    return found
  },
})

/** Returns all roles. */
export const queryRoles = define({
  name: 'queryRoles',
  kind: 'admin',
  policy: 0,
  encode: (writer, [policy]: readonly [Policy]) => {
    writer.u32(0)
    writePolicy(writer, 'admin', policy)
  },
  decode: ({ reader }): RoleInfo[] => readRoles(reader),
})
