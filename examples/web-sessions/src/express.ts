import { createServer, type Server } from 'node:http'
import type { Client } from 'aerospike-napi'
import { AerospikeSessionStore } from 'aerospike-napi/session'
import express from 'express'
import session from 'express-session'

declare module 'express-session' {
  interface SessionData {
    visits: number
    user: string
  }
}

/** An application of Express: counts visits, logs users in and out. */
export function expressApp(client: Client, secret: string): Server {
  const app = express()
  app.use(
    session({
      store: new AerospikeSessionStore(client, { namespace: 'test', set: 'express-sessions' }),
      secret,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 3_600_000 },
    }),
  )
  app.get('/', ({ session }, response) => {
    session.visits = (session.visits ?? 0) + 1
    response.json({ visits: session.visits, user: session.user ?? null })
  })
  app.post('/login/:user', (request, response, next) => {
    // A new id, so that nobody who knew the old one is logged in.
    request.session.regenerate(error => {
      if (error) return next(error)
      request.session.user = request.params.user
      response.json({ user: request.session.user })
    })
  })
  app.post('/logout', (request, response, next) => {
    request.session.destroy(error => (error ? next(error) : response.json({ user: null })))
  })
  return createServer(app)
}
