/**
 * Mutations of a server's replies, chosen at random from a seed: what a broken or malicious server could send.
 */
import { deflateSync } from 'node:zlib'
import { Random } from '../../chaos/random.mjs'

const HEADER = 8
const INFO = 1
const MESSAGE = 3
const COMPRESSED = 4
/** Length of the header of a record message, behind the protocol's header. */
const RECORD = 22

/** What is sent instead of a message. */
export interface Mutated {
  /** The bytes, in the parts in which they are sent. */
  readonly parts: readonly Buffer[]
  /** Milliseconds between two parts. */
  readonly interval: number
  /** Whether the connection is closed afterwards. */
  readonly close: boolean
}

/** A mutation of one message, header included. */
type Mutation = (message: Buffer, random: Random) => Mutated

const sent = (...parts: Buffer[]): Mutated => ({ parts, interval: 0, close: false })
const closed = (...parts: Buffer[]): Mutated => ({ parts, interval: 0, close: true })

/** The protocol's header in front of a body. */
function framed(type: number, body: Buffer, size = body.length): Buffer {
  const header = Buffer.alloc(HEADER)
  header.writeUInt8(2, 0)
  header.writeUInt8(type, 1)
  header.writeUIntBE(size, 2, 6)
  return Buffer.concat([header, body])
}

function bytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 255)))
}

/** The offsets of the record messages within a message: a batch or a query returns several. */
function records(message: Buffer): number[] {
  const offsets: number[] = []
  let at = HEADER
  while (at + RECORD <= message.length) {
    offsets.push(at)
    let end = at + RECORD
    const parts = message.readUInt16BE(at + 18) + message.readUInt16BE(at + 20)
    for (let part = 0; part < parts && end + 4 <= message.length; part++) end += 4 + message.readUInt32BE(end)
    if (end <= at) break
    at = end
  }
  return offsets
}

/** Changes one of the record messages. */
function inRecord(change: (message: Buffer, at: number, random: Random) => void): Mutation {
  return (message, random) => {
    const offsets = records(message)
    const copy = Buffer.from(message)
    if (offsets.length > 0) change(copy, random.pick(offsets), random)
    return sent(copy)
  }
}

/** The offset of the first operation of a record message, or -1. */
function operation(message: Buffer, at: number): number {
  if (message.readUInt16BE(at + 20) === 0) return -1
  let end = at + RECORD
  for (let field = message.readUInt16BE(at + 18); field > 0 && end + 4 <= message.length; field--) {
    end += 4 + message.readUInt32BE(end)
  }
  return end + 8 <= message.length ? end : -1
}

/** Replaces the value of the first bin. */
function withValue(particle: number, value: Buffer): Mutation {
  return (message, random) => {
    const at = random.pick(records(message).concat(HEADER))
    if (message.length < at + RECORD) return sent(message)
    const start = operation(message, at)
    if (start < 0) return sent(message)
    const name = message.readUInt8(start + 7)
    const end = start + 4 + message.readUInt32BE(start)
    const head = Buffer.from(message.subarray(start, start + 8 + name))
    head.writeUInt32BE(4 + name + value.length, 0)
    head.writeUInt8(particle, 5)
    const body = Buffer.concat([message.subarray(HEADER, start), head, value, message.subarray(end)])
    return sent(framed(MESSAGE, body))
  }
}

const LIST = 20
const MAP = 19
const TEXT = 3

