/**
 * The entry point `aerospike-napi/session`: a session store for express-session and @fastify/session.
 */
import { EventEmitter } from 'node:events'
import { Client } from './client'
import { RecordNotFoundError } from './common/error-classes'
import { invalidArgument } from './common/errors'
import { nextTick, timeOf, wallNow } from './common/globals'
import { setOwn } from './common/objects'
import { checkOptions, integerOption, optionsObject } from './common/options'

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

interface Session {
  session: string
}

/** What express-session has for the stores that inherit from its own. */
interface ExpressSession {
  readonly Store: { readonly prototype: { createSession(request: unknown, session: unknown): unknown } }
}

/** express-session adds `generate` to its store. */
interface Generating {
  generate(request: unknown): void
}

/** A request of Express, as far as the store needs it. */
export interface SessionRequest {
  /** Id of the request's session. */
  sessionID?: string | undefined
}

const DAY_SECONDS = 86_400
const MS_PER_SECOND = 1000

/** Loaded at the first use: @fastify/session does not need it. */
const expressSession = (): ExpressSession => require('express-session') as ExpressSession

/**
 * A session store for express-session and @fastify/session: each session is a record, which the servers remove when its
 * cookie expires. Methods call back, as the frameworks need; without a callback, they return a promise.
 *
 * @example
 * ```ts
 * app.use(session({ store: new AerospikeSessionStore(client, { namespace: 'test' }), secret, resave: false, saveUninitialized: false }))
 * ```
 */
export class AerospikeSessionStore extends EventEmitter {
  readonly #client: Client
  readonly #namespace: string
  readonly #set: string
  readonly #ttl: number

  /**
   * @param client - a connected client. It stays yours: close it when the server is closed
   * @param options - where the records are
   * @throws InvalidArgError if the client or an option is invalid
   */
  constructor(client: Client, options: SessionStoreOptions) {
    super()
    const what = 'AerospikeSessionStore'
    checkOptions(optionsObject(options, what), what, ['namespace', 'set', 'ttl'])
    if (!(client instanceof Client)) throw invalidArgument(`${what}: client: a Client is needed`)
    const { namespace, set = 'sessions', ttl = DAY_SECONDS } = options
    for (const [name, text] of Object.entries({ namespace, set })) {
      if (typeof text !== 'string') throw invalidArgument(`${what}: ${name}: a string is needed`)
    }
    this.#client = client
    this.#namespace = namespace
    this.#set = set
    this.#ttl = integerOption(1)(ttl, `${what}: ttl`)
  }

  /**
   * Reads a session: null if there is none, or if it has expired.
   *
   * @param id - id of the session
   * @param callback - receives the error, or the session. Without it, the method returns a promise
   * @returns the session, if there is no callback
   */
  get(id: string, callback?: (error: unknown, session?: never) => void): Promise<StoredSession | null> | undefined {
    return answer(callback, async () => {
      const record = await this.#client.getOrNull<Session>(this.#key(id))
      return record === null ? null : (JSON.parse(record.bins.session) as StoredSession)
    })
  }

  /**
   * Stores a session. One whose cookie has expired is removed.
   *
   * @param id - id of the session
   * @param session - the session; what JSON cannot hold is lost
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  set(id: string, session: StoredSession, callback?: (error?: unknown) => void): Promise<void> | undefined {
    return answer(callback, async () => {
      const ttl = this.#ttlOf(session)
      if (ttl <= 0) return this.#remove(id)
      const policy = { exists: 'replace', key: 'send' } as const
      await this.#client.put(this.#key(id), { session: JSON.stringify(session) }, { ttl }, policy)
    })
  }

  /**
   * Removes a session, if it exists.
   *
   * @param id - id of the session
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  destroy(id: string, callback?: (error?: unknown) => void): Promise<void> | undefined {
    return answer(callback, () => this.#remove(id))
  }

  /**
   * Lets a session live until its cookie expires, without writing the session.
   *
   * @param id - id of the session
   * @param session - the session; only its cookie is read
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  touch(id: string, session: StoredSession, callback?: (error?: unknown) => void): Promise<void> | undefined {
    return answer(callback, async () => {
      const ttl = this.#ttlOf(session)
      if (ttl <= 0) return this.#remove(id)
      await unlessMissing(this.#client.touch(this.#key(id), ttl))
    })
  }

  /**
   * Reads all sessions, by id. Reads the whole set.
   *
   * @param callback - receives the error, or the sessions by id. Without it, the method returns a promise
   * @returns the sessions by id, if there is no callback
   */
  all(callback?: (error: unknown, sessions?: never) => void): Promise<{ [id: string]: StoredSession }> | undefined {
    return answer(callback, async () => {
      const sessions: { [id: string]: StoredSession } = {}
      for await (const { key, bins } of this.#client.query<Session>(this.#namespace, this.#set)) {
        setOwn(sessions, String(key.userKey), JSON.parse(bins.session) as StoredSession)
      }
      return sessions
    })
  }

