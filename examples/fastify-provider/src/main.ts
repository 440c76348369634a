// Connects to AEROSPIKE_HOSTS, or starts an aerospike-local. On SIGTERM and SIGINT, it refuses new requests, answers those
// in flight, closes the client, and ends.
import { LocalServer } from 'aerospike-napi/testing'
import closeWithGrace from 'close-with-grace'
import { buildApp } from './app.ts'

const server = process.env.AEROSPIKE_HOSTS ? undefined : await LocalServer.start()
const app = await buildApp({ hosts: server?.address }, { logger: true })

closeWithGrace({ delay: 10_000 }, async ({ err }) => {
  if (err) app.log.error({ err }, 'stopping after an error')
  await app.close()
  await server?.stop()
})
// One address: for `localhost`, Fastify looks up all of them, and fails if SIGTERM closes it meanwhile.
await app.listen({ host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 8000) })
