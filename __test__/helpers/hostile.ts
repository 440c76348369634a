// Runs `__test__/hostile/main.mts` in a process of its own, and checks what it reports.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const folder = fileURLToPath(new URL('../hostile/', import.meta.url))
const tsx = join(folder, '..', '..', 'node_modules', 'tsx', 'dist', 'cli.mjs')

interface Event {
  event: 'begin' | 'end' | 'wrong' | 'done'
  seed?: number
  name?: string
  what?: string
  codes?: { [code: string]: number }
}

/**
 * Expects that the mutations of `count` seeds end no process, leave no call unsettled and change no later result. On a failure, the
 * message names the mutations: run `main.mts` with one of their seeds to repeat it.
 */
export async function expectHarmless(address: string, first: number, count: number): Promise<void> {
  const args = [
    tsx,
    '--tsconfig',
    join(folder, 'tsconfig.json'),
    join(folder, 'main.mts'),
    address,
    `${first}`,
    `${count}`,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (...ended) => resolve(ended))
  })
  const events = output.stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Event)
  const names = new Map(events.flatMap(({ event, seed, name }) => (event === 'begin' ? [[seed, name] as const] : [])))
  const ended = new Set(events.filter(({ event }) => event === 'end').map(({ seed }) => seed))
  const unfinished = [...names].filter(([seed]) => !ended.has(seed))
  const wrong = events
    .filter(({ event }) => event === 'wrong')
    .map(({ seed, what }) => `${seed}, ${names.get(seed)}: ${what}`)
  expect(wrong).toEqual([])
  expect({ code, signal, unfinished, errors: output.stderr }).toEqual({
    code: 0,
    signal: null,
    unfinished: [],
    errors: '',
  })
  expect(ended.size).toBe(count)
  // The mutations reached the client: most calls of most of them failed.
  const failed = events.reduce(
    (sum, { codes = {} }) => sum + Object.values(codes).reduce((all, each) => all + each, 0),
    0,
  )
  expect(failed).toBeGreaterThan(2 * count)
}
