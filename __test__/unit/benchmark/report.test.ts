import { describe, expect, test } from 'vitest'
import type { ClientName } from '../../../benchmark/clients/names'
import { charts } from '../../../benchmark/report/charts'
import { EXPLANATIONS } from '../../../benchmark/report/explanations'
import { figuresOf } from '../../../benchmark/report/figures'
import { markdown } from '../../../benchmark/report/markdown'
import { noiseOf } from '../../../benchmark/report/noise'
import { performancePage } from '../../../benchmark/report/performance'
import { withFigures } from '../../../benchmark/report/readme'
import { smokeRatios, tooLow } from '../../../benchmark/report/smoke'
import { median, quantile, spread } from '../../../benchmark/report/statistics'
import { ratio, summarize } from '../../../benchmark/report/summary'
import { figureTable } from '../../../benchmark/report/tables'
import { casesOf } from '../../../benchmark/suites/cases'
import { sample, sampleReport } from './sample-report'

const GET = casesOf().filter(({ name }) => name === 'get-50')
const START = '<!-- measured figures, written by `make run-benchmark-report` -->'
const END = '<!-- end of the measured figures -->'

describe('statistics', () => {
  test('a median is the middle value, or the mean of the two middle ones', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  test('a quantile is interpolated', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5)
    expect(quantile([5], 0.99)).toBe(5)
  })

  test('a spread is the distance of the quartiles relative to the median', () => {
    expect(spread([8, 9, 10, 11, 12])).toBeCloseTo(0.2)
    expect(spread([10])).toBeNaN()
  })
})

describe('summary', () => {
  test('figures are medians over the rounds, per operation', () => {
    const samples = [10_000, 30_000, 20_000].map((speed, round) => sample('get-50', 'ours', round + 1, speed))
    const figures = summarize(samples, GET)[0]?.figures.get('ours')
    expect(figures?.perSecond).toBeCloseTo(20_000)
    expect(figures?.cpuUs).toBe(20)
  })

  test('figures of batches are per record', () => {
    const spec = casesOf().filter(({ name }) => name === 'batchRead-100')
    const figures = summarize([sample('batchRead-100', 'ours', 1, 1000)], spec)[0]?.figures.get('ours')
    expect(figures?.perSecond).toBeCloseTo(100_000)
    expect(figures?.p50Us).toBe(100)
  })

  test('a ratio has the least and the greatest ratio of a round', () => {
    const samples = [1, 2].flatMap(round => [
      sample('get-50', 'ours', round, round * 20_000),
      sample('get-50', 'official', round, 10_000),
    ])
    const found = ratio(summarize(samples, GET)[0]!, 'perSecond', 'ours', 'official')
    expect(found?.value).toBeCloseTo(3)
    expect(found?.least).toBeCloseTo(2)
    expect(found?.most).toBeCloseTo(4)
  })

  test('there is no ratio to a client that was not measured', () => {
    const summary = summarize([sample('get-50', 'ours', 1)], GET)[0]!
    expect(ratio(summary, 'perSecond', 'ours', 'official')).toBeUndefined()
  })
})

describe('noise', () => {
  test('a quiet run with close rounds is a result', () => {
    expect(noiseOf(sampleReport()).reasons).toEqual([])
  })

  test('a load, stolen time, another priority and distant rounds are reasons not to call a run a result', () => {
    const samples = [10_000, 20_000, 40_000].map((speed, round) => sample('get-50', 'ours', round + 1, speed))
    const report = sampleReport({ cases: summarize(samples, GET), quiet: { loadBefore: 9, steal: 0.1, priority: -19 } })
    const { reasons, cases } = noiseOf(report)
    expect([...cases]).toEqual(['get-50'])
    expect(reasons).toHaveLength(4)
    expect(markdown(report)).toContain('**Noisy, not a result**')
  })
})

