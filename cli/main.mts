/**
 * The program `aerospike-napi`.
 */
import { watchOutput } from './output.mjs'
import { run } from './run.mjs'

watchOutput()
await run(process.argv.slice(2))
