/** The command line of the runner. */
import { parseArgs } from 'node:util'
import type { ClientName } from './clients'
import { CASES, type Case } from './suites/cases'

export interface Options {
  readonly rounds: number
  readonly seconds: number
  /** A short run to check that everything works. Its figures are not meaningful. */
  readonly quick: boolean
  /** `host:port`, or undefined to start aerospike-local. */
  readonly server: string | undefined
  readonly clients: readonly ClientName[]
  readonly cases: readonly Case[]
  readonly rss: boolean
  readonly imports: boolean
}

const CLIENTS: readonly ClientName[] = ['ours', 'official', 'core', 'none']
const EXTRA = ['rss', 'import']

export const USAGE = `npm run benchmark -- [options]
  --rounds <n>         rounds, each with every case and client; medians over them are reported (default 5)
  --seconds <n>        how long one measurement takes, after a warm-up of half of that (default 2)
  --only <name,...>    clients (ours, official, core), suites or cases, rss, import (default: all)
  --server <host:port> a server with a namespace 'test' (default: AEROSPIKE_HOST, else aerospike-local is started)
  --quick              one short round: to see that it works, not to measure`

export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      server: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const { quick } = values
  const only = (values.only ?? '').split(',').filter(name => name !== '')
  const clients = CLIENTS.filter(name => only.includes(name))
  const others = only.filter(name => !clients.some(client => client === name))
  const cases = CASES.filter(({ name, suite }) => others.includes(name) || others.includes(suite))
  for (const name of others) {
    if (!EXTRA.includes(name) && !CASES.some(known => known.name === name || known.suite === name)) {
      throw new Error(`--only: there is no ${name}. Cases: ${CASES.map(known => known.name).join(', ')}`)
    }
  }
  const all = others.length === 0
  return {
    rounds: positive(values.rounds, '--rounds') ?? (quick ? 1 : 5),
    seconds: positive(values.seconds, '--seconds') ?? (quick ? 0.3 : 2),
    quick,
    server: values.server ?? (process.env.AEROSPIKE_HOST || undefined),
    clients: clients.length === 0 ? CLIENTS : clients,
    cases: all ? CASES : cases,
    rss: all || others.includes('rss'),
    imports: all || others.includes('import'),
  }
}

function positive(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(value > 0)) throw new Error(`${name} must be a number above 0`)
  return value
}
