/**
 * The data: airports and zip codes of the United States, from the package vega-datasets.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Bins, GeoJSON } from 'aerospike-napi'

const folder = join(dirname(require.resolve('vega-datasets')), '..', 'data')

/** Splits a line of a CSV file. A quoted field may contain commas. */
function fieldsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

function rows(file: string): string[][] {
  const [, ...lines] = readFileSync(join(folder, file), 'utf8').trim().split(/\r?\n/)
  return lines.map(fieldsOf)
}

/** A record to write. */
export interface Row {
  id: string
  bins: Bins
}

/** The 3,376 airports. */
export function airports(): Row[] {
  return rows('airports.csv').map(([iata = '', name = '', city = '', state = '', , latitude, longitude]) => ({
    id: iata,
    bins: { iata, name, city, state, at: GeoJSON.Point(Number(longitude), Number(latitude)) },
  }))
}

/** The 42,049 zip codes, without those that have no location. */
export function zipCodes(): Row[] {
  return rows('zipcodes.csv')
    .filter(([, latitude, longitude]) => latitude && longitude)
    .map(([zip = '', latitude, longitude, city = '', state = '', county = '']) => ({
      id: zip,
      bins: { zip, city, state, county, at: GeoJSON.Point(Number(longitude), Number(latitude)) },
    }))
}
