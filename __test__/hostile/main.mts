/**
 * Makes calls of every kind to a server whose answers are changed, one mutation after the other. Prints a line of JSON for
 * each event; a mutation that was begun and has not ended is the one that ended the process.
 *
 *   tsx --tsconfig __test__/hostile/tsconfig.json __test__/hostile/main.mts HOST:PORT FIRST COUNT LANES
 */
import { writeSync } from 'node:fs'
import { AerospikeError, batchRow, type Client, type ClientConfig, connect, filter, lists, op } from 'aerospike-napi'
import { choose } from './mutations.mjs'
import { startMutatingProxy } from './proxy.mjs'

const [, , address = '', first = '1', count = '100', lanes = '8'] = process.argv
const [host = '', port = ''] = address.split(':')

/** Longest time in which calls with a deadline of 150 ms must settle, on a machine that is busy. */
const SETTLE_MS = 20_000

const say = (event: object): void => void writeSync(1, `${JSON.stringify(event)}\n`)

const CONFIG: ClientConfig = {
  seedOnlyCluster: true,
  connectTimeout: 400,
  tendInterval: 250,
  maxErrorRate: 0,
  policies: {
    read: { totalTimeout: 150, maxRetries: 1 },
    write: { totalTimeout: 150 },
    batch: { totalTimeout: 150, maxRetries: 0 },
    query: { totalTimeout: 150, maxRetries: 0 },
    admin: { timeout: 150 },
  },
}

/** The calls: one of each kind. */
function calls(client: Client, set: string): { readonly [name: string]: () => Promise<unknown> } {
  const key = (id: number): [string, string, number] => ['test', set, id]
  const keys = Array.from({ length: 20 }, (_, id) => key(id))
  const drained = async (rows: AsyncIterable<unknown>): Promise<number> => {
    let seen = 0
    for await (const _ of rows) seen++
    return seen
  }
  return {
    get: () => client.get(key(0)),
    select: () => client.select(key(1), ['n']),
    exists: () => client.exists(key(2)),
    put: () => client.put(key(3), { n: 3, text: 'x' }),
    increment: () => client.increment(key(4), 'n', 1),
    append: () => client.append(key(5), 'text', 'y'),
    touch: () => client.touch(key(6)),
    remove: () => client.remove(key(19)),
    operate: () => client.operate(key(7), [op.incr('n', 1), op.read('n'), lists.append('list', 1)]),
    operateOrdered: () => client.operateOrdered(key(7), [op.read('n'), op.read('text')]),
    apply: () => client.apply(key(8), 'missing', 'function', []),
    batchRead: async () => [...(await client.batchRead(keys))].length,
    batchReadColumns: () => client.batchReadColumns(keys, { n: 'i32', text: 'utf8' }),
    batchWrite: () => client.batchWrite(keys.slice(9, 15).map(each => ({ key: each, bins: { n: 1 } }))),
    batch: async () =>
      [...(await client.batch([batchRow.read(key(0)), batchRow.operate(key(1), [op.read('n')])]))].length,
    batchStream: () =>
      drained(
        client.batchStream(
          keys.map(each => batchRow.read(each)),
          { totalTimeout: 150 },
        ),
      ),
    query: () => drained(client.query('test', set)),
    'query by index': () => drained(client.query('test', set).where(filter.equal('n', 1))),
    columns: () => drained(client.query('test', set).columns({ n: 'i32' })),
    info: () => client.infoAll('namespaces'),
    nodes: () => client.nodes(),
    truncate: () => client.truncate('test', `${set}-none`),
  }
}

/** Makes all calls at once. Returns how many of them failed, by code. */
async function callAll(client: Client, set: string, seed: number): Promise<{ [code: string]: number }> {
  const codes: { [code: string]: number } = {}
  const unsettled = new Set<string>()
  const made = Object.entries(calls(client, set)).map(async ([name, call]) => {
    unsettled.add(name)
    try {
      await call()
    } catch (error) {
      if (!(error instanceof AerospikeError))
        say({ event: 'wrong', seed, what: `${name} rejected with ${String(error)}` })
      const code = error instanceof AerospikeError ? error.code : 'FOREIGN'
      codes[code] = (codes[code] ?? 0) + 1
      if (process.env.HOSTILE_MESSAGES)
        say({ event: 'message', seed, name, code, message: String(error).slice(0, 300) })
    }
    unsettled.delete(name)
  })
  const late = new Promise<void>(resolve => setTimeout(resolve, SETTLE_MS).unref())
  await Promise.race([Promise.all(made), late])
  for (const name of unsettled) say({ event: 'wrong', seed, what: `${name} did not settle` })
  return codes
}

async function lane(seeds: Iterator<number>, number: number): Promise<void> {
  await using proxy = await startMutatingProxy(host, Number(port))
  const config = { ...CONFIG, hosts: proxy.address }
  const set = `hostile-${process.pid}-${number}`
  const ready = async (): Promise<Client> => {
    proxy.mutate(undefined)
    return connect({ ...config, connectTimeout: 10_000 })
  }
  let client = await ready()
  const patient = { totalTimeout: 10_000 }
  for (let id = 0; id < 20; id++)
    await client.put(['test', set, id], { n: id, text: `text ${id}`, list: [id] }, null, patient)
  for (let next = seeds.next(); !next.done; next = seeds.next()) {
    const seed = next.value
    const mutation = choose(seed)
    say({ event: 'begin', seed, name: mutation.name })
    proxy.mutate(mutation)
    if (mutation.ofInfo) {
      // A new client, beside the one whose view of the cluster changes.
      await connect(config).then(
        connected => connected.close(),
        (error: unknown) => {
          if (!(error instanceof AerospikeError)) say({ event: 'wrong', seed, what: `connect: ${String(error)}` })
        },
      )
    }
    const codes = await callAll(client, set, seed)
    proxy.mutate(undefined)
    if (mutation.ofInfo || mutation.stray) {
      await client.close({ timeout: 0 })
      client = await ready()
    }
    say({ event: 'end', seed, codes, attempts: await recover(client, set, seed) })
  }
  await client.close()
}

/** Reads until an answer comes: the client goes on, and no call gets the answer of another. Returns how often it read. */
async function recover(client: Client, set: string, seed: number): Promise<number> {
  const deadline = performance.now() + SETTLE_MS
  for (let attempt = 1; ; attempt++) {
    try {
      const { bins } = await client.get(['test', set, 18], { totalTimeout: 5000 })
      if (bins.text !== 'text 18') say({ event: 'wrong', seed, what: `a later get returned ${JSON.stringify(bins)}` })
      return attempt
    } catch (error) {
      if (performance.now() < deadline) continue
      say({ event: 'wrong', seed, what: `later gets still fail: ${String(error)}` })
      return attempt
    }
  }
}

function* numbers(): Generator<number, undefined> {
  for (let seed = Number(first); seed < Number(first) + Number(count); seed++) yield seed
}

process.on('unhandledRejection', error => say({ event: 'wrong', seed: -1, what: `unhandled: ${String(error)}` }))
const seeds = numbers()
await Promise.all(Array.from({ length: Number(lanes) }, (_, number) => lane(seeds, number)))
say({ event: 'done' })
