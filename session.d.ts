// Generated from lib/session.ts by `make types`: the API of aerospike-napi/session. Do not edit.
import { EventEmitter } from 'node:events'
import { Client } from './index.js'

/** Options of `AerospikeSessionStore`. */
export interface SessionStoreOptions {
  /** Namespace of the records. */
  namespace: string
  /** Set of the records. Default `sessions`. */
  set?: string | undefined
  /** Seconds that a session lives whose cookie has no expiry. Default 86400, a day. */
  ttl?: number | undefined
}
/** What the store reads of a session. The session is stored as JSON. */
export interface StoredSession {
  /** The session's cookie. A session lives as long as it. */
  cookie: {
    /** When the cookie expires. Null: with the browser's session. */
    expires?: Date | string | boolean | null | undefined
    /** Milliseconds until then. */
    maxAge?: number | null | undefined
  }
}
/** A request of Express, as far as the store needs it. */
export interface SessionRequest {
  /** Id of the request's session. */
  sessionID?: string | undefined
}
/**
 * A session store for express-session and @fastify/session: each session is a record, which the servers remove when its
 * cookie expires. Methods call back, as the frameworks need; without a callback, they return a promise.
 *
 * @example
 * ```ts
 * app.use(session({ store: new AerospikeSessionStore(client, { namespace: 'test' }), secret, resave: false, saveUninitialized: false }))
 * ```
 */
export declare class AerospikeSessionStore extends EventEmitter {
  #private
  /**
   * @param client - a connected client. It stays yours: close it when the server is closed
   * @param options - where the records are
   * @throws InvalidArgError if the client or an option is invalid
   */
  constructor(client: Client, options: SessionStoreOptions)
  /**
   * Reads a session: null if there is none, or if it has expired.
   *
   * @param id - id of the session
   * @param callback - receives the error, or the session. Without it, the method returns a promise
   * @returns the session, if there is no callback
   */
  get(id: string, callback?: (error: unknown, session?: never) => void): Promise<StoredSession | null> | undefined
  /**
   * Stores a session. One whose cookie has expired is removed.
   *
   * @param id - id of the session
   * @param session - the session; what JSON cannot hold is lost
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  set(id: string, session: StoredSession, callback?: (error?: unknown) => void): Promise<void> | undefined
  /**
   * Removes a session, if it exists.
   *
   * @param id - id of the session
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  destroy(id: string, callback?: (error?: unknown) => void): Promise<void> | undefined
  /**
   * Lets a session live until its cookie expires, without writing the session.
   *
   * @param id - id of the session
   * @param session - the session; only its cookie is read
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  touch(id: string, session: StoredSession, callback?: (error?: unknown) => void): Promise<void> | undefined
  /**
   * Reads all sessions, by id. Reads the whole set.
   *
   * @param callback - receives the error, or the sessions by id. Without it, the method returns a promise
   * @returns the sessions by id, if there is no callback
   */
  all(callback?: (error: unknown, sessions?: never) => void):
    | Promise<{
        [id: string]: StoredSession
      }>
    | undefined
  /**
   * Counts the sessions. Reads the metadata of the whole set.
   *
   * @param callback - receives the error, or the number. Without it, the method returns a promise
   * @returns the number, if there is no callback
   */
  length(callback?: (error: unknown, length?: number) => void): Promise<number> | undefined
  /**
   * Removes all sessions, and everything else in the set.
   *
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  clear(callback?: (error?: unknown) => void): Promise<void> | undefined
  /**
   * Gives a request a new session. Express calls it.
   *
   * @param request - request of Express
   * @param callback - receives the error, if there is one
   */
  regenerate(request: SessionRequest, callback: (error?: unknown) => void): void
  /**
   * Reads a session and creates the object of express-session for it.
   *
   * @param id - id of the session
   * @param callback - receives the error, or the session; neither, if it does not exist
   */
  load(id: string, callback: (error: unknown, session?: never) => void): void
  /**
   * Creates the object of express-session for a session. Express calls it.
   *
   * @param request - request of Express, which gets the session
   * @param session - a session that the store has read
   * @returns the session as an object of express-session
   */
  createSession(request: SessionRequest, session: never): never
}
