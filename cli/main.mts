/**
 * The program: the command `aerospike-napi-cli` of this package, or `aerospike-napi`, the command of the client's package,
 * which imports this module.
 */
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { watchOutput } from './output.mjs'
import { run } from './run.mjs'

const isMain = process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)

watchOutput()
await run(process.argv.slice(2), isMain ? 'aerospike-napi-cli' : 'aerospike-napi')
