// Both clients behind one interface, so that each command's test runs on both.
import { randomUUID } from 'node:crypto'
import { Client, type ClientConfig, ClientSync, Key, type UserKey } from 'aerospike-napi'
import { afterAll, beforeAll, inject } from 'vitest'

/** What both clients can do, as promises. */
export type Commands = Pick<Client, keyof Client>

/** One of the two clients. */
export interface ClientKind {
  name: 'Client' | 'ClientSync'
  /** A client that is not connected, of the shared server where `config` names no other. */
  make: (config?: ClientConfig) => Commands
  /** The same, connected. */
  connect: (config?: ClientConfig) => Promise<Commands>
}

/** What is there at once on both clients. */
const IMMEDIATE: ReadonlySet<PropertyKey> = new Set([
  'isConnected',
  'stats',
  'getNodeNames',
  'query',
  'scan',
  'job',
  'batchStream',
  'transaction',
  'key',
])

/** Methods that return an object with commands: a set. */
const SETS: ReadonlySet<PropertyKey> = new Set(['set', 'with'])

/** The blocking client, or a set of it, as promises: what it throws rejects. */
function promised(client: ClientSync): Commands {
  const commands: Commands = new Proxy(client, {
    get(target, name) {
      const asked = name === Symbol.asyncDispose ? Symbol.dispose : name
      const method: unknown = Reflect.get(target, asked, target)
      if (typeof method !== 'function' || IMMEDIATE.has(name)) {
        return typeof method === 'function' ? method.bind(target) : method
      }
      if (SETS.has(name)) return (...args: unknown[]) => promised(method.apply(target, args))
      return async (...args: unknown[]) => {
        const result: unknown = method.apply(target, args)
        return result === target ? commands : result
      }
    },
  }) as unknown as Commands
  return commands
}

/**
 * Timeouts for calls whose test is not about time: shared CI machines stall for longer than the default second. Those that
 * a test sets win.
 */
const PATIENCE: ClientConfig = { totalTimeout: 10_000, policies: { admin: { timeout: 10_000 } } }

function withServer(config: ClientConfig): ClientConfig {
  return { ...PATIENCE, hosts: inject('aerospike').address, ...config }
}

/** For `describe.each`. */
export const CLIENTS: readonly ClientKind[] = [
  {
    name: 'Client',
    make: (config = {}) => new Client(withServer(config)),
    connect: (config = {}) => new Client(withServer(config)).connect(),
  },
  {
    name: 'ClientSync',
    make: (config = {}) => promised(new ClientSync(withServer(config))),
    connect: async (config = {}) => promised(new ClientSync(withServer(config)).connect()),
  },
]

/** A client of the shared server for the tests of a `describe`, connected before them and closed after them. */
export function connectBefore(kind: ClientKind, config?: ClientConfig): () => Commands {
  let client: Commands | undefined
  beforeAll(async () => {
    client = await kind.connect(config)
  })
  afterAll(() => client?.close())
  return () => client as Commands
}

/** Makes keys that nobody else uses, of one set; their records are removed after the tests. */
export interface KeyMaker {
  (userKey?: UserKey, namespace?: string): Key
  /** Keys with user keys 0, 1, 2 ... behind a prefix of their own. */
  many: (count: number) => Key[]
}

/** Keys of a set, which no other test file uses. */
export function keysOf(set: string): KeyMaker {
  const made: Key[] = []
  const name = `${set}-${randomUUID().slice(0, 8)}`
  const make = (userKey: UserKey = randomUUID(), namespace = 'test'): Key => {
    const key = new Key(namespace, name, userKey)
    made.push(key)
    return key
  }
  const many = (count: number): Key[] => {
    const prefix = randomUUID().slice(0, 8)
    return Array.from({ length: count }, (_, index) => make(`${prefix}-${index}`))
  }
  afterAll(() => removeAll(made))
  return Object.assign(make, { many })
}

async function removeAll(keys: readonly Key[]): Promise<void> {
  await using client = await new Client({ hosts: inject('aerospike').address, totalTimeout: 0 }).connect()
  const known = keys.filter(key => key.namespace === 'test' || key.namespace === 'demo')
  // In batches, because some tests write tens of thousands of records.
  if (known.length > 0) await client.batchRemove(known).catch(() => undefined)
}

/** What a promise rejects with; that it resolves is the failure. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    value => {
      throw new Error(`it resolved, with ${String(value)}`)
    },
    (error: unknown) => error,
  )
}

/** What a call throws or rejects with; that it returns is the failure. */
export async function failureOf(call: () => unknown): Promise<unknown> {
  return rejection((async () => await call())())
}
