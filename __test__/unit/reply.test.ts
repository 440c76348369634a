// Reply frames as the native side lays them, read without it.
import { expect, test } from 'vitest'
import { BlockingCalls } from '../../lib/boundary/blocking'
import type { Command } from '../../lib/boundary/command'
import { Reply } from '../../lib/boundary/reply'
import { Status } from '../../lib/catalog/boundary'
import type { NativeSession } from '../../lib/native/native'

const CONTEXT = new Reply({} as NativeSession, false).context

interface Frame {
  readonly slot: number
  readonly status: number
  readonly body: Buffer
  readonly attached?: number
}

function frame({ slot, status, body, attached }: Frame): Buffer {
  const content = attached === undefined ? body : Buffer.from(Uint32Array.of(attached).buffer)
  const head = Buffer.alloc(12)
  head.writeUInt32LE(slot, 0)
  head.writeUInt16LE(status, 4)
  head.writeUInt16LE(attached === undefined ? 0 : 1, 6)
  head.writeUInt32LE(content.length, 8)
  return Buffer.concat([head, content])
}

/** A session whose frames are these; more come by `answer` whenever it is waited for. */
function session(frames: Frame[], answer: (slot: number) => Frame[] = () => []) {
  const attachments = new Map<number, Buffer>()
  const taken: number[] = []
  let asked = 0
  const drain = (target: Uint8Array, most: number): number => {
    let bytes = 0
    while (most-- > 0 && frames.length > 0) {
      const next = frames[0] as Frame
      const laid = frame(next)
      if (bytes + laid.length > target.length) break
      if (next.attached !== undefined) attachments.set(next.attached, next.body)
      target.set(laid, bytes)
      bytes += laid.length
      frames.shift()
    }
    return frames.length > 0 ? -bytes - 1 : bytes
  }
  const native = {
    drain,
    drainBlocking: drain,
    submitBlocking: (_client: number, block: Buffer) => {
      asked = block.readUInt32LE(4)
    },
    waitBlocking: () => {
      frames.push(...answer(asked))
      return true
    },
    take: (number: number) => {
      taken.push(number)
      const body = attachments.get(number)
      attachments.delete(number)
      return body === undefined ? null : body.buffer.slice(body.byteOffset, body.byteOffset + body.length)
    },
  }
  return { native: native as unknown as NativeSession, taken }
}

/** A command without arguments, whose result is its reply's body. */
const echo: Command<readonly unknown[], string> = {
  name: 'echo',
  id: 200,
  variant: 0,
  writes: () => false,
  kind: 'read',
  policy: () => null,
  encode: () => undefined,
  decode: reply => String(reply.rest()),
}

const text = (slot: number, body: string, attached?: number): Frame => ({
  slot,
  status: Status.OK,
  body: Buffer.from(body),
  ...(attached === undefined ? {} : { attached }),
})

test.each([false, true])('a frame larger than the buffer makes it grow, and is read whole (blocking: %s)', blocking => {
  const body = 'x'.repeat(3 << 20)
  const { native } = session([text(5, 'small'), text(6, body), text(7, 'after')])
  const reply = new Reply(native, blocking)
  const first = reply.drain(64)
  expect([reply.open(0), reply.slot, String(reply.rest()), reply.more]).toEqual([first, 5, 'small', true])
  const second = reply.drain(64)
  let next = reply.open(0)
  expect([reply.slot, String(reply.rest())]).toEqual([6, body])
  // What follows may come with it or alone.
  if (next === second) {
    reply.drain(64)
    next = 0
  }
  reply.open(next)
  expect([reply.slot, String(reply.rest()), reply.more]).toEqual([7, 'after', false])
  reply.drain(64)
  expect(reply.frames.buffer.length).toBe(1 << 20)
})

test('an attached body is read in place of the frame`s', () => {
  const { native } = session([text(1, 'elsewhere', 9)])
  const reply = new Reply(native, false)
  reply.drain(64)
  reply.open(0)
  reply.body()
  expect(String(reply.rest())).toBe('elsewhere')
})

test('a blocking call takes no reply but its own', () => {
  const { native, taken } = session([text(77, 'of another call', 3)], slot => [
    text(78, 'of another call too'),
    { slot: 79, status: Status.FAILED, body: Buffer.alloc(0) },
    text(slot, 'mine'),
  ])
  const calls = new BlockingCalls(native, () => {})
  expect(calls.call(1, CONTEXT, echo, [])).toBe('mine')
  expect(taken).toEqual([3])
})

test('the reply to a call that was left is taken as its own, and opens nothing', () => {
  let left = 0
  const waits: ((slot: number) => Frame[])[] = [
    slot => {
      left = slot
      throw new Error('the thread was interrupted')
    },
    slot => [text(left, 'late'), text(slot, 'mine')],
  ]
  const { native } = session([], slot => (waits.shift() as (slot: number) => Frame[])(slot))
  const discarded: string[] = []
  const calls = new BlockingCalls(native, () => {})
  const opens = { ...echo, discard: (result: string) => discarded.push(result) }
  expect(() => calls.call(1, CONTEXT, opens, [])).toThrow('interrupted')
  expect(calls.call(1, CONTEXT, echo, [])).toBe('mine')
  expect(discarded).toEqual(['late'])
})
