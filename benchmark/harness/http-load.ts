/**
 * The HTTP client of the suite `service`. Reads the target as the first line of standard input, and then the number of
 * requests of each round; prints the latencies of each round as JSON.
 */

import type { EventEmitter } from 'node:events'
import { createInterface } from 'node:readline'
import type { HttpRound } from '../suites/service'

/** What this program uses of autocannon, which has no types of its own. */
type Autocannon = (options: {
  readonly url: string
  readonly amount: number
  readonly connections: number
  readonly requests: readonly { readonly path: string }[]
}) => EventEmitter & Promise<{ readonly errors: number }>
const autocannon = require('autocannon') as Autocannon

interface Target {
  readonly url: string
  readonly paths: readonly string[]
  readonly connections: number
}

async function round({ url, paths, connections }: Target, amount: number): Promise<HttpRound> {
  const latencies: number[] = []
  let failed = 0
  const start = performance.now()
  let end = start
  const requests = paths.map(path => ({ path }))
  const running = autocannon({ url, amount, connections, requests })
  running.on('response', (_client: unknown, status: number, _bytes: number, latency: number) => {
    latencies.push(latency)
    if (status !== 200) failed++
    end = performance.now()
  })
  const { errors } = await running
  return { seconds: (end - start) / 1000, latencies, failed: failed + errors }
}

async function main(): Promise<void> {
  let target: Target | undefined
  for await (const line of createInterface(process.stdin)) {
    if (target === undefined) {
      target = JSON.parse(line) as Target
      console.log('ready')
    } else {
      console.log(JSON.stringify(await round(target, Number(line))))
    }
  }
}

void main()
