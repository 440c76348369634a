/**
 * Requests on their way out: a client's block, and how a call is written into it.
 */

import { backpressureError } from '../common/errors'
import { monotonicNow } from '../common/globals'
import type { Gather } from '../options/config'
import { inLogger } from '../telemetry/logging'
import type { CallProfile } from '../telemetry/stage-profile'
import { writeParent } from '../telemetry/trace-parent'
import { Writer } from '../wire/wire'
import type { Command } from './command'
import type { Context } from './context'

/** Bytes of a request's header; see `crate/src/boundary/wire.rs`. */
export const REQUEST_HEADER = 16
const FLAG_WRITE = 1
const FLAG_SPARE = 2
const FLAG_QUIET = 8
/** Where the command's variant stands in the flags. */
const VARIANT_SHIFT = 4

/** A block of so many calls is sent without waiting for the end of the tick: others can work while this thread goes on. */
const BLOCK_CALLS = 16
/** A block this long is sent without waiting for the end of the tick. */
const BLOCK_BYTES = 64 << 10
/** What a client's block takes at first. */
export const WRITER_BYTES = 4096

/** The requests of one client that were not sent yet. */
export class Outbox {
  readonly writer = new Writer(WRITER_BYTES)
  dirty = false
  encoding = false
  /** Which block is being written: it grows with each that is handed over. */
  block = 0
  /** The block holds writes that were aborted before they were handed over. */
  dropped = false
  /** Calls in the block. */
  calls = 0
  /** Calls that wait for their replies. */
  pending = 0
  #most = Number.POSITIVE_INFINITY
  #queue = Number.POSITIVE_INFINITY
  /** Sends what waits for others to join it. */
  timer: NodeJS.Timeout | undefined
  /** Those of the block's calls that are profiled. */
  profiled: CallProfile[] = []
  /** Those that were aborted while another call was being written: they end once the block was sent. */
  aborted: (() => void)[] = []
  /** Bodies written while another was being written (its getters called us), to be appended after it. */
  nested: Buffer[] = []

  constructor(
    readonly client: number,
    /** Which calls wait for each other, so that they share batches. */
    readonly gather?: Gather,
  ) {}

  /** Whether the block is as full as one should be. */
  get full(): boolean {
    return this.calls >= (this.gather?.maxSize ?? BLOCK_CALLS) || this.writer.length >= BLOCK_BYTES
  }

  /** Takes calls out of the block of which `drop` says so by their slot. */
  takeOut(drop: (slot: number) => boolean): void {
    const { buffer, length } = this.writer
    let kept = 0
    for (let at = 0; at < length; ) {
      const end = at + REQUEST_HEADER + buffer.readUInt32LE(at + 8)
      if (!drop(buffer.readUInt32LE(at + 4))) {
        buffer.copyWithin(kept, at, end)
        kept += end - at
      }
      at = end
    }
    this.writer.length = kept
    this.dropped = false
  }

  /** The block was handed over. */
  tellSubmitted(): void {
    const now = monotonicNow()
    for (const profile of this.profiled) profile.submitted(now)
    this.profiled = []
  }

  /** Bounds what waits beyond the `running` calls that are in flight at most. */
  queueAfter(running: number, queue: number): void {
    this.#most = running + queue
    this.#queue = queue
  }

  /** Refuses a call when the queue is full. */
  checkRoom(): void {
    if (this.pending >= this.#most) throw backpressureError(this.#queue)
  }
}

/** A policy's fields that the boundary itself looks at. */
export function optionsOf(policy: object | undefined | null): {
  signal?: AbortSignal
  totalTimeout?: unknown
  timeout?: unknown
} {
  return policy ?? {}
}

/** The total timeout that goes into a request's header. What it is not is refused when the policy is written. */
function timeoutOf<A extends readonly unknown[]>(command: Command<A, unknown>, context: Context, args: A): number {
  const policy = command.policy(args)
  if (policy !== undefined && policy !== null) {
    const given = command.kind === 'admin' ? optionsOf(policy).timeout : optionsOf(policy).totalTimeout
    if (typeof given === 'number') return given
  }
  return context.timeouts[command.kind]
}

/** Writes a call, header and body; takes it out again when that throws. Gives what `decode` needs. */
export function writeRequest<A extends readonly unknown[]>(
  writer: Writer,
  command: Command<A, unknown>,
  context: Context,
  args: A,
  slot: number,
): unknown {
  const start = writer.length
  try {
    writer.u8(command.id)
    writer.u8(0)
    writer.u16(0)
    writer.u32(slot)
    writer.u32(0)
    writer.u32(0)
    const timeout = timeoutOf(command, context, args)
    writer.spare = 0
    const target = command.encode(writer, args)
    // Calls whose policies are the same bytes can share a batch. A policy too long to tell of goes alone.
    if (command.gathers !== undefined && writer.length - writer.policyAt <= 0xffff) {
      writer.buffer.writeUInt16LE(writer.length - writer.policyAt, start + 2)
    }
    let flags = (command.writes(target) ? FLAG_WRITE : 0) | (command.variant << VARIANT_SHIFT)
    if (inLogger()) flags |= FLAG_QUIET
    if (writer.spare > 0) {
      flags |= FLAG_SPARE
      writer.u32(writer.spare)
    }
    flags |= writeParent(writer, command.policy(args))
    writer.buffer[start + 1] = flags
    writer.patchU32(start + 8, writer.length - start - REQUEST_HEADER)
    writer.patchU32(start + 12, timeout)
    return target
  } catch (error) {
    writer.length = start
    throw error
  }
}