/** Mutations of any message. */
const GENERAL: { readonly [name: string]: Mutation } = {
  truncated: (message, random) => closed(message.subarray(0, random.between(0, message.length - 1))),
  'cut off without a close': (message, random) => sent(message.subarray(0, random.between(0, message.length - 1))),
  missing: () => sent(),
  'sent twice': message => sent(message, message),
  'in single bytes': message => ({
    parts: [...Array.from(message.subarray(0, 60), byte => Buffer.from([byte])), message.subarray(60)],
    interval: 1,
    close: false,
  }),
  'slower than any deadline': message => ({
    parts: Array.from(message.subarray(0, 40), byte => Buffer.from([byte])),
    interval: 25,
    close: false,
  }),
  'a length that is too large': (message, random) => {
    const size = random.pick([message.length, 2 ** 16, 2 ** 27, 2 ** 31, 2 ** 40, 2 ** 48 - 1])
    return sent(framed(message.readUInt8(1), message.subarray(HEADER), size))
  },
  'a length that is too small': (message, random) =>
    sent(framed(message.readUInt8(1), message.subarray(HEADER), random.between(0, message.length - HEADER))),
  'another version or type': (message, random) => {
    const copy = Buffer.from(message)
    copy.writeUInt8(random.between(0, 255), random.between(0, 1))
    return sent(copy)
  },
  'changed bytes': (message, random) => {
    const copy = Buffer.from(message)
    for (let count = random.between(1, 8); count > 0; count--) {
      copy.writeUInt8(random.between(0, 255), random.between(0, copy.length - 1))
    }
    return sent(copy)
  },
  'changed bits of the body': (message, random) => {
    const copy = Buffer.from(message)
    if (copy.length === HEADER) return sent(copy)
    for (let count = random.between(1, 8); count > 0; count--) {
      const at = random.between(HEADER, copy.length - 1)
      copy.writeUInt8((copy[at] ?? 0) ^ (1 << random.between(0, 7)), at)
    }
    return sent(copy)
  },
  'a random body': (message, random) => sent(framed(message.readUInt8(1), bytes(random.between(0, 300), random))),
  'random bytes': (_, random) => sent(bytes(random.between(1, 300), random)),
  'no end': message => sent(...Array.from({ length: 200 }, () => message)),
}

/** Mutations of answers to requests about records. */
const OF_RECORDS: { readonly [name: string]: Mutation } = {
  'any result code': inRecord((message, at, random) => message.writeUInt8(random.between(0, 255), at + 5)),
  'another row of the batch': inRecord((message, at, random) => {
    message.writeUInt32BE(random.pick([0, 1, 2, 19, 20, 1000, 2 ** 31, 2 ** 32 - 1]), at + 14)
  }),
  'another number of fields': inRecord((message, at, random) => {
    message.writeUInt16BE(random.pick([0, 1, 2, 255, 65_535]), at + 18)
  }),
  'another number of bins': inRecord((message, at, random) => {
    message.writeUInt16BE(random.pick([0, 1, 2, 255, 65_535]), at + 20)
  }),
  'other flags': inRecord((message, at, random) => {
    message.writeUInt8(random.between(0, 255), at + random.between(0, 4))
  }),
  'another size of a bin': inRecord((message, at, random) => {
    const start = operation(message, at)
    if (start >= 0) message.writeUInt32BE(random.pick([0, 3, 4, 5, 1000, 2 ** 31, 2 ** 32 - 1]), start)
  }),
  'another length of a name': inRecord((message, at, random) => {
    const start = operation(message, at)
    if (start >= 0) message.writeUInt8(random.between(0, 255), start + 7)
  }),
  'an unknown type of value': inRecord((message, at, random) => {
    const start = operation(message, at)
    if (start >= 0) message.writeUInt8(random.between(0, 255), start + 5)
  }),
  'a name that is not UTF-8': inRecord((message, at) => {
    const start = operation(message, at)
    if (start >= 0) message.fill(0xff, start + 8, Math.min(start + 10, message.length))
  }),
  'text that is not UTF-8': withValue(TEXT, Buffer.from([0xff, 0xfe, 0xc0, 0x80])),
  'a list that announces four billion values': withValue(LIST, Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])),
  'a map that announces four billion entries': withValue(MAP, Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff])),
  'lists in lists': withValue(LIST, Buffer.concat([Buffer.alloc(5000, 0x91), Buffer.from([0xc0])])),
  'maps in maps': withValue(MAP, Buffer.concat([Buffer.alloc(5000, 0x81), Buffer.from([0xc0])])),
  'a compressed body that is not compressed': message => {
    const size = Buffer.alloc(8)
    size.writeBigUInt64BE(BigInt(message.length))
    return sent(framed(COMPRESSED, Buffer.concat([size, message])))
  },
  'a compressed body of another size': (message, random) => {
    const size = Buffer.alloc(8)
    size.writeBigUInt64BE(random.pick([0n, 1n, BigInt(message.length - 1), BigInt(message.length + 1), 1n << 20n]))
    return sent(framed(COMPRESSED, Buffer.concat([size, deflateSync(message)])))
  },
  'a compressed megabyte of zeros': () => {
    const size = Buffer.alloc(8)
    size.writeBigUInt64BE(1n << 20n)
    return sent(framed(COMPRESSED, Buffer.concat([size, deflateSync(Buffer.alloc(1 << 20))])))
  },
}

