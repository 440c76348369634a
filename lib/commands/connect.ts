/**
 * Connecting and closing.
 */
import { type Settings, writeConfig } from '../config'
import { invalidArgument } from '../errors'
import { define, type Maybe, nothing } from './define'

/** A client that was connected. */
export interface Connected {
  /** Its number. */
  readonly client: number
  /** Commands that it has in flight at most. */
  readonly most: number
}

function credential(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw invalidArgument(`connect: the ${name} is a string, not of type ${typeof value}`)
}

/** Connects a client. */
export const connect = define({
  name: 'connect',
  id: 1,
  kind: 'admin',
  policy: 3,
  quiet: true,
  encode: (writer, [settings, user, password]: readonly [Settings, Maybe<string>, Maybe<string>, object]) => {
    writeConfig(writer, settings, credential(user, 'user'), credential(password, 'password'))
  },
  decode: ({ reader }): Connected => ({ client: reader.u32(), most: reader.u32() }),
})

/** Closes a client. */
export const close = define({
  name: 'close',
  id: 2,
  kind: 'admin',
  policy: 1,
  quiet: true,
  encode: (writer, [patience]: readonly [number, object]) => writer.u32(patience),
  decode: nothing,
})
