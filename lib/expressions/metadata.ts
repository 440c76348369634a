/**
 * Record metadata. The server keeps it in memory, so filters that use only metadata do not read from the storage device.
 */

import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { typeNumber } from './bins'
import { type Expression, leaf, type ResultType, type ValueType } from './expression'
import { checkInteger } from './packer'

const DIGEST_MODULO = 64
const LAST_UPDATE = 66
const SINCE_UPDATE = 67
const VOID_TIME = 68
const TTL = 69
const SET_NAME = 70
const KEY_EXISTS = 71
const IS_TOMBSTONE = 72
const RECORD_SIZE = 74
const KEY = 80

function fact<T extends ResultType>(type: T, code: number): () => Expression<T> {
  const expression = leaf(type, packer => packer.array(1).int(code))
  return () => expression
}

const keyExist = fact('bool', KEY_EXISTS)
const recordSize = fact('int', RECORD_SIZE)

function key<T extends 'int' | 'string' | 'blob'>(type: T): Expression<T> {
  const number = typeNumber(type, 'exp.key: type')
  if (type !== 'int' && type !== 'string' && type !== 'blob') {
    throw invalidArgument(`exp.key: type: a key is an int, a string or a blob, not ${describe(type)}`)
  }
  return leaf(type, packer => packer.array(2).int(KEY).int(number))
}

/** Builders that read the metadata of the record. */
export const metadata = {
  /**
   * The user key; unknown if the record was written without `key: 'send'` or its key has another type.
   * @param type - `int`, `string` or `blob`
   * @throws InvalidArgError for any other type
   */
  key: key as <T extends Extract<ValueType, 'int' | 'string' | 'blob'>>(type: T) => Expression<T>,
  /** The user key as an integer; unknown if it is not stored or has another type. */
  keyInt: (): Expression<'int'> => key('int'),
  /** The user key as a string; unknown if it is not stored or has another type. */
  keyStr: (): Expression<'string'> => key('string'),
  /** The user key as bytes; unknown if it is not stored or has another type. */
  keyBlob: (): Expression<'blob'> => key('blob'),
  /** Whether the user key is stored with the record. */
  keyExist,
  /** The name of the record's set; an empty string if it has no set. */
  setName: fact('string', SET_NAME),
  /** The size of the record in bytes. Server 7.0 and later. */
  recordSize,
  /** The time of the last write, in nanoseconds since 1970. Compare it with a bigint. */
  lastUpdate: fact('int', LAST_UPDATE),
  /** The number of milliseconds since the last write. */
  sinceUpdate: fact('int', SINCE_UPDATE),
  /** The expiration time, in nanoseconds since 1970; -1 if the record never expires. Compare it with a bigint. */
  voidTime: fact('int', VOID_TIME),
  /** The number of seconds until the record expires; -1 if it never expires. */
  ttl: fact('int', TTL),
  /** Whether the record is a tombstone: deleted, but kept so that other nodes learn of the deletion (Enterprise). */
  isTombstone: fact('bool', IS_TOMBSTONE),
  /**
   * The record's digest modulo a number, for stable sampling: a record always falls into the same class.
   * @param mod - divisor, at least 1
   * @throws InvalidArgError for any other divisor
   */
  digestModulo: (mod: number | bigint): Expression<'int'> => {
    const divisor = checkInteger(mod, 'exp.digestModulo: mod')
    if (divisor < 1) {
      throw invalidArgument(`exp.digestModulo: mod: an integer from 1 up is needed, not ${describe(mod)}`)
    }
    return leaf('int', packer => packer.array(2).int(DIGEST_MODULO).int(divisor))
  },
} as const
