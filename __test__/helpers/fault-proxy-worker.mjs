// A server between client and server, on a thread of its own so that a blocking client can be tested with it. What it does
// with the requests that change something, or ask for records, is what the last message of the parent says.
import { connect, createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

const HEADER = 8
const INFO = 1
/** Messages for users and roles. */
const ADMIN = 2
const MESSAGE = 3
/** The admin commands of a login. */
const LOGINS = [0, 20]

let fault = 'pass'
let code = 0
let seen = 0

/** Whether faults apply to a request: one for records, for users or roles, or an info command with one of these beginnings. */
function isOwn(type, body) {
  if (type === MESSAGE) return true
  if (type === ADMIN) return !LOGINS.includes(body.readUInt8(2))
  const text = body.toString('latin1')
  return type === INFO && workerData.verbs.some(verb => text.startsWith(verb))
}

function header(type, size) {
  const bytes = Buffer.alloc(HEADER)
  bytes.writeUIntBE(size, 2, 6)
  bytes.writeUInt8(2, 0)
  bytes.writeUInt8(type, 1)
  return bytes
}

/** What a server answers that refuses. */
function refusal(type, body) {
  if (type === INFO) {
    const text = Buffer.from(`${body.toString('latin1').trimEnd()}\tERROR:${code}:refused\n`, 'latin1')
    return Buffer.concat([header(INFO, text.length), text])
  }
  if (type === ADMIN) {
    const message = Buffer.alloc(16)
    message.writeUInt8(code, 1)
    return Buffer.concat([header(ADMIN, message.length), message])
  }
  const message = Buffer.alloc(22)
  message.writeUInt8(22, 0)
  message.writeUInt8(1, 3)
  message.writeUInt8(code, 5)
  return Buffer.concat([header(MESSAGE, message.length), message])
}

const server = createServer(client => {
  const upstream = connect(workerData.port, workerData.host)
  let answers = 'pass'
  let rest = Buffer.alloc(0)
  client.on('data', chunk => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= HEADER) {
      const size = rest.readUIntBE(2, 6)
      if (rest.length < HEADER + size) return
      const request = rest.subarray(0, HEADER + size)
      const [type, body] = [rest.readUInt8(1), rest.subarray(HEADER, HEADER + size)]
      rest = rest.subarray(HEADER + size)
      const own = isOwn(type, body)
      answers = own ? fault : 'pass'
      if (answers === 'refuse') client.write(refusal(type, body))
      else upstream.write(request)
      if (own) seen++
    }
  })
  upstream.on('data', chunk => {
    if (answers === 'pass') client.write(chunk)
    // The server has carried it out.
    else if (answers === 'break') client.destroy()
  })
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ]) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
  }
})

parentPort.on('message', ({ id, plan }) => {
  if (plan !== undefined) {
    fault = plan.fault
    code = plan.code ?? 0
    seen = 0
  }
  parentPort.postMessage({ id, seen })
})

server.listen(0, '127.0.0.1', () => parentPort.postMessage({ id: 0, port: server.address().port }))
