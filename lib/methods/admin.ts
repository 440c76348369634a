/**
 * Commands of `Client` for users and roles. They need a server with security enabled, and a user with `user-admin`.
 */

import type { PrivilegeLike, RoleInfo, RoleLimits, UserInfo } from '../cluster/admin'
import * as commands from '../commands'
import type { AdminPolicy } from '../options/policy'
import type { Integer } from '../values/value'
import { Management } from './management'

/** The methods of `Client` for users and roles. */
export abstract class Admin<out I extends Integer = number | bigint> extends Management<I> {
  /**
   * Creates a user with a password.
   *
   * @param user - name of the user
   * @param password - the password; only its hash is sent
   * @param roles - names of the user's roles. Default: none
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user exists (`USER_EXISTS`), a role does not (`INVALID_ROLE`), or the server has no
   *   security (`SECURITY_NOT_ENABLED`); InvalidArgError if a name is empty or the request is too large
   * @example
   * ```ts
   * await client.createUser('ada', password, ['read-write'])
   * ```
   */
  createUser(user: string, password: string, roles?: readonly string[] | null, policy?: AdminPolicy): Promise<void> {
    return this.run(commands.createUser, [user, password, roles, policy])
  }

  /**
   * Creates a user that the certificate of a TLS connection authenticates: see `authMode: 'pki'`.
   *
   * @param user - name of the user, as the certificate's subject has it
   * @param roles - names of the user's roles. Default: none
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user exists (`USER_EXISTS`) or a role does not (`INVALID_ROLE`); InvalidArgError if a name
   *   is empty or the request is too large
   */
  createPkiUser(user: string, roles?: readonly string[] | null, policy?: AdminPolicy): Promise<void> {
    return this.run(commands.createPkiUser, [user, roles, policy])
  }

  /**
   * Removes a user. The server refuses the user's open connections from then on.
   *
   * @param user - name of the user
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such user (`INVALID_USER`)
   */
  dropUser(user: string, policy?: AdminPolicy): Promise<void> {
    return this.run(commands.dropUser, [user, policy])
  }

  /**
   * Changes the password of a user. Any user may change their own; the client then uses the new password for its own
   * connections.
   *
   * @param user - name of the user
   * @param password - the new password; only its hash is sent
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such user (`INVALID_USER`), or the server refuses the password
   *   (`FORBIDDEN_PASSWORD`)
   */
  changePassword(user: string, password: string, policy?: AdminPolicy): Promise<void> {
    return this.run(commands.changePassword, [user, password, policy])
  }

  /**
   * Adds roles to those of a user.
   *
   * @param user - name of the user
   * @param roles - names of the roles, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user (`INVALID_USER`) or a role (`INVALID_ROLE`) does not exist
   */
  grantRoles(user: string, roles: readonly string[], policy?: AdminPolicy): Promise<void> {
    return this.run(commands.grantRoles, [user, roles, policy])
  }

  /**
   * Removes roles from those of a user.
   *
   * @param user - name of the user
   * @param roles - names of the roles, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the user (`INVALID_USER`) or a role (`INVALID_ROLE`) does not exist
   */
  revokeRoles(user: string, roles: readonly string[], policy?: AdminPolicy): Promise<void> {
    return this.run(commands.revokeRoles, [user, roles, policy])
  }

  /**
   * Returns a user. Any user may query themself.
   *
   * @param user - name of the user
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, roles, and what the user currently does
   * @throws AdminError if there is no such user (`INVALID_USER`)
   */
  queryUser(user: string, policy?: AdminPolicy): Promise<UserInfo> {
    return this.run(commands.queryUser, [user, policy])
  }

  /**
   * Returns all users.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the users, in the server's order
   */
  queryUsers(policy?: AdminPolicy): Promise<UserInfo[]> {
    return this.run(commands.queryUsers, [policy])
  }

  /**
   * Creates a role.
   *
   * @param role - name of the role
   * @param privileges - what it allows: codes, or codes with a namespace and perhaps a set
   * @param limits - `allowlist`, `readQuota`, `writeQuota`. Default: no limits
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if the role exists (`ROLE_EXISTS`), or the server has no quotas (`QUOTAS_NOT_ENABLED`);
   *   InvalidArgError if a privilege is unknown or has a wrong scope, or the request is too large
   * @example
   * ```ts
   * await client.createRole('reports', [{ code: 'read', namespace: 'test', set: 'orders' }], { allowlist: ['10.0.0.0/8'] })
   * ```
   */
  createRole(
    role: string,
    privileges: readonly PrivilegeLike[],
    limits?: RoleLimits | null,
    policy?: AdminPolicy,
  ): Promise<void> {
    return this.run(commands.createRole, [role, privileges, limits, policy])
  }

  /**
   * Removes a role, also from the users that have it.
   *
   * @param role - name of the role
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`)
   */
  dropRole(role: string, policy?: AdminPolicy): Promise<void> {
    return this.run(commands.dropRole, [role, policy])
  }

  /**
   * Adds privileges to those of a role.
   *
   * @param role - name of the role
   * @param privileges - what it also allows, at least one
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`); InvalidArgError if a privilege is unknown or has a
   *   wrong scope
   * @example
   * ```ts
   * await client.grantPrivileges('reports', ['sindex-admin', { code: 'read', namespace: 'archive' }])
   * ```
   */
  grantPrivileges(role: string, privileges: readonly PrivilegeLike[], policy?: AdminPolicy): Promise<void> {
    return this.run(commands.grantPrivileges, [role, privileges, policy])
  }

  /**
   * Removes privileges from those of a role.
   *
   * @param role - name of the role
   * @param privileges - what it no longer allows, at least one, each with the scope with which it was granted
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`); InvalidArgError if a privilege is unknown or has a
   *   wrong scope
   */
  revokePrivileges(role: string, privileges: readonly PrivilegeLike[], policy?: AdminPolicy): Promise<void> {
    return this.run(commands.revokePrivileges, [role, privileges, policy])
  }

  /**
   * Replaces the addresses from which users of a role may connect.
   *
   * @param role - name of the role
   * @param allowlist - addresses and networks, such as `'10.0.0.0/8'`; an empty list allows any address
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`), or an address is invalid (`INVALID_ALLOWLIST`)
   */
  setAllowlist(role: string, allowlist: readonly string[], policy?: AdminPolicy): Promise<void> {
    return this.run(commands.setAllowlist, [role, allowlist, policy])
  }

  /**
   * Sets the quotas of a role.
   *
   * @param role - name of the role
   * @param readQuota - maximum number of records that a user may read per second; 0: no limit
   * @param writeQuota - maximum number of records that a user may write per second; 0: no limit
   * @param policy - overrides the client's `admin` policy for this call
   * @throws AdminError if there is no such role (`INVALID_ROLE`), or the server has no quotas (`QUOTAS_NOT_ENABLED`)
   */
  setQuotas(role: string, readQuota: number, writeQuota: number, policy?: AdminPolicy): Promise<void> {
    return this.run(commands.setQuotas, [role, readQuota, writeQuota, policy])
  }

  /**
   * Returns a role.
   *
   * @param role - name of the role
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, privileges, allowlist and quotas
   * @throws AdminError if there is no such role (`INVALID_ROLE`)
   */
  queryRole(role: string, policy?: AdminPolicy): Promise<RoleInfo> {
    return this.run(commands.queryRole, [role, policy])
  }

  /**
   * Returns all roles, those that the server defines included.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the roles, in the server's order
   */
  queryRoles(policy?: AdminPolicy): Promise<RoleInfo[]> {
    return this.run(commands.queryRoles, [policy])
  }
}
