// One fresh process of the suite `start-up`: `start-up-probe.cjs <client> <host> <port>` prints the ms that its `require`
// took, and the ms from then until the first record was read. With the client `none`, it is the bare process that the
// others are compared with.
const [client, host, port] = process.argv.slice(2)
const key = ['test', 'bench-get', 'user-1']

async function read() {
  if (client === 'ours') {
    const { connect } = require('../..')
    const required = process.hrtime.bigint()
    const connected = await connect({ hosts: [[host, Number(port)]] })
    await connected.get(key)
    return { required, close: () => connected.close() }
  }
  const { Client, Key } = require('aerospike')
  const required = process.hrtime.bigint()
  const connected = new Client({ hosts: [{ addr: host, port: Number(port) }] })
  await connected.connect()
  await connected.get(new Key(...key))
  return { required, close: () => connected.close() }
}

async function main() {
  const start = process.hrtime.bigint()
  const ms = (from, to) => Number(to - from) / 1e6
  if (client === 'none') return console.log('result: {"requireMs":0,"firstGetMs":0}')
  const { required, close } = await read()
  const end = process.hrtime.bigint()
  console.log(`result: ${JSON.stringify({ requireMs: ms(start, required), firstGetMs: ms(required, end) })}`)
  await close()
}

main().catch(error => {
  console.error(error)
  process.exit(1)
})
