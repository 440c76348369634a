/**
 * Schemas that several routes share.
 */
import type { Value } from 'aerospike-napi'
import { Type } from 'typebox'

/** A value that can be stored. Every JSON value qualifies. */
export const AnyValue = Type.Unsafe<Value>({})

export const BinName = Type.String({ minLength: 1, maxLength: 15 })

export const SetName = Type.String({ minLength: 1, maxLength: 63 })

export const UserName = Type.String({ minLength: 1, maxLength: 63 })

export const RoleName = Type.String({ minLength: 1, maxLength: 63 })

export const Password = Type.String({ minLength: 1, maxLength: 255, writeOnly: true })

export const BinsBody = Type.Record(Type.String(), AnyValue, {
  minProperties: 1,
  propertyNames: { minLength: 1, maxLength: 15 },
})

/** User keys in batches: strings and integers, which are not converted. */
export const UserKey = Type.Union([Type.String(), Type.Integer()])

export const RecordPath = Type.Object({ set: SetName, key: Type.String({ minLength: 1 }) })

export const Ttl = Type.Integer({ minimum: -3, description: 'seconds; 0 as the namespace has it, -1 for ever' })

export const Meta = Type.Object({
  gen: Type.Integer({ description: 'generation: how often the record was written' }),
  ttl: Type.Integer({ description: 'seconds until it expires, -1 for never' }),
})

export const RecordAnswer = Type.Object({
  bins: Type.Record(Type.String(), Type.Unknown()),
  gen: Type.Integer(),
  ttl: Type.Integer(),
})

/** The header with which a write states the generation that it expects. */
export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'an ETag: write only if the record is still that one' })),
})

export const Problem = Type.Object({
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  inDoubt: Type.Optional(Type.Boolean()),
})

/** The error responses that a route documents. */
export function problems<const S extends number>(...statuses: S[]): Record<S, typeof Problem> {
  return Object.fromEntries(statuses.map(status => [status, Problem])) as Record<S, typeof Problem>
}

export const Nothing = Type.Null({ description: 'done' })
