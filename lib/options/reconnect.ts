/**
 * Options of `reconnect`.
 */
import { invalidArgument } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import type { Settings } from './config'
import type { Login } from './credentials'
import { parseTls, type TlsOptions } from './tls'

/** What `reconnect` changes. */
export interface ReconnectOptions {
  /** User name. Default: the current user. */
  user?: string | undefined
  /** Password. Default: the current password; needed with a `user`. */
  password?: string | undefined
  /** TLS options in place of the current ones. Default: the current ones, with their files read again. */
  tls?: TlsOptions | boolean | undefined
}

const KNOWN = ['user', 'password', 'tls']

/** Validated options of `reconnect`. */
export interface Reconnection {
  readonly settings: Settings
  /** Undefined to keep the credentials, or to ask the provider. */
  readonly login: Login | undefined
}

/** Validates the options of `reconnect`. */
export function parseReconnect(options: ReconnectOptions | undefined, settings: Settings): Reconnection {
  const given = options === undefined ? {} : optionsObject(options, 'reconnect')
  checkOptions(given, 'reconnect', KNOWN)
  const { user, password, tls } = given
  if (user !== undefined && password === undefined) {
    throw invalidArgument('reconnect: password: it is needed beside the user')
  }
  return {
    settings: tls === undefined ? settings : { ...settings, tls: parseTls(tls) },
    login:
      user === undefined && password === undefined
        ? undefined
        : settings.credentials.given(user, password, 'reconnect'),
  }
}
