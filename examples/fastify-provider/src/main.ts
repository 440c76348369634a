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
await app.listen({ port: Number(process.env.PORT ?? 8000) })
