/**
 * Commands that connect and close a client.
 */

import { invalidArgument } from '../common/errors'
import type { Settings } from '../options/config'
import { writeConfig } from '../options/config-encoding'
import { AUTH_MODES, type Login } from '../options/credentials'
import { loadTls } from '../options/tls'
import { define, nothing } from './define'

/** A connected client. */
export interface Connected {
  /** Number of the client. */
  readonly client: number
  /** Maximum number of commands in flight. */
  readonly most: number
  /** Seconds that the session of a login lasts; 0 if unknown. */
  readonly sessionTtl: number
}

/** Connects a client. */
export const connect = define({
  name: 'connect',
  kind: 'admin',
  policy: 2,
  quiet: true,
  encode: (writer, [settings, login]: readonly [Settings, Login, object]) => {
    if (settings.tls?.forLoginOnly === true && login.user === undefined && login.authMode !== AUTH_MODES.pki) {
      throw invalidArgument('config.tls.forLoginOnly: it needs a user; without a login, nothing would be encrypted')
    }
    writeConfig(writer, settings, login, loadTls(settings.tls))
  },
  decode: ({ reader }): Connected => ({ client: reader.u32(), most: reader.u32(), sessionTtl: reader.u32() }),
})

/** Connects a client again, and moves it to the new connections. Returns the lifetime of the session, as for `connect`. */
export const reconnect = define({
  name: 'reconnect',
  kind: 'admin',
  policy: 2,
  quiet: true,
  encode: (writer, [settings, login]: readonly [Settings, Login | undefined, object]) => {
    writeConfig(writer, settings, login, loadTls(settings.tls))
  },
  decode: ({ reader }): number => reader.u32(),
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
