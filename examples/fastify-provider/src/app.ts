import type { ClientConfig } from 'aerospike-napi'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { aerospike } from './aerospike.ts'

interface Note {
  text: string
}

interface NoteRoute {
  Params: { id: string }
  Body: Note
}

/** While the service shuts down, each answer closes its connection; otherwise it would wait for the keep-alive timeout. */
function closeConnectionsOnShutdown(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}

export async function buildApp(config: ClientConfig, options: FastifyServerOptions = {}): Promise<FastifyInstance> {
  const app = fastify(options)
  await app.register(aerospike, { totalTimeout: 500, maxQueuedCommands: 1000, ...config })
  closeConnectionsOnShutdown(app)
  const notes = app.aerospike.set<Note>('test', 'notes')

  app.get<NoteRoute>('/notes/:id', async request => (await notes.get(request.params.id)).bins)

  const body = { type: 'object', required: ['text'], properties: { text: { type: 'string' } } }
  app.put<NoteRoute>('/notes/:id', { schema: { body } }, async (request, reply) => {
    await notes.put(request.params.id, { text: request.body.text })
    reply.code(204)
  })
  return app
}
