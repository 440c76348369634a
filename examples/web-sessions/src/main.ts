// Connects to AEROSPIKE_HOSTS, or starts an aerospike-local, and serves one of the two applications.
import { randomBytes } from 'node:crypto'
import { connect } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'
import { expressApp } from './express.ts'
import { fastifyApp } from './fastify.ts'

const local = process.env.AEROSPIKE_HOSTS ? undefined : await LocalServer.start()
const client = await connect({ hosts: local?.address, totalTimeout: 200 })
// Sessions outlive the process only if the secret does.
const secret = process.env.SESSION_SECRET ?? randomBytes(32).toString('hex')
const server = process.argv[2] === 'fastify' ? await fastifyApp(client, secret) : expressApp(client, secret)
const port = Number(process.env.PORT ?? 8000)
server.listen(port, '127.0.0.1', () => console.log(`listening at http://127.0.0.1:${port}`))
