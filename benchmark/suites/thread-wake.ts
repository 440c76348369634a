/**
 * A thread wakes another one, which wakes it in turn, without any client: what a call costs that is alone in flight and
 * handled by more than one thread. The cost depends on the processor and on the virtual machine.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { loopsOf } from '../harness/loops'
import { expect, type Suite } from './suite'

const PING = 0
const PONG = 1
const END = -1

/** The other thread: answers each new ping with a pong of the same number. */
const ECHO = `
const { parentPort, workerData: turns } = require('node:worker_threads')
parentPort.postMessage('ready')
for (let seen = 0; ; ) {
  while (Atomics.load(turns, ${PING}) === seen) Atomics.wait(turns, ${PING}, seen)
  seen = Atomics.load(turns, ${PING})
  Atomics.store(turns, ${PONG}, seen)
  Atomics.notify(turns, ${PONG})
  if (seen === ${END}) break
}`

export const threadWake: Suite = async () => {
  const turns = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(ECHO, { eval: true, workerData: turns })
  await once(worker, 'message')
  let turn = 0
  const ping = (number: number): number => {
    const before = Atomics.load(turns, PONG)
    Atomics.store(turns, PING, number)
    Atomics.notify(turns, PING)
    // In a loop: a notification of the last turn can come late.
    while (Atomics.load(turns, PONG) === before) Atomics.wait(turns, PONG, before)
    return Atomics.load(turns, PONG)
  }
  return {
    run: loopsOf<number>({
      start: () => {
        turn = (turn + 1) & 0x7fffffff
        return ping(turn)
      },
      check: answer => expect(answer === turn, 'the number of the answer'),
    }),
    verify: async () => {
      const ended = once(worker, 'exit')
      ping(END)
      await ended
    },
  }
}
