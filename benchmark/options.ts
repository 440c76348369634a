/** The command line of the runner, and the variables of `make run-benchmark`. */
import { parseArgs } from 'node:util'
import { CLIENTS, type Client } from './clients/names'
import { type Case, CONCURRENCY, casesOf } from './suites/cases'

/** Measurements that are not cases of a client under load. */
export const EXTRA_SUITES = ['start-up', 'install', 'memory'] as const
export type ExtraSuite = (typeof EXTRA_SUITES)[number]

export interface Options {
  /** Number of operations per round, of single records. */
  readonly count: number
  readonly rounds: number
  /** Calls in flight, where a suite does not vary them. */
  readonly concurrency: number
  /** Number of calls per round, of batches. */
  readonly batchGroups: number
  /** A short run to check that everything works. Its figures are not meaningful. */
  readonly quick: boolean
  /** Whether to write CPU profiles, which slow everything down. */
  readonly profile: boolean
  /** `host:port`, or undefined to start aerospike-local. */
  readonly server: string | undefined
  readonly clients: readonly Client[]
  readonly cases: readonly Case[]
  readonly extras: readonly ExtraSuite[]
}

const DEFAULTS = { count: 5000, rounds: 20, batchGroups: 10 } as const
const QUICK = { count: 500, rounds: 1, batchGroups: 2 } as const

export const USAGE = `npm run benchmark -- [options]
  --clients <name,...>  ${CLIENTS.join(', ')} (default: all that can run here)
  --suites <name,...>   suites or cases; start-up, install, memory (default: all)
  --count <n>           operations per round (BENCH_COUNT; default ${DEFAULTS.count})
  --rounds <n>          rounds, in which the clients take turns (BENCH_ROUNDS; default ${DEFAULTS.rounds})
  --concurrency <n>     calls in flight where a suite does not vary them (BENCH_CONCURRENCY; default ${CONCURRENCY})
  --batch-groups <n>    batch calls per round (BENCH_BATCH_GROUPS; default ${DEFAULTS.batchGroups})
  --server <host:port>  a server with a namespace 'test' (AEROSPIKE_HOST; default: a new aerospike-local)
  --profile             writes CPU profiles to results/profiles; the figures of such a run mean little
  --quick               one short round, to see that everything works
  --list                lists the cases`

export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Options | 'help' | 'list' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string' },
      suites: { type: 'string' },
      count: { type: 'string' },
      rounds: { type: 'string' },
      concurrency: { type: 'string' },
      'batch-groups': { type: 'string' },
      server: { type: 'string' },
      profile: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  if (values.list) return 'list'
  const { quick } = values
  const defaults = quick ? QUICK : DEFAULTS
  const number = (option: string | undefined, name: string, variable: string, standard: number): number => {
    if (option !== undefined) return positive(option, name)
    const text = env[variable]
    return text ? positive(text, variable) : standard
  }
  const concurrency = number(values.concurrency, '--concurrency', 'BENCH_CONCURRENCY', CONCURRENCY)
  return {
    count: number(values.count, '--count', 'BENCH_COUNT', defaults.count),
    rounds: number(values.rounds, '--rounds', 'BENCH_ROUNDS', defaults.rounds),
    concurrency,
    batchGroups: number(values['batch-groups'], '--batch-groups', 'BENCH_BATCH_GROUPS', defaults.batchGroups),
    quick,
    profile: values.profile,
    server: values.server ?? (env.AEROSPIKE_HOST || undefined),
    clients: chosen(values.clients, CLIENTS, '--clients'),
    ...suites(values.suites, concurrency),
  }
}

function suites(text: string | undefined, concurrency: number): Pick<Options, 'cases' | 'extras'> {
  const all = casesOf(concurrency)
  const known = [...new Set(all.flatMap(({ suite, name }) => [suite, name])), ...EXTRA_SUITES]
  const names = chosen(text, known, '--suites')
  return {
    cases: all.filter(({ suite, name }) => names.includes(suite) || names.includes(name)),
    extras: EXTRA_SUITES.filter(name => names.includes(name)),
  }
}

/** Parses a list of names such as `a,b`. Without a list, returns all names. */
function chosen<T extends string>(text: string | undefined, known: readonly T[], option: string): readonly T[] {
  if (text === undefined) return known
  const names = text.split(',').filter(name => name !== '')
  for (const name of names) {
    if (!known.some(candidate => candidate === name)) {
      throw new Error(`${option}: there is no ${name}. Known: ${known.join(', ')}`)
    }
  }
  return known.filter(name => names.includes(name))
}

function positive(text: string, name: string): number {
  const value = Number(text)
  if (!(value >= 1 && Number.isInteger(value))) throw new Error(`${name} must be a whole number above 0, not ${text}`)
  return value
}
