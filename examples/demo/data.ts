/**
 * The data: airports and flights of the United States in 2001, from the package vega-datasets.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'

/** An airport in the form of its record. */
export interface Airport {
  iata: string
  name: string
  city: string
  state: string
  longitude: number
  latitude: number
}

/** A flight in the form of its record. Delays are in minutes, distances in miles. */
export interface Flight {
  /** For example `2001/01/01 06:02`. */
  date: string
  delay: number
  distance: number
  origin: string
  destination: string
}

/** Flights without airports, in the columns of an Arrow file. */
export interface FlightColumns {
  readonly length: number
  readonly delay: Int16Array
  readonly distance: Int16Array
  /** Hour of the day, including fractions. */
  readonly time: Float32Array
}

const folder = join(dirname(require.resolve('vega-datasets')), '..', 'data')

/** Splits a line of a CSV file. A quoted field may contain commas. */
function fieldsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

/** The 3,376 airports. */
export function airports(): Airport[] {
  const [, ...lines] = readFileSync(join(folder, 'airports.csv'), 'utf8').trim().split(/\r?\n/)
  return lines.map(line => {
    const [iata = '', name = '', city = '', state = '', , latitude, longitude] = fieldsOf(line)
    return { iata, name, city, state, longitude: Number(longitude), latitude: Number(latitude) }
  })
}

/** The 20,000 flights with their airports. */
export function flights(): Flight[] {
  return JSON.parse(readFileSync(join(folder, 'flights-20k.json'), 'utf8'))
}

/** The 200,000 flights of the Arrow file. */
export function flightColumns(): FlightColumns {
  const table = tableFromIPC(readFileSync(join(folder, 'flights-200k.arrow')))
  const column = <T>(name: string): T => table.getChild(name)?.toArray() as T
  return {
    length: table.numRows,
    delay: column('delay'),
    distance: column('distance'),
    time: column('time'),
  }
}
