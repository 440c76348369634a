import { LocalServer } from 'aerospike-napi/testing'
import { shared } from './server'

/** Starts one server for all test files. `connect()` without hosts reads its address from the variable. */
async function startServer(): Promise<void> {
  shared.server = await LocalServer.start()
  process.env.AEROSPIKE_HOSTS = shared.server.address
}

export = startServer
