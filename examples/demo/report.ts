/**
 * Statistics of the flights, computed from the Arrow table.
 */
import type { Client } from 'aerospike-napi'
import type { Table } from 'apache-arrow'
import { NAMESPACE, SETS } from './place'
import { bar, bold, count, fixed, heading, table } from './terminal'

/** Minimum number of flights for which an airport's mean is meaningful. */
const ENOUGH = 100
const ROWS = 8
const NAME_WIDTH = 34

interface Group {
  flights: number
  minutes: number
  miles: number
  worst: number
}

function addTo<K>(groups: Map<K, Group>, key: K, delay: number, distance: number): void {
  const group = groups.get(key) ?? { flights: 0, minutes: 0, miles: 0, worst: Number.NEGATIVE_INFINITY }
  group.flights++
  group.minutes += delay
  group.miles += distance
  group.worst = Math.max(group.worst, delay)
  groups.set(key, group)
}

const mean = ({ flights, minutes }: Group): number => minutes / flights

/** The hour in the 16 bytes of a date such as `2001/01/01 06:02`. */
function hourOf(date: Uint8Array): number {
  return ((date[11] as number) - 48) * 10 + ((date[12] as number) - 48)
}

/** Minutes with a sign. */
const minutes = (number: number): string => `${number < 0 ? '-' : '+'}${fixed(Math.abs(number), 1)}`

function shortened(text: string): string {
  return text.length > NAME_WIDTH ? `${text.slice(0, NAME_WIDTH - 1)}…` : text
}

/** Reads the records of these airports in one batch. Returns a lookup by code. */
async function airportsOf(client: Client, codes: readonly string[]): Promise<(code: string) => [string, string]> {
  const keys = codes.map(code => [NAMESPACE, SETS.airports, code] as const)
  const rows = await client.batchRead<{ name: string; city: string; state: string }>(keys, ['name', 'city', 'state'])
  rows.throwIfFailed()
  return code => {
    const bins = rows.get(code)?.record?.bins
    return bins === undefined ? ['?', '?'] : [shortened(bins.name), `${bins.city}, ${bins.state}`]
  }
}

/** Prints the summary. */
export async function report(client: Client, flights: Table): Promise<void> {
  const [dates, delays, distances, origins] = ['date', 'delay', 'distance', 'origin'].map(
    name => flights.getChild(name)?.toArray() as ArrayLike<unknown>,
  ) as [ArrayLike<Uint8Array>, Int16Array, Int16Array, ArrayLike<string>]

  const byOrigin = new Map<string, Group>()
  const byHour = new Map<number, Group>()
  const total = new Map<'all', Group>()
  for (let row = 0; row < flights.numRows; row++) {
    const [delay, distance] = [delays[row] as number, distances[row] as number]
    addTo(total, 'all', delay, distance)
    addTo(byOrigin, origins[row] as string, delay, distance)
    addTo(byHour, hourOf(dates[row] as Uint8Array), delay, distance)
  }

  const latest = [...byOrigin]
    .filter(([, { flights }]) => flights >= ENOUGH)
    .sort(([, a], [, b]) => mean(b) - mean(a))
    .slice(0, ROWS)
  const busiest = [...byOrigin].sort(([, a], [, b]) => b.flights - a.flights).slice(0, ROWS)
  const airport = await airportsOf(client, [...new Set([...latest, ...busiest].map(([code]) => code))])

  heading(`Longest delays, by origin (of at least ${ENOUGH} flights)`)
  table(
    [
      ['', 'left'],
      ['airport', 'left'],
      ['where', 'left'],
      ['flights', 'right'],
      ['mean delay', 'right'],
      ['worst', 'right'],
    ],
    latest.map(([code, group]) => [
      code,
      ...airport(code),
      count(group.flights),
      `${minutes(mean(group))} min`,
      `${fixed(group.worst / 60, 1)} h`,
    ]),
  )

  heading('Busiest origins')
  const most = busiest[0]?.[1].flights ?? 1
  table(
    [
      ['', 'left'],
      ['airport', 'left'],
      ['where', 'left'],
      ['flights', 'right'],
      ['', 'left'],
    ],
    busiest.map(([code, { flights }]) => [code, ...airport(code), count(flights), bar(flights / most, 16)]),
  )

  heading('Mean delay, by hour of departure')
  const hours = [...byHour].filter(([, { flights }]) => flights >= ENOUGH).sort(([a], [b]) => a - b)
  const longest = Math.max(...hours.map(([, group]) => mean(group)))
  table(
    [
      ['hour', 'right'],
      ['flights', 'right'],
      ['minutes', 'right'],
      ['', 'left'],
    ],
    hours.map(([hour, group]) => [
      `${String(hour).padStart(2, '0')}:00`,
      count(group.flights),
      minutes(mean(group)),
      bar(mean(group) / longest, 32),
    ]),
  )

  const all = total.get('all')
  if (all !== undefined) {
    const { flights, miles } = all
    console.log(
      `\n  ${bold(count(flights))} flights of ${bold(fixed(miles / flights, 0))} miles on average, ` +
        `${bold(fixed(mean(all), 1))} minutes late on average, the latest by ${bold(fixed(all.worst / 60, 1))} hours.`,
    )
  }
}
