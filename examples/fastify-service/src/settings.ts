/**
 * Settings of the service, from environment variables that start with `APP_`.
 */
import { Ajv } from 'ajv'
import { type Static, Type } from 'typebox'

const Port = (value: number) => Type.Integer({ minimum: 0, maximum: 65535, default: value })

const Variables = Type.Object({
  /** Address that the service listens on. */
  APP_HOST: Type.String({ default: '127.0.0.1' }),
  APP_PORT: Port(8000),
  /** Address of a cluster node. */
  APP_AEROSPIKE_HOST: Type.String({ default: '127.0.0.1' }),
  APP_AEROSPIKE_PORT: Port(3000),
  APP_AEROSPIKE_USER: Type.Optional(Type.String()),
  APP_AEROSPIKE_PASSWORD: Type.Optional(Type.String()),
  /** Namespace for all routes. */
  APP_AEROSPIKE_NAMESPACE: Type.String({ minLength: 1, default: 'test' }),
  /** Set for the users. */
  APP_AEROSPIKE_SET: Type.String({ minLength: 1, default: 'users' }),
  /** Timeout of a database call in ms. */
  APP_TOTAL_TIMEOUT: Type.Integer({ minimum: 1, default: 1000 }),
  /** Maximum number of calls that wait for a connection. Further calls get status 503. */
  APP_MAX_QUEUED: Type.Integer({ minimum: 0, default: 10_000 }),
  /** Maximum size of a request body in bytes. */
  APP_BODY_LIMIT: Type.Integer({ minimum: 1, default: 1 << 20 }),
  /** Maximum number of keys in a batch. */
  APP_MAX_BATCH: Type.Integer({ minimum: 1, default: 5000 }),
  /** Time in ms for running requests to finish when the service stops. */
  APP_SHUTDOWN_TIMEOUT: Type.Integer({ minimum: 1, default: 10_000 }),
  /** Whether to export traces of requests and commands to an OpenTelemetry collector. */
  APP_TRACING: Type.Boolean({ default: false }),
  /** Token that the routes for users and roles need. Without one, these routes do not exist. */
  APP_ADMIN_TOKEN: Type.Optional(Type.String({ minLength: 16 })),
  APP_LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { default: 'info' }),
})

export type Settings = Static<typeof Variables>

const check = new Ajv({ coerceTypes: true, useDefaults: true, removeAdditional: 'all', allErrors: true }).compile(
  Type.Object(Variables.properties, { additionalProperties: false }),
)

/**
 * Reads the settings.
 * @throws Error that names each invalid variable
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('APP_') || value === undefined || value === '') continue
    // A misspelt setting would have no effect, so reject it.
    if (!Object.hasOwn(Variables.properties, name)) throw new Error(`${name}: there is no such setting`)
    given[name] = value
  }
  if (!check(given)) {
    const wrong = (check.errors ?? []).map(error => `${error.instancePath.slice(1)} ${error.message}`)
    throw new Error(wrong.join('; '))
  }
  return given as Settings
}
