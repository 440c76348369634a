import { AerospikeError, type Client, type ClientConfig, connect, RecordNotFoundError } from 'aerospike-napi'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** The client that all requests share. */
    aerospike: Client
  }
}

/**
 * Connects when the service starts, provides the client as `app.aerospike`, and closes it on shutdown: Fastify runs
 * `onClose` after all requests in flight have been answered.
 */
export const aerospike = fp<ClientConfig>(
  async (app, config) => {
    const client = await connect(config)
    app.decorate('aerospike', client)
    app.addHook('onClose', () => client.close())

    app.get('/ready', async (_request, reply) => {
      const nodes = await client.ping({ timeout: 500 }).catch(() => [])
      if (!nodes.some(({ error }) => error === null)) reply.code(503)
      return { nodes: nodes.map(({ node, ms, error }) => ({ node, ms, error: error?.code ?? null })) }
    })

    // A missing record is 404. What may succeed later is 503, so that load balancers and callers try again.
    app.setErrorHandler((error, request, reply) => {
      if (error instanceof RecordNotFoundError) return reply.code(404).send({ error: 'not found' })
      if (error instanceof AerospikeError && error.retryable) {
        request.log.warn({ err: error }, 'a call failed for now')
        return reply.code(503).header('retry-after', '1').send({ error: error.code })
      }
      return reply.send(error)
    })
  },
  { name: 'aerospike' },
)
