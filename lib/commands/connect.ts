/**
 * Commands that connect and close a client.
 */

import { invalidArgument } from '../common/errors'
import { type Settings, writeConfig } from '../options/config'
import { define, type Maybe, nothing } from './define'

/** A connected client. */
export interface Connected {
  /** Number of the client. */
  readonly client: number
  /** Maximum number of commands in flight. */
  readonly most: number
}

function credential(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw invalidArgument(`connect: the ${name} is a string, not of type ${typeof value}`)
}

/** Rejects a password or an auth mode without a user: they would be ignored, and the client would connect without login. */
function checkCredentials(
  settings: Settings,
  { user, password }: { user: string | undefined; password: string | undefined },
): void {
  if ((user ?? settings.user) !== undefined) return
  const where = password === undefined && settings.password !== undefined ? 'config.password' : 'connect: password'
  if ((password ?? settings.password) !== undefined) {
    throw invalidArgument(`${where}: a user is needed beside it (config.user, or the first argument of connect)`)
  }
  if (settings.authMode !== 0) throw invalidArgument('config.authMode: it needs a user (config.user)')
}

/** Connects a client. */
export const connect = define({
  name: 'connect',
  kind: 'admin',
  policy: 3,
  quiet: true,
  encode: (writer, [settings, user, password]: readonly [Settings, Maybe<string>, Maybe<string>, object]) => {
    const credentials = { user: credential(user, 'user'), password: credential(password, 'password') }
    checkCredentials(settings, credentials)
    writeConfig(writer, settings, credentials.user, credentials.password)
  },
  decode: ({ reader }): Connected => ({ client: reader.u32(), most: reader.u32() }),
})

/** Closes a client. */
export const close = define({
  name: 'close',
  kind: 'admin',
  policy: 1,
  quiet: true,
  encode: (writer, [patience]: readonly [number, object]) => writer.u32(patience),
  decode: nothing,
})
