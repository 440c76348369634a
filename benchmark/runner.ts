/**
 * Measures aerospike-napi against the official client and against aerospike-core alone. `--help` lists the options.
 *
 * All clients are measured in the same run and take turns, so that other load on the machine affects all of them.
 */

import type { ClientName, JsClientName } from './clients'
import type { Target } from './clients/adapter'
import { buildCore, measureCore } from './harness/core'
import type { Measurement, RssMark, Sample, ServerInfo } from './harness/job'
import { type Server, useServer } from './harness/server'
import { runJob } from './harness/spawn'
import { type Options, readOptions, USAGE } from './options'
import { environment } from './report/environment'
import type { Conditions, RssGrowth } from './report/report'
import { summarize } from './report/summary'
import { writeReport } from './report/write'
import { type Case, isQuery } from './suites/cases'
import { type ImportCost, importCosts } from './suites/import'

/** Limits that apply to every client. */
const CONNECTIONS = 100
const WORKERS = 2
const TIMEOUT_MS = 5000
/** Time in ms that a child process may take in addition to the measurement. */
const GRACE_MS = 30_000
const RSS_OPERATIONS = { full: [200_000, 1_000_000], quick: [20_000, 100_000] } as const
const IMPORTS = { full: 20, quick: 3 } as const

class Run {
  readonly #samples: Sample[] = []
  readonly #failures: string[] = []
  readonly #times: { readonly warmupMs: number; readonly measureMs: number }

  constructor(
    readonly options: Options,
    readonly server: Server,
    /** Path of the program that measures the core; undefined to skip it. */
    readonly core: string | undefined,
  ) {
    const measureMs = options.seconds * 1000
    this.#times = { warmupMs: Math.round(measureMs / 2), measureMs: Math.round(measureMs) }
  }

  async all(): Promise<number> {
    const { options, server } = this
    const groups = new Map<number, Case[]>([[0, []]])
    for (const spec of options.cases) {
      const queryRows = isQuery(spec) ? spec.rows : 0
      groups.set(queryRows, [...(groups.get(queryRows) ?? []), spec])
    }
    let info: ServerInfo = { build: '', edition: '' }
    // A query scans all records of its namespace, so load the records of one group at a time.
    for (const [queryRows, cases] of groups) {
      const sets = { target: this.#target(1), queryRows }
      info = await runJob<ServerInfo>({ kind: 'load', ...sets }, WORKERS, 4 * GRACE_MS)
      for (let round = 1; round <= options.rounds; round++) {
        for (const spec of cases) await this.#round(spec, round)
      }
      if (queryRows > 0) await runJob({ kind: 'unload', ...sets }, WORKERS, GRACE_MS)
    }
    const rss = options.rss ? await this.#rss() : []
    const imports = options.imports ? await this.#imports() : []
    // Leave no records on a server that we did not start.
    if (!server.own) await runJob({ kind: 'unload', target: this.#target(1), queryRows: 0 }, WORKERS, GRACE_MS)

    const { warmupMs } = this.#times
    const conditions: Conditions = {
      rounds: options.rounds,
      seconds: options.seconds,
      warmupSeconds: warmupMs / 1000,
      connections: CONNECTIONS,
      workers: WORKERS,
    }
    const { path, text } = writeReport({
      date: new Date().toISOString().slice(0, 10),
      quick: options.quick,
      server: { ...info, label: server.label, own: server.own },
      environment: environment(),
      conditions,
      samples: this.#samples,
      cases: summarize(this.#samples),
      rss,
      imports,
      failures: this.#failures,
    })
    console.log(`\n${text}\nWritten to ${path}`)
    return this.#failures.length
  }

  #target(inFlight: number, gathers = false): Target {
    const { host, port } = this.server
    return { host, port, connections: CONNECTIONS, inFlight, gathers, timeoutMs: TIMEOUT_MS }
  }

  async #round(spec: Case, round: number): Promise<void> {
    const clients = spec.clients.filter(client => this.options.clients.includes(client))
    for (let turn = 0; turn < clients.length; turn++) {
      // Rotate the order, so that no client always runs first or after the same one.
      const client = clients[(turn + round - 1) % clients.length]!
      const what = `${spec.name}, ${client}`
      const measured = await this.#attempt(what, () => this.#measure(spec, client))
      if (measured === undefined) continue
      this.#samples.push({ case: spec.name, client, round, ...measured })
      const perSecond = (measured.operations * Math.max(1, spec.rows)) / measured.seconds
      progress(`round ${round}/${this.options.rounds}: ${what}: ${Math.round(perSecond).toLocaleString('en')}/s`)
    }
  }

  #measure(spec: Case, client: ClientName): Promise<Measurement> {
    const target = this.#target(spec.inFlight, spec.gathers)
    const { warmupMs, measureMs } = this.#times
    const timeoutMs = warmupMs + measureMs + GRACE_MS
    if (client === 'core') {
      return measureCore(this.core!, spec, target, { warmupMs, measureMs, workers: WORKERS, timeoutMs })
    }
    return runJob({ kind: 'measure', client, case: spec.name, target, warmupMs, measureMs }, WORKERS, timeoutMs)
  }

  /** A failure does not abort a run of many minutes. It is reported instead. */
  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      const failure = `${what}: ${(error as Error).message}`
      progress(failure)
      this.#failures.push(failure.split('\n', 1)[0]!)
      return undefined
    }
  }

  async #rss(): Promise<RssGrowth[]> {
    const operations = RSS_OPERATIONS[this.options.quick ? 'quick' : 'full']
    const found: RssGrowth[] = []
    const clients = (['ours', 'official'] satisfies JsClientName[]).filter(name => this.#wants(name))
    for (const fullYoung of [false, true]) {
      for (const client of clients) {
        progress(`memory: ${client}, ${operations[1].toLocaleString('en')} operations`)
        const job = { kind: 'rss', client, target: this.#target(50), operations, fullYoung } as const
        const marks = await this.#attempt(`memory, ${client}`, () =>
          runJob<[RssMark, RssMark]>(job, WORKERS, 20 * GRACE_MS),
        )
        if (marks !== undefined) found.push({ client, fullYoung, marks })
      }
    }
    return found
  }

  #wants(client: ClientName): boolean {
    return this.options.clients.includes(client)
  }

  async #imports(): Promise<ImportCost[]> {
    progress('import: fresh processes')
    const costs = () => importCosts(IMPORTS[this.options.quick ? 'quick' : 'full'])
    return (await this.#attempt('import', costs)) ?? []
  }
}

function progress(line: string): void {
  console.error(line)
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') {
    console.log(USAGE)
    return
  }
  const needsCore = options.clients.includes('core') && options.cases.some(({ clients }) => clients.includes('core'))
  if (needsCore) progress('compiling aerospike-core alone, if it is not yet')
  const core = needsCore ? buildCore() : undefined
  const server = await useServer(options.server)
  try {
    const failed = await new Run(options, server, core).all()
    if (failed > 0) process.exitCode = 1
  } finally {
    await server.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
