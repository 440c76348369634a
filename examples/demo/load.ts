/**
 * Writes the data sets as records.
 */
import { type Client, GeoJSON } from 'aerospike-napi'
import type { Airport, Flight, FlightColumns } from './data'
import { inFlight, type Measured, measured } from './measure'
import { NAMESPACE, SETS } from './place'
import { Progress } from './terminal'

/** Number of concurrent writes. */
const WIDTH = 100

async function write(label: string, total: number, put: (index: number) => Promise<void>): Promise<Measured> {
  const progress = new Progress(label, total)
  let done = 0
  try {
    return await measured(() =>
      inFlight(WIDTH, total, async index => {
        await put(index)
        progress.update(++done)
      }),
    )
  } finally {
    progress.end()
  }
}

/** Writes the airports, with their IATA codes as keys. */
export function writeAirports(client: Client, airports: readonly Airport[]): Promise<Measured> {
  return write('airports', airports.length, index => {
    const { iata, name, city, state, longitude, latitude } = airports[index] as Airport
    return client.put([NAMESPACE, SETS.airports, iata], {
      name,
      city,
      state,
      place: GeoJSON.Point(longitude, latitude),
    })
  })
}

/** Writes the flights, with their numbers as keys. */
export function writeFlights(client: Client, flights: readonly Flight[]): Promise<Measured> {
  return write('flights', flights.length, index =>
    client.put([NAMESPACE, SETS.flights, index], { ...(flights[index] as Flight) }),
  )
}

/** Writes the rows of the Arrow file, with their numbers as keys. */
export function writeVolume(client: Client, { length, delay, distance, time }: FlightColumns): Promise<Measured> {
  return write('flights of the Arrow file', length, index =>
    client.put([NAMESPACE, SETS.volume, index], {
      delay: delay[index] as number,
      distance: distance[index] as number,
      time: time[index] as number,
    }),
  )
}
