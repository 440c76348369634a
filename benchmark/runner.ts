/**
 * Measures aerospike-napi against the official client, aerospike-core alone and aerospike-py. `--help` lists the options.
 *
 * Each client runs each case in a process of its own. All of them warm up, and then take turns, round by round, so that
 * other load on the machine affects all of them.
 */

import type { Target } from './clients/adapter'
import { type Client, type ClientName, clientOf, type JsClientName } from './clients/names'
import { buildCore, coreArguments } from './harness/core'
import type { Measurement, RssMark, Sample, ServerInfo } from './harness/job'
import { profiled } from './harness/profile'
import { Progress } from './harness/progress'
import { PYTHON, pythonArguments, pythonClientVersion } from './harness/python'
import { observe } from './harness/quiet'
import { measureCase } from './harness/rounds'
import { type Server, useServer } from './harness/server'
import { Measured, nodeArguments, runJob } from './harness/spawn'
import { type ExtraSuite, type Options, readOptions, USAGE } from './options'
import { environment } from './report/environment'
import { writeReport } from './report/files'
import { markdown } from './report/markdown'
import type { Conditions, RssGrowth } from './report/report'
import { summarize } from './report/summary'
import { type Case, casesOf, isQuery, operationsOf } from './suites/cases'
import { installCosts } from './suites/install'
import { startUpCosts } from './suites/start-up'

/** Limits that apply to every client. */
const CONNECTIONS = 100
const TIMEOUT_MS = 20_000
const WARMUP_MS = { full: 1500, quick: 50 } as const
/** Time in ms that a step of a child process may take. */
const STEP_MS = 60_000
const RSS_OPERATIONS = { full: [200_000, 1_000_000], quick: [20_000, 100_000] } as const
const STARTS = { full: 20, quick: 2 } as const
/** A query of a million records takes seconds, so it gets fewer rounds. */
const QUERY_ROUNDS = 5

class Run {
  readonly #samples: Sample[] = []
  readonly #failures: string[] = []
  readonly #progress: Progress

  constructor(
    readonly options: Options,
    readonly server: Server,
    readonly clients: readonly Client[],
    /** Path of the program that measures the core; undefined to skip it. */
    readonly core: string | undefined,
    readonly python: string | undefined,
  ) {
    this.#progress = new Progress(
      options.cases.reduce((sum, spec) => sum + this.#clientsOf(spec).length * (1 + this.#rounds(spec)), 0),
    )
  }

  async all(): Promise<number> {
    const { options, server } = this
    const observed = observe()
    const groups = new Map<number, Case[]>([[0, []]])
    for (const spec of options.cases) {
      const queryRows = isQuery(spec) ? spec.rows : 0
      groups.set(queryRows, [...(groups.get(queryRows) ?? []), spec])
    }
    let info: ServerInfo = { build: '', edition: '' }
    // A query scans all records of its namespace, so load the records of one group at a time.
    for (const [queryRows, cases] of groups) {
      const sets = { target: this.#target(1), queryRows }
      info = await runJob<ServerInfo>({ kind: 'load', ...sets }, 4 * STEP_MS)
      for (const spec of cases) await this.#case(spec)
      if (queryRows > 0) await runJob({ kind: 'unload', ...sets }, STEP_MS)
    }
    const rss = options.extras.includes('memory') ? await this.#rss() : []
    const startUps = (await this.#extra('start-up', () => this.#startUps())) ?? []
    const installs = (await this.#extra('install', installCosts)) ?? []
    // Leave no records on a server that we did not start.
    if (!server.own) await runJob({ kind: 'unload', target: this.#target(1), queryRows: 0 }, STEP_MS)

    const conditions: Conditions = {
      count: options.count,
      rounds: options.rounds,
      concurrency: options.concurrency,
      batchGroups: options.batchGroups,
      warmupMs: this.#warmupMs,
      connections: CONNECTIONS,
    }
    const report = {
      date: new Date().toISOString().slice(0, 10),
      quick: options.quick || options.profile,
      server: { ...info, label: server.label, own: server.own },
      environment: { ...environment(), ...(this.python !== undefined && { aerospikePy: this.python }) },
      conditions,
      quiet: observed(),
      samples: this.#samples,
      cases: summarize(this.#samples, casesOf(options.concurrency)),
      rss,
      startUps,
      installs,
      failures: this.#failures,
    }
    const paths = writeReport(report)
    console.log(`\n${markdown(report)}\nWritten to ${paths.join(' and ')}`)
    return this.#failures.length
  }

  get #warmupMs(): number {
    return WARMUP_MS[this.options.quick ? 'quick' : 'full']
  }

  #target(inFlight: number): Target {
    const { host, port } = this.server
    return { host, port, connections: CONNECTIONS, inFlight, timeoutMs: TIMEOUT_MS }
  }

  #rounds(spec: Case): number {
    return isQuery(spec) ? Math.min(this.options.rounds, QUERY_ROUNDS) : this.options.rounds
  }

  #clientsOf(spec: Case): ClientName[] {
    return spec.clients.filter(name => {
      const client = clientOf(name)
      return client === undefined || this.clients.includes(client)
    })
  }

  async #case(spec: Case): Promise<void> {
    const samples = await measureCase(spec, this.#clientsOf(spec), {
      rounds: this.#rounds(spec),
      start: client => this.#start(spec, client),
      onStep: what => this.#progress.step(what),
      onFailure: (what, error) => this.#failed(what, error),
    })
    for (const sample of samples) this.#samples.push(sample)
    this.#progress.line(`${spec.title}: ${ratesOf(spec, samples)}`)
  }

