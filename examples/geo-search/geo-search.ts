/**
 * Searches by location: real airports and zip codes, geospatial indexes, and queries within circles and polygons.
 *
 *   make geo-search                                  with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make geo-search    with your own server
 */
import { type Client, connect, exp, filter, GeoJSON } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { bold, count, dim, heading, table } from '../demo/terminal'
import { airports, type Row, zipCodes } from './data'

const NS = 'test'
const AIRPORTS = 'geo-airports'
const ZIPS = 'geo-zips'
/** Maximum number of results to print. */
const SHOWN = 8

type Place = readonly [longitude: number, latitude: number]

interface Airport {
  iata: string
  name: string
  city: string
  state: string
  at: GeoJSON
}

interface Zip {
  zip: string
  city: string
  state: string
  at: GeoJSON
}

const ms = (since: number): string => `${(performance.now() - since).toFixed(1)} ms`

function placeOf(point: GeoJSON): Place {
  const { coordinates }: { coordinates: Place } = JSON.parse(point.json)
  return coordinates
}

/** Distance between two places in kilometres, on a sphere. */
function distance([long1, lat1]: Place, [long2, lat2]: Place): number {
  const rad = Math.PI / 180
  const half = (angle: number): number => Math.sin((angle * rad) / 2) ** 2
  const a = half(lat2 - lat1) + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * half(long2 - long1)
  return 12_742 * Math.asin(Math.sqrt(a))
}

/** Writes records and creates an index of their locations. */
async function fill(client: Client, set: string, rows: readonly Row[]): Promise<void> {
  const since = performance.now()
  const { failures } = await client.bulkWrite(rows.map(({ id, bins }) => ({ key: [NS, set, id], bins })))
  if (failures[0] !== undefined) throw failures[0].error
  const index = { namespace: NS, set, bin: 'at', index: `${set}-at` }
  await client.createIndex({ ...index, datatype: 'geo2dsphere' }, { wait: true })
  console.log(
    `  ${count(rows.length).padStart(6)} records into ${set}, with a geo2dsphere index of ${bold('at')}, in ${ms(since)}`,
  )
}

/** Prints the results, nearest first. */
function show<T extends { at: GeoJSON }>(
  from: Place,
  found: readonly T[],
  columns: readonly (readonly [name: string, of: (row: T) => string])[],
): void {
  const near = found.map(row => ({ row, km: distance(from, placeOf(row.at)) })).sort((a, b) => a.km - b.km)
  table(
    [...columns.map(([name]) => [name, 'left'] as const), ['km', 'right']],
    near.slice(0, SHOWN).map(({ row, km }) => [...columns.map(([, of]) => of(row)), km.toFixed(1)]),
  )
  if (near.length > SHOWN) console.log(dim(`  ... and ${count(near.length - SHOWN)} more`))
}

const AIRPORT_COLUMNS = [
  ['airport', (row: Airport) => row.iata],
  ['name', (row: Airport) => row.name],
  ['city', (row: Airport) => `${row.city}, ${row.state}`],
] as const

async function aroundCity(client: Client, city: string, at: Place, km: number): Promise<void> {
  const since = performance.now()
  const query = client.query<Airport>(NS, AIRPORTS).where(filter.geoWithinRadius('at', ...at, km * 1000))
  const found = (await query.results()).map(record => record.bins)
  heading(`${found.length} airports within ${km} km of ${city}, in ${ms(since)}`)
  show(at, found, AIRPORT_COLUMNS)
}

/** Searches within a polygon: first with the index alone, then with an additional filter expression. */
async function withinPolygon(client: Client): Promise<void> {
  const bay: Place[] = [
    [-123.1, 38.4],
    [-123.1, 37],
    [-121.4, 37],
    [-121.4, 38.4],
    [-123.1, 38.4],
  ]
  const since = performance.now()
  const within = client.query<Airport>(NS, AIRPORTS).where(filter.geoWithinGeoJSONRegion('at', GeoJSON.Polygon(...bay)))
  const found = (await within.results()).map(record => record.bins)
  heading(`${found.length} airports in a polygon around the San Francisco Bay, in ${ms(since)}`)
  show([-122.42, 37.77], found, AIRPORT_COLUMNS)

  const international = within.filter(exp.cmpRegex(exp.regexFlags.ICASE, 'international', exp.binStr('name')))
  console.log(`  ${await international.count()} of them are international, says an expression on the server`)
}

async function zipsNear(client: Client, iata: string, km: number): Promise<void> {
  const { bins } = await client.get<Airport>([NS, AIRPORTS, iata])
  const at = placeOf(bins.at)
  const since = performance.now()
  const query = client.query<Zip>(NS, ZIPS).where(filter.geoWithinRadius('at', ...at, km * 1000))
  const found: Zip[] = []
  for await (const record of query) found.push(record.bins)
  heading(`${found.length} zip codes within ${km} km of ${bins.name} (${iata}), in ${ms(since)}`)
  show(at, found, [
    ['zip', row => row.zip],
    ['city', row => `${row.city}, ${row.state}`],
  ])
}

/** Reads a single bin of the results, and counts values as they arrive. */
async function states(client: Client): Promise<void> {
  const since = performance.now()
  const chicago: Place = [-87.63, 41.88]
  const by = new Map<string, number>()
  const query = client
    .query<Zip>(NS, ZIPS)
    .select('state')
    .where(filter.geoWithinRadius('at', ...chicago, 300_000))
  for await (const { bins } of query) by.set(bins.state, (by.get(bins.state) ?? 0) + 1)
  heading(`Zip codes within 300 km of Chicago, by state, in ${ms(since)}`)
  const most = [...by].sort(([, a], [, b]) => b - a)
  table(
    [
      ['state', 'left'],
      ['zip codes', 'right'],
    ],
    most.map(([state, rows]) => [state, count(rows)]),
  )
}

async function main(): Promise<void> {
  const named = process.env.AEROSPIKE_HOST
  const server = named ? undefined : await LocalServer.start({ namespaces: [NS] })
  const client = await connect({ hosts: named || server?.address, totalTimeout: 10_000 })
  try {
    heading('Places of the United States')
    await fill(client, AIRPORTS, airports())
    await fill(client, ZIPS, zipCodes())
    await aroundCity(client, 'Denver', [-104.99, 39.74], 80)
    await withinPolygon(client)
    await zipsNear(client, 'JFK', 15)
    await states(client)
  } finally {
    // Removing an index that does not exist is not an error.
    const sets = [AIRPORTS, ZIPS]
    await Promise.allSettled(sets.flatMap(set => [client.dropIndex(NS, `${set}-at`), client.truncate(NS, set)]))
    await client.close()
    await server?.stop()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