/** Changes the text of an info answer. */
function inText(change: (text: string, random: Random) => string): Mutation {
  return (message, random) =>
    sent(framed(INFO, Buffer.from(change(message.toString('latin1', HEADER), random), 'latin1')))
}

/** A random place in a text. */
const place = (text: string, random: Random): number => random.between(0, Math.max(0, text.length - 1))

/** Mutations of answers to info commands: nodes, partition maps, features. */
const OF_INFO: { readonly [name: string]: Mutation } = {
  'without values': inText(text => text.replaceAll(/\t.*/g, '\t')),
  'without names': inText(text => text.replaceAll(/^.*\t/gm, '')),
  'errors instead of values': inText(text => text.replaceAll(/\t.*/g, '\tERROR:4:no')),
  'huge numbers': inText(text => text.replaceAll(/\d+/g, '99999999999999999999')),
  'negative numbers': inText(text => text.replaceAll(/\d+/g, '-1')),
  'no separators': inText(text => text.replaceAll(/[;,:=]/g, '')),
  'one separator more': inText((text, random) => {
    const at = place(text, random)
    return text.slice(0, at) + random.pick([';', ',', ':', '=', '\t', '\n', '[', ']']) + text.slice(at)
  }),
  'a part missing': inText((text, random) => {
    const at = place(text, random)
    return text.slice(0, at) + text.slice(at + random.between(1, 50))
  }),
  'a partition map of another length': inText((text, random) =>
    text.replaceAll(/[A-Za-z0-9+/=]{100,}/g, map => map.slice(0, random.between(0, map.length))),
  ),
  'a partition map of all partitions': inText(text =>
    text.replaceAll(/[A-Za-z0-9+/=]{100,}/g, map => '/'.repeat(map.length)),
  ),
  'characters of all kinds': inText((text, random) => {
    const at = place(text, random)
    return text.slice(0, at) + bytes(20, random).toString('latin1') + text.slice(at)
  }),
}

/** Mutations after which aerospike-core can take what is left of an answer for the next one. */
const STRAY = /^(sent twice|no end|a compressed .*|a length .*|changed .*|another version or type)$/

/** The mutation of a seed. */
export interface Chosen {
  readonly name: string
  /** Whether answers to info commands are changed, instead of those about records. */
  readonly ofInfo: boolean
  /**
   * Whether bytes of an answer may be left on a connection that aerospike-core uses again. The protocol has no numbers of
   * requests, so the next call on that connection would get them as its answer.
   */
  readonly stray: boolean
  readonly apply: (message: Buffer) => Mutated
}

/** Chooses a mutation. Mutations of info answers are one in four. */
export function choose(seed: number): Chosen {
  const random = new Random(seed)
  const ofInfo = random.chance(0.25)
  const [name, mutation] = random.pick(Object.entries({ ...GENERAL, ...(ofInfo ? OF_INFO : OF_RECORDS) }))
  const stray = !ofInfo && STRAY.test(name)
  return { name: `${ofInfo ? 'info' : 'records'}: ${name}`, ofInfo, stray, apply: message => mutation(message, random) }
}