  #start(spec: Case, client: ClientName): Promise<Measured<Measurement>> {
    const target = this.#target(spec.inFlight)
    const operations = operationsOf(spec, this.options)
    const own = { warmupMs: this.#warmupMs, operations }
    const start = (command: string, args: readonly string[]): Promise<Measured<Measurement>> =>
      Measured.start(command, args, STEP_MS)
    if (client === 'core') return start(this.core!, coreArguments(spec, target, own))
    if (client === 'aerospike-py') return start(PYTHON, pythonArguments(spec, target, own))
    const job = { kind: 'measure', client, case: spec, target, warmupMs: this.#warmupMs, operations } as const
    const args = nodeArguments(job)
    if (!this.options.profile) return start(process.execPath, args)
    const [command, ...rest] = profiled(`${spec.name}-${client}`, process.execPath, args)
    return start(command!, rest)
  }

  /** A failure does not abort a run of many minutes. It is reported instead. */
  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.#failed(what, error as Error)
      return undefined
    }
  }

  #failed(what: string, { message }: Error): void {
    this.#progress.line(`${what}: ${message}`)
    this.#failures.push(`${what}: ${message}`.split('\n', 1)[0]!)
  }

  async #extra<T>(name: ExtraSuite, work: () => Promise<T>): Promise<T | undefined> {
    if (!this.options.extras.includes(name)) return undefined
    this.#progress.line(`${name}: fresh processes`)
    return this.#attempt(name, work)
  }

  async #rss(): Promise<RssGrowth[]> {
    const operations = RSS_OPERATIONS[this.options.quick ? 'quick' : 'full']
    const found: RssGrowth[] = []
    const clients = (['ours', 'official'] satisfies (Client & JsClientName)[]).filter(name =>
      this.clients.includes(name),
    )
    for (const fullYoung of [false, true]) {
      for (const client of clients) {
        this.#progress.line(`memory: ${client}, ${operations[1].toLocaleString('en')} operations`)
        const job = { kind: 'rss', client, target: this.#target(50), operations, fullYoung } as const
        const marks = await this.#attempt(`memory, ${client}`, () => runJob<[RssMark, RssMark]>(job, 10 * STEP_MS))
        if (marks !== undefined) found.push({ client, fullYoung, marks })
      }
    }
    return found
  }

  #startUps(): ReturnType<typeof startUpCosts> {
    return startUpCosts(this.#target(1), STARTS[this.options.quick ? 'quick' : 'full'])
  }
}

/** The throughput of each client, for the progress output. */
function ratesOf(spec: Case, samples: readonly Sample[]): string {
  const [summary] = summarize(samples, [spec])
  const rates = [...(summary?.figures ?? [])].map(
    ([client, { perSecond }]) => `${client} ${Math.round(perSecond).toLocaleString('en')}/s`,
  )
  return rates.join(', ') || 'not measured'
}

/** The clients that can be measured here, and why others cannot. */
function available(options: Options): { clients: readonly Client[]; core?: string; python?: string } {
  const wants = (name: Client): boolean =>
    options.clients.includes(name) && options.cases.some(({ clients }) => clients.includes(name))
  let clients = options.clients
  if (wants('core')) console.error('compiling aerospike-core alone, if it is not yet')
  const core = wants('core') ? buildCore() : undefined
  const python = wants('aerospike-py') ? pythonClientVersion() : undefined
  if (python === undefined) clients = clients.filter(name => name !== 'aerospike-py')
  if (wants('aerospike-py') && python === undefined) {
    console.error(`aerospike-py is left out: ${PYTHON} cannot import it (pip install aerospike-py, or set PYTHON)`)
  }
  return { clients, ...(core !== undefined && { core }), ...(python !== undefined && { python }) }
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') return console.log(USAGE)
  if (options === 'list') {
    for (const { name, suite, title } of casesOf()) console.log(`${name.padEnd(26)} ${suite.padEnd(20)} ${title}`)
    return
  }
  const { clients, core, python } = available(options)
  const server = await useServer(options.server)
  try {
    const failed = await new Run(options, server, clients, core, python).all()
    if (failed > 0) process.exitCode = 1
  } finally {
    await server.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
