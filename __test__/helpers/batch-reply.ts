// The answer to a batch as it goes over the wire: rows, each a header with fields and operations.
const PROTO = 8
const ROW = 22
const INDEX = 14
const FIELDS = 18
const OPERATIONS = 20
const DIGEST = 4

function skip(message: Buffer, from: number, count: number): number {
  let at = from
  for (let left = count; left > 0; left--) at += 4 + message.readUInt32BE(at)
  return at
}

/** The message with a digest of three bytes in one of its rows, which aerospike-core 3.0.0 panics at. */
export function withShortDigest(message: Buffer, row: number): Buffer {
  let at = PROTO
  while (at < message.length) {
    const fields = at + ROW
    const end = skip(
      message,
      skip(message, fields, message.readUInt16BE(at + FIELDS)),
      message.readUInt16BE(at + OPERATIONS),
    )
    if (message.readUInt32BE(at + INDEX) === row && end < message.length) {
      const head = Buffer.from(message.subarray(0, fields))
      head.writeUInt16BE(head.readUInt16BE(at + FIELDS) + 1, at + FIELDS)
      const field = Buffer.from([0, 0, 0, 4, DIGEST, 1, 2, 3])
      head.writeUIntBE(message.length - PROTO + field.length, 2, 6)
      return Buffer.concat([head, field, message.subarray(fields)])
    }
    at = end
  }
  return message
}
