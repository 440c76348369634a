/**
 * Runs the service until it is asked to stop. `--local` starts an aerospike-local for it; with `--security`, one that has
 * users and roles.
 */
import { type Client, connect } from 'aerospike-napi'
import type { LocalServer } from 'aerospike-napi/testing'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'
import { readSettings, type Settings } from './settings.ts'
import { startTracing } from './tracing.ts'

/** Starts an in-memory server, which ends with this process. */
async function localServer(settings: Settings): Promise<LocalServer> {
  const { LocalServer } = await import('aerospike-napi/testing')
  const security = process.argv.includes('--security')
  return LocalServer.start({ namespaces: [settings.APP_AEROSPIKE_NAMESPACE], security })
}

function connected(settings: Settings, hosts: string, server: LocalServer | undefined): Promise<Client> {
  const { APP_AEROSPIKE_USER: user = server?.user, APP_AEROSPIKE_PASSWORD: password = server?.password } = settings
  return connect({
    hosts,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    appId: 'fastify-service',
    totalTimeout: settings.APP_TOTAL_TIMEOUT,
    maxQueuedCommands: settings.APP_MAX_QUEUED,
    // Queries return user keys only if they are stored.
    key: 'send',
    // Concurrent single calls share batch requests to the nodes.
    autoBatch: true,
  })
}

async function main(): Promise<void> {
  const settings = readSettings()
  const endTracing = settings.APP_TRACING ? startTracing() : undefined
  const server = process.argv.includes('--local') ? await localServer(settings) : undefined
  const hosts = server?.address ?? `${settings.APP_AEROSPIKE_HOST}:${settings.APP_AEROSPIKE_PORT}`
  const client = await connected(settings, hosts, server)
  const app = await buildApp(client, settings)

  // Shut down in this order: reject new requests, finish running ones, close the client, stop the server.
  closeWithGrace({ delay: settings.APP_SHUTDOWN_TIMEOUT, logger: app.log }, async ({ err, signal }) => {
    app.stopping = true
    if (err) app.log.error({ err }, 'stopping after an error')
    else app.log.info({ signal }, 'stopping')
    await app.close()
    await client.close()
    await endTracing?.()
    await server?.stop()
  })
  await app.listen({ host: settings.APP_HOST, port: settings.APP_PORT })
  app.log.info(`aerospike at ${hosts}, documentation at /docs`)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