describe('figures', () => {
  test('each target belongs to a case, and is reached or not', () => {
    const figures = figuresOf(sampleReport())
    expect(new Set(figures.map(({ id }) => id)).size).toBe(figures.length)
    const throughput = figures.find(({ id }) => id === 'get-50: throughput')
    expect(throughput).toMatchObject({ wanted: '≥ 1.50×', measured: '2.00×', reached: true })
    expect(figures.find(({ id }) => id === 'get-50, autoBatch: throughput')).toMatchObject({ measured: '4.00×' })
    expect(figures.find(({ id }) => id === 'get-50: time against the core')).toMatchObject({
      measured: '1.25×',
      reached: false,
    })
    expect(figures.find(({ id }) => id === 'import time')).toMatchObject({ measured: '15.0 ms', reached: true })
  })

  test('each explanation belongs to a target', () => {
    const ids = figuresOf(sampleReport()).map(({ id }) => id)
    expect(Object.keys(EXPLANATIONS).filter(id => !ids.includes(id))).toEqual([])
  })

  test('the table has the explanation of a figure that is not reached', () => {
    const figure = { id: 'a', what: 'A', wanted: '≥ 2×', measured: '1×', reached: false }
    expect(figureTable([figure], { a: 'because' })).toContain('| A | ≥ 2× | 1× | **not reached**: because |')
    expect(figureTable([{ ...figure, reached: true }], { a: 'because' })).toContain('| reached |')
  })
})

describe('pages', () => {
  test('charts have a bar for each client, and colours for light and dark', () => {
    const get = charts(sampleReport()).find(({ id }) => id === 'get')
    expect(get?.svg).toContain('<title>50 in flight, aerospike-napi: 40,000/s</title>')
    expect(get?.svg).toContain('prefers-color-scheme: dark')
    expect(get?.svg.match(/<rect class="c\d" x="200"/g)).toHaveLength(20)
  })

  test('charts without measurements are left out', () => {
    expect(charts({ cases: summarize([sample('get-50', 'ours', 1)], GET) }).map(({ id }) => id)).toEqual([
      'get',
      'event-loop',
      'latency',
    ])
  })

  test('the page has figures, charts, conditions and the method', () => {
    const page = performancePage(sampleReport(), '2026-01-02-ce-8.1.2.0', '## The method\n')
    expect(page).toMatch(/^<!-- Generated from benchmark\/results\/2026-01-02-ce-8\.1\.2\.0\.json/)
    expect(page).toContain('## Wanted and measured')
    expect(page).toContain('(images/performance-get.svg)')
    expect(page).toContain('aerospike-core 3.0.0')
    expect(page.endsWith('## The method\n')).toBe(true)
  })

  test('the figures of the README, a table and a chart, replace what is between its marks', () => {
    const written = withFigures(`before\n${START}\nold\n${END}\nafter\n`, sampleReport(), '2026-01-02-ce-8.1.2.0')
    expect(written).toContain('| `get`, 50 in flight | 2.00× | 0.13× |')
    expect(written).toContain('](docs/images/performance-event-loop.svg)\n')
    expect(written).not.toContain('old')
    expect(written.startsWith(`before\n${START}\n`)).toBe(true)
    expect(written.endsWith(`\n${END}\nafter\n`)).toBe(true)
    expect(() => withFigures('no marks', sampleReport(), '')).toThrow('README.md has no lines')
  })
})

describe('smoke', () => {
  const ratios = (speeds: readonly ClientName[]) =>
    smokeRatios(
      speeds.map(client => sample('get-50', client, 1)),
      GET,
    )

  test('ratios compare the CPU time of process and JavaScript thread', () => {
    expect(ratios(['ours', 'official'])).toEqual([
      { name: 'get-50, ours, process', value: 1 },
      { name: 'get-50, ours, JS thread', value: 8 },
    ])
  })

  test('a ratio below half of the recorded one fails, and so does one that was not measured', () => {
    const recorded = { 'get-50, ours, process': 1.9, 'get-50, ours, JS thread': 17, 'put-50, ours, process': 1 }
    expect(tooLow(ratios(['ours', 'official']), recorded)).toEqual([
      'get-50, ours, JS thread: 8.00 is below half of the recorded 17.00',
      'put-50, ours, process was not measured',
    ])
  })
})
