/**
 * Outgoing requests: the block of a client, and the code that writes a call into it.
 */

import { Header, RequestFlag, VARIANT_SHIFT } from '../catalog/boundary'
import { backpressureError } from '../common/errors'
import { monotonicNow } from '../common/globals'
import type { AutoBatchPolicy } from '../options/config'
import type { PolicyKind } from '../options/policy'
import type { TransactionBase } from '../options/transaction'
import { inLogger } from '../telemetry/logging'
import type { CallProfile } from '../telemetry/stage-profile'
import { writeParent } from '../telemetry/trace-parent'
import { Writer } from '../wire/wire'
import type { Command } from './command'
import type { Context } from './context'

/** Size of a request header in bytes; see `lib/catalog/boundary.ts`. */
export const REQUEST_HEADER = Header.REQUEST

/** A block with this many calls is sent before the end of the tick, so that other threads can start on it. */
const BLOCK_CALLS = 16
/** A block of this many bytes is sent before the end of the tick. */
const BLOCK_BYTES = 64 << 10
/** Initial size of a client's block in bytes. */
export const WRITER_BYTES = 4096

/** The unsent requests of one client. */
export class RequestBlock {
  readonly writer = new Writer(WRITER_BYTES)
  dirty = false
  encoding = false
  /** Number of the block that is being written; increases with each block sent. */
  blockNumber = 0
  /** True if the block contains writes that were aborted before it was sent. */
  dropped = false
  /** Number of calls in the block. */
  calls = 0
  /** Number of calls that are waiting for their replies. */
  pending = 0
  #most = Number.POSITIVE_INFINITY
  #queue = Number.POSITIVE_INFINITY
  /** Timer that sends the calls that wait for others to join them. */
  timer: NodeJS.Timeout | undefined
  /** Profiles of the calls in the block. */
  profiled: CallProfile[] = []
  /** Ends the calls that were aborted while another call was being written; run after the block is sent. */
  aborted: (() => void)[] = []
  /** Requests written while another one was being written, by calls from its getters; appended after it. */
  nested: Buffer[] = []

  constructor(
    readonly client: number,
    /** Which calls wait for each other in order to share batches. */
    readonly autoBatch?: AutoBatchPolicy,
  ) {}

  /** Whether the block is large enough to be sent before the end of the tick. */
  get full(): boolean {
    return this.calls >= (this.autoBatch?.maxSize ?? BLOCK_CALLS) || this.writer.length >= BLOCK_BYTES
  }

  /** Removes the calls for whose slot `drop` returns true. */
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

  /** Records in the profiles of the block's calls that they were submitted. */
  recordSubmitted(): void {
    const now = monotonicNow()
    for (const profile of this.profiled) profile.submitted(now)
    this.profiled = []
  }

  /** Limits the pending calls to `running` calls in flight plus `queue` waiting calls. */
  queueAfter(running: number, queue: number): void {
    this.#most = running + queue
    this.#queue = queue
  }

  /** Throws if the queue is full. */
  checkRoom(): void {
    if (this.pending >= this.#most) throw backpressureError(this.#queue)
  }
}

/** Returns the fields of a policy that the boundary itself uses. */
export function optionsOf(policy: object | undefined | null): {
  signal?: AbortSignal
  ignoreUndefined?: boolean | undefined
  totalTimeout?: unknown
  timeout?: unknown
  tx?: TransactionBase | undefined
} {
  return policy ?? {}
}

/** Returns the total timeout for the request header. Invalid values are rejected later, when the policy is written. */
function timeoutOf(kind: PolicyKind, context: Context, policy: object | undefined | null): number {
  if (policy !== undefined && policy !== null) {
    const given = kind === 'admin' ? optionsOf(policy).timeout : optionsOf(policy).totalTimeout
    if (typeof given === 'number') return given
  }
  return context.timeouts[kind]
}

/** Sets what the encoding of keys and values depends on. */
export function prepare(
  writer: Writer,
  { namespace, ignoreUndefined }: Pick<Context, 'namespace' | 'ignoreUndefined'>,
  policy: object | undefined | null,
): void {
  writer.namespace = namespace
  writer.ignoreUndefined = optionsOf(policy).ignoreUndefined ?? ignoreUndefined
}

/** Writes the header and body of a call, and removes them again if that throws. Returns what `decode` needs. */
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
    const policy = command.policy(args)
    const timeout = timeoutOf(command.kind, context, policy)
    prepare(writer, context, policy)
    const target = command.encode(writer, args)
    if (command.encodePolicy !== undefined) {
      const policy = writer.length
      command.encodePolicy(writer, args)
      // Calls whose policies have equal bytes can share a batch. A policy too long for the field's 16 bits is not shared.
      const length = writer.length - policy
      if (command.autoBatch !== undefined && length <= 0xffff) writer.patchU16(start + 2, length)
    }
    let flags = (command.writes(target) ? RequestFlag.WRITE : 0) | (command.variant << VARIANT_SHIFT)
    if (inLogger()) flags |= RequestFlag.QUIET
    const { tx } = optionsOf(policy)
    if (tx !== undefined) {
      tx.check(context, command.name)
      flags |= tx.write(writer)
    }
    flags |= writeParent(writer, policy)
    // Last, because it cannot be undone: a call that throws leaves the memory to its owner.
    const reused = command.takeOver?.(target) ?? 0
    if (reused > 0) {
      flags |= RequestFlag.REUSE
      writer.u32(reused)
    }
    writer.buffer[start + 1] = flags
    writer.patchU32(start + 8, writer.length - start - REQUEST_HEADER)
    writer.patchU32(start + 12, timeout)
    return target
  } catch (error) {
    writer.length = start
    throw error
  }
}
