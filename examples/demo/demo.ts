/**
 * The demo: writes real data to Aerospike and reads it back, record by record and in columns, and reports the cost.
 * `make demo` runs it.
 */
import { arch, availableParallelism, platform } from 'node:os'
import { inspect } from 'node:util'
import { AerospikeError } from 'aerospike-napi'
import { airports, flightColumns, flights } from './data'
import { writeAirports, writeFlights, writeVolume } from './load'
import { type Measured, measured } from './measure'
import { byHand, DemoError, enter, NAMESPACE, type Place, SETS } from './place'
import { asTable, equal, readFlights, readSingly, readVolume } from './read'
import { report } from './report'
import { bold, colours, count, dim, fixed, heading, table } from './terminal'

async function demo({ client, server }: Place): Promise<void> {
  const started = performance.now()
  console.log(`${bold('aerospike-napi')}  ${server}`)
  console.log(dim(`Node ${process.versions.node}, ${platform()} ${arch()}, ${availableParallelism()} cores`))

  heading('Writing')
  const file = flightColumns()
  const written = [await writeAirports(client, airports())]
  const places = flights()
  written.push(await writeFlights(client, places), await writeVolume(client, file))
  const records = written.reduce((sum, { operations }) => sum + operations, 0)
  const seconds = written.reduce((sum, part) => sum + part.seconds, 0)
  console.log(`  ${count(records)} records in ${fixed(seconds, 1)} s, in the sets ${Object.values(SETS).join(', ')}`)

  heading('One record')
  const one = await client.get([NAMESPACE, SETS.airports, 'ORD'])
  console.log(
    `  ${one.key}  ${dim(`generation ${one.gen}, ${one.ttl < 0 ? 'never expires' : `expires in ${one.ttl} s`}`)}`,
  )
  console.log(inspect(one.bins, { colors: colours }).replace(/^/gm, '  '))

  heading('Columns')
  const parts = await readFlights(client, places.length)
  const arrow = asTable(parts)
  const bytes = parts.reduce((sum, { buffer }) => sum + buffer.length, 0)
  console.log(
    `  ${count(arrow.numRows)} flights as an Arrow table of ${count(bytes / 1024)} KiB, whose memory it shares with typed arrays:`,
  )
  console.log(`  ${arrow.schema.fields.map(field => `${field.name} ${field.type}`).join(', ')}`)

  await report(client, arrow)

  const singly = await readSingly(client, file.length)
  let columns: Awaited<ReturnType<typeof readVolume>> = []
  const many = await measured(async () => {
    columns = await readVolume(client, file.length)
    return file.length
  })
  if (!equal(columns, file)) throw new DemoError('what was read is not what was written')

  heading('Speed')
  const row = (what: string, unit: string, { operations, seconds, loopMicroseconds }: Measured): string[] => [
    what,
    `${count(operations)} ${unit}`,
    `${count(operations / seconds)}/s`,
    `${fixed(loopMicroseconds, loopMicroseconds < 1 ? 2 : 1)} µs`,
  ]
  table(
    [
      ['', 'left'],
      ['', 'right'],
      ['per second', 'right'],
      ['event loop, each', 'right'],
    ],
    [
      row('put, 100 in flight', 'records', written[2] as Measured),
      row('get, 50 in flight', 'records', singly),
      row('batchReadColumns, 5,000 keys a call', 'rows', many),
    ],
  )
  console.log(`  Every value of the ${count(file.length)} rows equals that of the Arrow file.`)
  console.log(dim(`\n${fixed((performance.now() - started) / 1000, 1)} s`))
}

/** The text for an error: one line if the user can do something about it. */
function messageOf(error: unknown): string {
  if (error instanceof DemoError || error instanceof AerospikeError) return `demo: ${error.message}`
  return inspect(error)
}

async function main(): Promise<void> {
  let place: Place | undefined
  // The reader of the output may stop early (`make demo | head`). Still remove the records in this case.
  process.stdout.on('error', () => {})
  process.once('SIGINT', () => {
    // If the demo started the server, it ends with this process.
    console.error(place?.own === false ? `\ndemo: interrupted; ${byHand()}` : '')
    process.exit(130)
  })
  try {
    place = await enter()
    await demo(place)
  } catch (error) {
    console.error(messageOf(error))
    process.exitCode = 1
  }
  try {
    await place?.leave()
    if (place?.own === false) console.log(dim('The sets of the demo were removed.'))
  } catch (error) {
    console.error(messageOf(error))
    process.exitCode = 1
  }
}

main()