  /**
   * Counts the sessions. Reads the metadata of the whole set.
   *
   * @param callback - receives the error, or the number. Without it, the method returns a promise
   * @returns the number, if there is no callback
   */
  length(callback?: (error: unknown, length?: number) => void): Promise<number> | undefined {
    return answer(callback, () => this.#client.query(this.#namespace, this.#set).count())
  }

  /**
   * Removes all sessions, and everything else in the set.
   *
   * @param callback - receives the error, or null. Without it, the method returns a promise
   */
  clear(callback?: (error?: unknown) => void): Promise<void> | undefined {
    return answer(callback, () => this.#client.truncate(this.#namespace, this.#set, 0))
  }

  /**
   * Gives a request a new session. Express calls it.
   *
   * @param request - request of Express
   * @param callback - receives the error, if there is one
   */
  regenerate(request: SessionRequest, callback: (error?: unknown) => void): void {
    this.destroy(String(request.sessionID), error => {
      const { generate } = this as unknown as Generating
      generate(request)
      callback(error)
    })
  }

  /**
   * Reads a session and creates the object of express-session for it.
   *
   * @param id - id of the session
   * @param callback - receives the error, or the session; neither, if it does not exist
   */
  load(id: string, callback: (error: unknown, session?: never) => void): void {
    this.get(id, (error, session) => {
      if (error || session === null || session === undefined) callback(error)
      else callback(null, this.createSession({ sessionID: id, sessionStore: this } as SessionRequest, session))
    })
  }

  /**
   * Creates the object of express-session for a session. Express calls it.
   *
   * @param request - request of Express, which gets the session
   * @param session - a session that the store has read
   * @returns the session as an object of express-session
   */
  createSession(request: SessionRequest, session: never): never {
    return expressSession().Store.prototype.createSession.call(this, request, session) as never
  }

  #key(id: string): [string, string, string] {
    return [this.#namespace, this.#set, id]
  }

  /** Seconds until the cookie expires. */
  #ttlOf({ cookie }: StoredSession): number {
    const { expires, maxAge } = cookie
    if (expires === null || expires === undefined || typeof expires === 'boolean') return this.#ttl
    // The cookies of the frameworks compute `maxAge` with the clock that they use, which a test may have replaced.
    const left = typeof maxAge === 'number' ? maxAge : timeOf(expires) - wallNow()
    return Math.ceil(left / MS_PER_SECOND)
  }

  async #remove(id: string): Promise<void> {
    await unlessMissing(this.#client.remove(this.#key(id)))
  }
}

/** Waits for a call; a missing record is not a failure. */
async function unlessMissing(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof RecordNotFoundError)) throw error
  }
}

/** Passes the result of a call to a callback, or returns it. An error that the callback throws is uncaught. */
function answer<T>(
  callback: ((error: unknown, result?: never) => void) | undefined,
  call: () => Promise<T>,
): Promise<T> | undefined {
  const result = call()
  if (callback === undefined) return result
  result.then(
    value => nextTick(callback, null, value),
    error => nextTick(callback, error),
  )
  return undefined
}
