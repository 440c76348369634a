import type { Server } from 'node:http'
import cookie from '@fastify/cookie'
import session from '@fastify/session'
import type { Client } from 'aerospike-napi'
import { AerospikeSessionStore } from 'aerospike-napi/session'
import fastify from 'fastify'

declare module 'fastify' {
  interface Session {
    visits?: number
    user?: string
  }
}

/** The same application with Fastify. */
export async function fastifyApp(client: Client, secret: string): Promise<Server> {
  const app = fastify()
  await app.register(cookie)
  await app.register(session, {
    store: new AerospikeSessionStore(client, { namespace: 'test', set: 'fastify-sessions' }),
    secret,
    saveUninitialized: false,
    cookie: { secure: false, maxAge: 3_600_000 },
  })
  app.get('/', ({ session }) => {
    session.visits = (session.visits ?? 0) + 1
    return { visits: session.visits, user: session.user ?? null }
  })
  app.post<{ Params: { user: string } }>('/login/:user', async request => {
    // A new id, so that nobody who knew the old one is logged in. It is a new object, too.
    await request.session.regenerate()
    request.session.user = request.params.user
    return { user: request.session.user }
  })
  app.post('/logout', async request => {
    await request.session.destroy()
    return { user: null }
  })
  await app.ready()
  return app.server
}
