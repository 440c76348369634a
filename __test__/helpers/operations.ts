// What the tests of operations do over and over: records of their own, results in order, refusals that change nothing.
import type { AerospikeError, Bins, Key, Operation, ReadValue, Value } from 'aerospike-napi'
import { expect } from 'vitest'
import { type ClientKind, type Commands, connectBefore, keysOf, rejection } from './clients.js'

/** A client and a set of the test's own. */
export interface Bench {
  client: () => Commands
  /** A record of its own with these bins. */
  record(bins: { [bin: string]: Value }): Promise<Key>
  /** The results of operations on such a record. */
  results(bins: { [bin: string]: Value }, ...operations: Operation[]): Promise<ReadValue[]>
  /** The bins of such a record after operations. */
  binsAfter(bins: { [bin: string]: Value }, ...operations: Operation[]): Promise<Bins>
  /** What the server refuses operations with; that the record is as it was is checked here. */
  refused(bins: { [bin: string]: Value }, ...operations: Operation[]): Promise<AerospikeError>
}

export function benchOf(kind: ClientKind, set: string): Bench {
  const client = connectBefore(kind)
  const keys = keysOf(set)
  const record = async (bins: { [bin: string]: Value }): Promise<Key> => {
    const key = keys()
    if (Object.keys(bins).length > 0) await client().put(key, bins)
    return key
  }
  return {
    client,
    record,
    results: async (bins, ...operations) => {
      const { results } = await client().operateOrdered(await record(bins), operations)
      return results.map(([, value]) => value)
    },
    binsAfter: async (bins, ...operations) => {
      const key = await record(bins)
      await client().operate(key, operations)
      return (await client().get(key)).bins
    },
    refused: async (bins, ...operations) => {
      const key = await record(bins)
      const before = await client().getOrNull(key)
      const error = (await rejection(client().operate(key, operations))) as AerospikeError
      expect(error.inDoubt).toBe(false)
      const found = await client().getOrNull(key)
      expect(found?.bins).toEqual(before?.bins)
      expect(found?.gen).toBe(before?.gen)
      return error
    },
  }
}

/** How an error of a server looks. */
export const failure = (name: string, code: string): { name: string; code: string } => ({ name, code })

/** What a server says of items that are not there, and of much else. */
export const NOT_APPLICABLE = failure('ServerError', 'OP_NOT_APPLICABLE')
export const PARAMETER = failure('InvalidArgError', 'INVALID_ARGUMENT')
export const BIN_TYPE = failure('BinTypeError', 'BIN_TYPE')
