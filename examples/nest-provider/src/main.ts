// Connects to AEROSPIKE_HOSTS, or starts an aerospike-local. On SIGTERM and SIGINT, it refuses new requests, answers those
// in flight, closes the client, and ends.
import { LocalServer } from 'aerospike-napi/testing'
import { buildApp } from './app.ts'

const server = process.env.AEROSPIKE_HOSTS ? undefined : await LocalServer.start()
const app = await buildApp({ hosts: server?.address })
await app.listen(Number(process.env.PORT ?? 8000))
console.log(`listening at ${await app.getUrl()}`)
