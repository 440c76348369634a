// Tables, bars and colours for terminals of any width.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { recordText, tableText } from '../../../cli/formats/table.mjs'
import { ProgressBar, progressLine } from '../../../cli/progress.mjs'
import { bytes, duration, fitted, hasColors, printable, styled, textWidth, widthOf } from '../../../cli/terminal.mjs'
import { until } from '../../helpers/until.js'

afterEach(() => vi.unstubAllEnvs())

const rows = [
  new Map<string, unknown>([
    ['_key', 'ada'],
    ['name', 'Ada Lovelace'],
    ['age', 36n],
  ]),
  new Map<string, unknown>([
    ['_key', 'bob'],
    ['city', '서울'],
    ['age', 7n],
  ]),
]

const widest = (text: string): number => Math.max(...text.split('\n').map(textWidth))

describe('a table', () => {
  test('aligns numbers to the right and text to the left', () => {
    expect(tableText(rows, { width: 80, colors: false })).toBe(
      '_key  name          age  city\n────  ────────────  ───  ────\nada   Ada Lovelace   36\nbob                   7  서울\n',
    )
  })

  test.each([20, 24, 30, 40])('fits %i columns', width => {
    const long = [
      ...rows,
      new Map([
        ['_key', 'x'.repeat(100)],
        ['name', '서'.repeat(50)],
      ]),
    ]
    expect(widest(tableText(long, { width, colors: false }))).toBeLessThanOrEqual(width)
    expect(
      widest(recordText(new Map([['a_long_bin_name', 'y'.repeat(99)]]), { width, colors: false })),
    ).toBeLessThanOrEqual(width)
  })

  test('shows each record as a block where the columns do not fit', () => {
    const row = new Map(Array.from({ length: 8 }, (_, index) => [`bin${index}`, `value ${index}`]))
    expect(tableText([row, row], { width: 40, colors: false }).split('\n').slice(0, 3)).toEqual([
      'bin0  value 0',
      'bin1  value 1',
      'bin2  value 2',
    ])
  })

  test('escapes control characters, so that values cannot change the terminal', () => {
    const row = new Map([['a', '\u001b[31mred\u0007\nline\u202eend']])
    expect(tableText([row], { width: 80, colors: false })).toContain('\\u001b[31mred\\u0007\\nline\\u202eend')
  })

  test('has colours only where they are wanted', () => {
    expect(tableText(rows, { width: 80, colors: true })).toContain('\u001b[1m')
    expect(tableText(rows, { width: 80, colors: false })).not.toContain('\u001b')
    expect(tableText([], { width: 80, colors: true })).toBe('')
  })
})

describe('a terminal', () => {
  test('has the width of its columns, of COLUMNS, or 80', () => {
    expect(widthOf({ columns: 40 })).toBe(40)
    expect(widthOf({ columns: 5 })).toBe(20)
    vi.stubEnv('COLUMNS', '50')
    expect(widthOf({})).toBe(50)
    vi.stubEnv('COLUMNS', 'wide')
    expect(widthOf({})).toBe(80)
  })

  test('has colours, unless it is something else or has none', () => {
    const terminal = { isTTY: true, hasColors: () => true }
    expect(hasColors(terminal)).toBe(true)
    expect(hasColors({ ...terminal, hasColors: () => false })).toBe(false)
    expect(hasColors({ isTTY: false, hasColors: () => true })).toBe(false)
    expect(styled(terminal, 'red', 'x')).toBe('\u001b[31mx\u001b[39m')
    expect(styled({ isTTY: false }, 'red', 'x')).toBe('x')
  })

  test('shows text that fits', () => {
    expect(fitted('abcdef', 4)).toBe('abc…')
    expect(fitted('서울서울', 4)).toBe('서…')
    expect(fitted('👨‍👩‍👧‍👦abc', 4)).toBe('👨‍👩‍👧‍👦a…')
    expect(printable('a\tb')).toBe('a\\tb')
    expect([duration(320), duration(12_345), duration(200_000)]).toEqual(['320 ms', '12.3 s', '3 min 20 s'])
    expect([bytes(12), bytes(1500), bytes(2e9)]).toEqual(['12 B', '1.5 kB', '2.0 GB'])
  })
})

describe('a progress bar', () => {
  test('has the bar where there is room', () => {
    const state = { rows: 8600, failed: 3, done: 0.43 }
    expect(progressLine(state, 2000, 80)).toBe(
      ' 43% [############-----------------]  8,600 rows  3 failed  4,300/s  3.0 s left',
    )
    expect(progressLine(state, 2000, 40)).toBe(' 43%  8,600 rows  3 failed  4,300/s  3…')
    expect(progressLine({ ...state, done: undefined }, 2000, 80)).toBe('8,600 rows  3 failed  4,300/s')
  })

  test.each([20, 40, 80, 200])('fits %i columns', width => {
    for (const done of [undefined, 0, 0.5, 1, 7]) {
      expect(textWidth(progressLine({ rows: 123_456_789, failed: 1e6, done }, 1e6, width))).toBeLessThan(width)
    }
  })

  test('is drawn on terminals only, and removed at the end', async () => {
    let text = ''
    const screen = {
      columns: 40,
      write: (more: string) => {
        text += more
      },
    }
    const state = () => ({ rows: 1, failed: 0, done: 0.5 })
    new ProgressBar(screen, state).stop()
    expect(text).toBe('')
    const bar = new ProgressBar({ ...screen, isTTY: true }, state)
    await until(() => text.includes('1 row'))
    bar.stop()
    expect(text.endsWith('\r\u001b[K')).toBe(true)
  })
})
