/**
 * Credentials: of the configuration, of the arguments of `connect`, or of a provider.
 */
import { types } from 'node:util'
import { CLIENT_OPTIONS } from '../catalog/client-options'
import { describe } from '../common/describe'
import { clientError, invalidArgument } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import type { TlsSettings } from './tls'

/** Credentials that a provider returns. */
export interface Credentials {
  /** User name. */
  user: string
  /** Password of the user. */
  password: string
  /** When the credentials expire, as a Date or in milliseconds since 1970. Default: unknown. */
  expiresAt?: Date | number | undefined
}

/**
 * Returns the current credentials. It is called by `connect`, and again before the session or `expiresAt` expires: the
 * client then connects with the new credentials, and moves to the new connections. `ClientSync` needs a provider that
 * returns its result directly, not a promise.
 */
export type CredentialsProvider = () => Credentials | Promise<Credentials>

/** The numbers of the authentication modes. */
export const AUTH_MODES = CLIENT_OPTIONS.authMode.words

/** Maximum size of user and password together: the core has no larger buffer for a login. */
const MAX_BYTES = 700

/** Where the credentials of a client come from. Their values are in private fields, so that no inspection shows them. */
export class CredentialsSource {
  #user: string | undefined
  #password: string | undefined
  readonly #provider: CredentialsProvider | undefined

  constructor(
    readonly authMode: number,
    user: string | undefined,
    password: string | undefined,
    provider: CredentialsProvider | undefined,
  ) {
    this.#user = user
    this.#password = password
    this.#provider = provider
  }

  /** Whether a provider returns the credentials. */
  get isProvided(): boolean {
    return this.#provider !== undefined
  }

  /** The current user. */
  get user(): string | undefined {
    return this.#user
  }

  /** Stores the user of the new connections, and drops the password: the core keeps its own copy to log in again. */
  connectedAs(user: string | undefined): void {
    this.#user = user
    this.#password = undefined
  }

  /** Returns the credentials for `connect` or `reconnect`, whose arguments override those of the configuration. */
  given(user: unknown, password: unknown, doing: string): Login {
    const [givenUser, givenPassword] = [credential(user, 'user', doing), credential(password, 'password', doing)]
    if (this.isProvided) {
      if (givenUser === undefined && givenPassword === undefined) return new Login(this.authMode, undefined, undefined)
      throw invalidArgument(`${doing}: config.credentials returns user and password; leave them out`)
    }
    const where = givenPassword === undefined ? 'config.password' : `${doing}: password`
    return login(this.authMode, givenUser ?? this.#user, givenPassword ?? this.#password, where)
  }

  /** Calls a provider that returns its result directly. */
  askSync(): Login {
    const login = this.ask()
    if (login instanceof Login) return login
    login.catch(() => undefined)
    throw invalidArgument('config.credentials: ClientSync needs a function that returns credentials, not a promise')
  }

  /** Calls the provider. */
  ask(): Login | Promise<Login> {
    let answer: unknown
    try {
      answer = this.#provider?.()
    } catch (error) {
      throw providerFailed(error)
    }
    if (typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function') {
      return (answer as PromiseLike<unknown>).then(
        provided => checkProvided(this.authMode, provided),
        (error: unknown) => {
          throw providerFailed(error)
        },
      ) as Promise<Login>
    }
    return checkProvided(this.authMode, answer)
  }
}

/** Credentials to connect with. Their values are in private fields, so that no inspection shows them. */
export class Login {
  readonly #user: string | undefined
  readonly #password: string | undefined

  constructor(
    readonly authMode: number,
    user: string | undefined,
    password: string | undefined,
    /** Milliseconds since 1970; infinite if unknown. */
    readonly expiresAt = Number.POSITIVE_INFINITY,
    /** Whether a provider has returned them. */
    readonly isProvided = false,
  ) {
    this.#user = user
    this.#password = password
  }

  get user(): string | undefined {
    return this.#user
  }

  /** Calls `use` with user and password. */
  reveal<T>(use: (user: string | undefined, password: string | undefined) => T): T {
    return use(this.#user, this.#password)
  }
}

/** Returns an argument of `connect`. The message of an error does not repeat it. */
function credential(value: unknown, name: string, doing: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw invalidArgument(`${doing}: the ${name} is a string, not of type ${typeof value}`)
}

function providerFailed(error: unknown): Error {
  return clientError(
    `config.credentials: the provider failed: ${error instanceof Error ? error.message : describe(error)}`,
    error,
  )
}

const PROVIDED = ['user', 'password', 'expiresAt']

function checkProvided(authMode: number, provided: unknown): Login {
  const where = 'config.credentials: the result'
  const given = optionsObject(provided, where)
  checkOptions(given, where, PROVIDED)
  const { user, password, expiresAt } = given
  if (typeof user !== 'string' || user === '') {
    throw invalidArgument(`${where}: user: a name is needed, not ${user === '' ? 'an empty string' : describe(user)}`)
  }
  if (typeof password !== 'string') {
    throw invalidArgument(`${where}: password: a string is needed, not ${describe(password)}`)
  }
  checkSize(user, password)
  return new Login(authMode, user, password, expiryOf(expiresAt, where), true)
}

function expiryOf(value: unknown, where: string): number {
  if (value === undefined) return Number.POSITIVE_INFINITY
  const time = types.isDate(value) ? value.getTime() : value
  if (typeof time === 'number' && Number.isFinite(time)) return time
  throw invalidArgument(`${where}: expiresAt: a Date or milliseconds since 1970 are needed, not ${describe(value)}`)
}

function checkSize(user: string, password: string): void {
  if (Buffer.byteLength(user) + Buffer.byteLength(password) > MAX_BYTES) {
    throw invalidArgument(`credentials: user and password have more than the ${MAX_BYTES} bytes that a login can have`)
  }
}

/** Rejects a password or an authentication mode without a user: the client would connect without a login. */
function login(authMode: number, user: string | undefined, password: string | undefined, where: string): Login {
  const { internal, pki } = AUTH_MODES
  if (authMode === pki) {
    if (user !== undefined || password !== undefined) {
      throw invalidArgument("config.authMode: with 'pki', the certificate names the user; leave out user and password")
    }
  } else if (user === undefined) {
    if (password !== undefined) {
      throw invalidArgument(`${where}: a user is needed beside it (config.user, or the first argument of connect)`)
    }
    if (authMode !== internal) throw invalidArgument('config.authMode: it needs a user (config.user)')
  } else {
    checkSize(user, password ?? '')
  }
  return new Login(authMode, user, password)
}

/** Rejects options that contradict each other, rather than sending secrets in clear text. */
export function checkAuthentication(
  { authMode, isProvided }: CredentialsSource,
  given: { [name: string]: unknown },
  tls: TlsSettings | undefined,
): void {
  if (authMode === AUTH_MODES.external && tls === undefined) {
    throw invalidArgument("config.authMode: 'external' needs config.tls; 'external-insecure' does without it")
  }
  if (authMode === AUTH_MODES.pki && tls?.certificate === undefined) {
    throw invalidArgument("config.authMode: 'pki' needs config.tls.cert and config.tls.key")
  }
  if (isProvided && (given.user !== undefined || given.password !== undefined)) {
    throw invalidArgument('config.credentials: it returns user and password; leave out config.user and config.password')
  }
  if (isProvided && authMode === AUTH_MODES.pki) {
    throw invalidArgument("config.credentials: with config.authMode 'pki', the certificate is the credential")
  }
}
