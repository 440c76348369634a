/**
 * What a server knows of a record beside its bins. It is in memory, so that filters by it alone read no device.
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

/** Builders of what is known of the record. */
export const metadata = {
  /**
   * The user key, unknown where the record was written without `key: 'send'` or has a key of another type.
   * @param type - `int`, `string` or `blob`
   * @throws InvalidArgError for another type
   */
  key: key as <T extends Extract<ValueType, 'int' | 'string' | 'blob'>>(type: T) => Expression<T>,
  /** The user key that is an integer; unknown where it is not stored or is none. */
  keyInt: (): Expression<'int'> => key('int'),
  /** The user key that is a string; unknown where it is not stored or is none. */
  keyStr: (): Expression<'string'> => key('string'),
  /** The user key that is bytes; unknown where it is not stored or is none. */
  keyBlob: (): Expression<'blob'> => key('blob'),
  /** Whether the user key is stored with the record. */
  keyExist,
  /** The same as `keyExist`. */
  keyExists: keyExist,
  /** The name of the record's set; empty where it has none. */
  setName: fact('string', SET_NAME),
  /** How many bytes the record takes. Server 7.0 and later. */
  recordSize,
  /**
   * The same as `recordSize`, which replaced it in server 7.0.
   * @deprecated Use `recordSize`.
   */
  deviceSize: recordSize,
  /**
   * The same as `recordSize`, which replaced it in server 7.0.
   * @deprecated Use `recordSize`.
   */
  memorySize: recordSize,
  /** When the record was last written, in nanoseconds since 1970. Compare it with a bigint. */
  lastUpdate: fact('int', LAST_UPDATE),
  /** How many milliseconds ago the record was last written. */
  sinceUpdate: fact('int', SINCE_UPDATE),
  /** When the record expires, in nanoseconds since 1970; -1 where it never does. Compare it with a bigint. */
  voidTime: fact('int', VOID_TIME),
  /** In how many seconds the record expires; -1 where it never does. */
  ttl: fact('int', TTL),
  /** Whether the record is a tombstone: deleted, and kept to tell other nodes (Enterprise). */
  isTombstone: fact('bool', IS_TOMBSTONE),
  /**
   * The rest of the record's digest divided by a number: a part of all records that stays the same.
   * @param mod - the divisor, 1 or more
   * @throws InvalidArgError for anything else
   */
  digestModulo: (mod: number | bigint): Expression<'int'> => {
    const divisor = checkInteger(mod, 'exp.digestModulo: mod')
    if (divisor < 1) {
      throw invalidArgument(`exp.digestModulo: mod: an integer from 1 up is needed, not ${describe(mod)}`)
    }
    return leaf('int', packer => packer.array(2).int(DIGEST_MODULO).int(divisor))
  },
} as const
