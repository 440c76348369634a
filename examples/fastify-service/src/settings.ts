/**
 * What the service can be told from outside: environment variables that begin with `APP_`.
 */
import { Ajv } from 'ajv'
import { type Static, Type } from 'typebox'

const Port = (value: number) => Type.Integer({ minimum: 0, maximum: 65535, default: value })

const Variables = Type.Object({
  /** Where the service listens. */
  APP_HOST: Type.String({ default: '127.0.0.1' }),
  APP_PORT: Port(8000),
  /** A node of the cluster. */
  APP_AEROSPIKE_HOST: Type.String({ default: '127.0.0.1' }),
  APP_AEROSPIKE_PORT: Port(3000),
  APP_AEROSPIKE_USER: Type.Optional(Type.String()),
  APP_AEROSPIKE_PASSWORD: Type.Optional(Type.String()),
  /** The namespace that all routes work in. */
  APP_AEROSPIKE_NAMESPACE: Type.String({ minLength: 1, default: 'test' }),
  /** The set that holds the users. */
  APP_AEROSPIKE_SET: Type.String({ minLength: 1, default: 'users' }),
  /** ms that one call to the database may take. */
  APP_TOTAL_TIMEOUT: Type.Integer({ minimum: 1, default: 1000 }),
  /** Calls that may wait for a connection; more are answered with 503. */
  APP_MAX_QUEUED: Type.Integer({ minimum: 0, default: 10_000 }),
  /** Bytes that the body of a request may have. */
  APP_BODY_LIMIT: Type.Integer({ minimum: 1, default: 1 << 20 }),
  /** Keys that a batch may have. */
  APP_MAX_BATCH: Type.Integer({ minimum: 1, default: 5000 }),
  /** ms that requests may still take when the service is stopped. */
  APP_SHUTDOWN_TIMEOUT: Type.Integer({ minimum: 1, default: 10_000 }),
  /** Traces of requests and commands, to a collector of OpenTelemetry. */
  APP_TRACING: Type.Boolean({ default: false }),
  APP_LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
})

export type Settings = Static<typeof Variables>

const check = new Ajv({ coerceTypes: true, useDefaults: true, removeAdditional: 'all', allErrors: true }).compile(
  Type.Object(Variables.properties, { additionalProperties: false }),
)

/**
 * Reads the settings.
 * @throws Error that names each variable that is wrong
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('APP_') || value === undefined || value === '') continue
    // A name that is wrong by a letter would be a setting that does nothing.
    if (!Object.hasOwn(Variables.properties, name)) throw new Error(`${name}: there is no such setting`)
    given[name] = value
  }
  if (!check(given)) {
    const wrong = (check.errors ?? []).map(error => `${error.instancePath.slice(1)} ${error.message}`)
    throw new Error(wrong.join('; '))
  }
  return given as Settings
}
