/**
 * Builds the service: validation, errors, documentation and routes. The caller owns the client and closes it.
 */
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Client } from 'aerospike-napi'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, fastify } from 'fastify'
import { requireToken } from './admin-token.ts'
import { answerError } from './errors.ts'
import { observe } from './observe.ts'
import { adminRoles } from './routes/admin-roles.ts'
import { adminUsers } from './routes/admin-users.ts'
import { batch } from './routes/batch.ts'
import { cluster } from './routes/cluster.ts'
import { columns } from './routes/columns.ts'
import { health } from './routes/health.ts'
import { indexes } from './routes/indexes.ts'
import { observability } from './routes/observability.ts'
import { operations } from './routes/operations.ts'
import { records } from './routes/records.ts'
import { truncate } from './routes/truncate.ts'
import { udf } from './routes/udf.ts'
import { users } from './routes/users.ts'
import type { Settings } from './settings.ts'

declare module 'fastify' {
  interface FastifyInstance {
    aerospike: Client
    settings: Settings
    /** Whether the service was asked to stop. It still replies to requests, but is no longer ready. */
    stopping: boolean
    /** Whether the client is connected to a node, according to the cluster events. */
    clusterUp: boolean
  }
}

/** A plugin with routes, whose types are inferred from their schemas. */
export type Routes = (
  app: FastifyInstance<
    import('fastify').RawServerDefault,
    import('node:http').IncomingMessage,
    import('node:http').ServerResponse,
    FastifyBaseLogger,
    TypeBoxTypeProvider
  >,
) => Promise<void>

const ROUTES: readonly (readonly [string, Routes])[] = [
  ['/users', users],
  ['/records', records],
  ['/operations', operations],
  ['/batch', batch],
  ['/columns', columns],
  ['/indexes', indexes],
  ['/truncate', truncate],
  ['/udf', udf],
  ['/cluster', cluster],
  ['/observability', observability],
  ['', health],
]

/** Routes that need the token of `APP_ADMIN_TOKEN`. */
const ADMIN_ROUTES: typeof ROUTES = [
  ['/admin-users', adminUsers],
  ['/admin-roles', adminRoles],
]

/** Builds the service. It logs to `stream`, or to stdout by default. */
export async function buildApp(
  client: Client,
  settings: Settings,
  stream?: { write(line: string): void },
): Promise<FastifyInstance> {
  const app = fastify({
    logger: { level: settings.APP_LOG_LEVEL, ...(stream === undefined ? {} : { stream }) },
    bodyLimit: settings.APP_BODY_LIMIT,
    // Close idle keep-alive connections when the service stops.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  })
  // Only JSON bodies are accepted. Everything else gets status 415.
  app.removeContentTypeParser('text/plain')
  app.decorate('aerospike', client)
  app.decorate('settings', settings)
  app.decorate('stopping', false)
  app.decorate('clusterUp', client.isConnected())
  observe(app)

  // Bodies are not converted: "5" is not a number, and no property is removed silently. Text in paths and queries is
  // converted.
  const strict = formats.default(new Ajv({ allErrors: false, strict: false, useDefaults: true }))
  const lenient = formats.default(new Ajv({ coerceTypes: 'array', strict: false, useDefaults: true }))
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? strict : lenient).compile(schema as object))
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((_, reply) =>
    reply
      .code(404)
      .type('application/problem+json')
      .send({ status: 404, code: 'NO_ROUTE', detail: 'there is no such route' }),
  )

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Records in Aerospike', version: '1.0.0', description: 'A sample service on aerospike-napi.' },
    },
  })
  await app.register(swaggerUi, { routePrefix: '/docs' })
  const { APP_ADMIN_TOKEN: token } = settings
  for (const [prefix, routes] of token === undefined ? ROUTES : [...ROUTES, ...ADMIN_ROUTES]) {
    const tag = prefix === '' ? 'health' : prefix.slice(1)
    const plugin: FastifyPluginAsync = async scope => {
      scope.addHook('onRoute', route => {
        route.schema = { tags: [tag], ...route.schema }
      })
      if (token !== undefined && ADMIN_ROUTES.some(([admin]) => admin === prefix)) {
        scope.addHook('onRequest', requireToken(token))
      }
      await (routes as unknown as FastifyPluginAsync)(scope, {})
    }
    // The name appears in the spans of handlers.
    Object.assign(plugin, { [Symbol.for('fastify.display-name')]: tag })
    await app.register(plugin, { prefix })
  }
  return app
}
