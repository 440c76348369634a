import { describe, expect, test } from 'vitest'
import { Progress } from '../../../benchmark/harness/progress'
import { parseTicks } from '../../../benchmark/harness/quiet'
import { Samples } from '../../../benchmark/harness/samples'
import { type Options, readOptions } from '../../../benchmark/options'
import { casesOf, operationsOf } from '../../../benchmark/suites/cases'

function options(args: readonly string[], env: NodeJS.ProcessEnv = {}): Options {
  const found = readOptions(args, env)
  if (typeof found === 'string') throw new Error(found)
  return found
}

describe('options', () => {
  test('by default, everything is measured', () => {
    const found = options([])
    expect(found).toMatchObject({ count: 5000, rounds: 20, concurrency: 50, batchGroups: 10, server: undefined })
    expect(found.clients).toEqual(['ours', 'official', 'core', 'aerospike-py'])
    expect(found.cases).toEqual(casesOf())
    expect(found.extras).toEqual(['start-up', 'install', 'memory'])
  })

  test('the variables of make set numbers and the server, and options take precedence', () => {
    const env = { BENCH_COUNT: '7', BENCH_ROUNDS: '3', BENCH_CONCURRENCY: '20', AEROSPIKE_HOST: 'db:3000' }
    expect(options(['--rounds', '4'], env)).toMatchObject({ count: 7, rounds: 4, concurrency: 20, server: 'db:3000' })
  })

  test('suites and cases select what is measured', () => {
    const found = options(['--suites', 'put,get-200,install', '--clients', 'official,ours'])
    expect(found.clients).toEqual(['ours', 'official'])
    expect(found.cases.map(({ name }) => name)).toEqual(['get-200', 'put-1', 'put-10', 'put-50', 'put-200', 'put-1000'])
    expect(found.extras).toEqual(['install'])
  })

  test('the concurrency replaces that of the cases that do not vary it', () => {
    const names = options(['--concurrency', '30']).cases.map(({ name }) => name)
    expect(names).toContain('get-30')
    expect(names).not.toContain('get-50')
  })

  test.each([
    [['--suites', 'gets'], '--suites: there is no gets'],
    [['--clients', 'theirs'], '--clients: there is no theirs'],
    [['--rounds', '0'], '--rounds must be a whole number above 0, not 0'],
    [['--count', 'many'], '--count must be a whole number above 0, not many'],
  ])('%j is refused', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(message)
  })

  test('a wrong variable is refused by its name', () => {
    expect(() => readOptions([], { BENCH_COUNT: '1.5' })).toThrow('BENCH_COUNT must be a whole number')
  })
})

describe('amounts', () => {
  const amounts = { count: 5000, batchGroups: 10 }
  const operations = (name: string): number => operationsOf(casesOf().find(one => one.name === name)!, amounts)

  test('a round has enough operations for its concurrency, and enough rows', () => {
    expect(operations('get-50')).toBe(5000)
    expect(operations('get-1000')).toBe(20_000)
    expect(operations('batchRead-10')).toBe(500)
    expect(operations('batchRead-5000')).toBe(10)
    expect(operations('queryRecords-1000000')).toBe(1)
    expect(operations('get-blob-100k')).toBe(1000)
  })

  test('names of cases are unique', () => {
    const names = casesOf().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('clocks', () => {
  test('stolen time is the eighth number of the first line of /proc/stat', () => {
    expect(parseTicks('cpu  10 0 20 60 1 0 2 7 5 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n')).toEqual({ steal: 7, total: 100 })
    expect(parseTicks('nothing')).toBeUndefined()
  })

  test('percentiles are values of the samples, by nearest rank', () => {
    const samples = new Samples()
    for (let value = 1; value <= 100_000; value++) samples.add(value)
    expect(samples.count).toBe(100_000)
    expect(samples.percentiles(0.5, 0.99, 0.999)).toEqual([50_000, 99_000, 99_900])
  })
})

test('progress is a bar on a terminal, and lines with a percentage elsewhere', () => {
  const lines: string[] = []
  const out = (isTTY: boolean) => ({ isTTY, write: (text: string) => lines.push(text) > 0 })
  const bar = new Progress(4, out(true))
  bar.step('one')
  bar.step('two')
  const plain = new Progress(2, out(false))
  plain.step('one')
  plain.line('one: done')
  expect(lines[1]).toMatch(/\[#{6}\.{18}\] {2}25% .*two$/)
  expect(lines[2]).toBe(' 50% one: done\n')
})
