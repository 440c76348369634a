/**
 * Bins and their names. A name has 1 to 15 bytes. Names are checked here because aerospike-core does not check them
 * everywhere and would truncate the length of a longer one.
 */

import { BinSelection } from '../catalog/formats'
import { describe } from '../common/describe'
import { invalidArgument, invalidBinName } from '../common/errors'
import { optionsObject } from '../common/options'
import { quote } from '../common/shorten'
import { writeValue } from '../values/value'
import { MalformedTextError, type Writer } from '../wire/wire'

const MAX_BYTES = 15
const MAX_BINS = 0x7fff

/** Validates a bin name and writes it. */
export function writeBinName(writer: Writer, name: unknown, where: string): void {
  if (typeof name !== 'string') throw invalidArgument(`${where}: a bin name is a string, not ${describe(name)}`)
  if (name === '') throw invalidBinName(`${where}: a bin name is empty`)
  let bytes = name.length
  try {
    if (bytes <= MAX_BYTES) bytes = writer.name(name)
  } catch (error) {
    if (!(error instanceof MalformedTextError)) throw error
    throw invalidBinName(`${where}: the bin name ${quote(name)} contains a lone surrogate`)
  }
  if (bytes > MAX_BYTES) {
    throw invalidBinName(`${where}: the bin name ${quote(name)} is longer than ${MAX_BYTES} bytes`)
  }
}

/** Writes a list of bin names without duplicates: the server would return a duplicated bin twice. */
export function writeBinNames(writer: Writer, names: readonly string[], where: string): void {
  if (!Array.isArray(names)) throw invalidArgument(`${where}: a list of bin names is needed, not ${describe(names)}`)
  if (names.length > MAX_BINS) throw invalidArgument(`${where}: ${names.length} bins are more than a request can name`)
  const unique = new Set<string>(names)
  writer.u16(unique.size)
  for (const name of unique) writeBinName(writer, name, where)
}

/** Writes which bins to read. An empty list reads no bins; returns true in that case. */
export function writeBinChoice(writer: Writer, bins: readonly string[] | undefined | null): boolean {
  if (bins === undefined || bins === null) {
    writer.u8(BinSelection.ALL)
    return false
  }
  const none = Array.isArray(bins) && bins.length === 0
  writer.u8(none ? BinSelection.NONE : BinSelection.SOME)
  if (!none) writeBinNames(writer, bins, 'bins')
  return none
}

/** Writes the bins of a record: at least one. */
export function writeBins(writer: Writer, bins: unknown): void {
  const given = optionsObject(bins, 'bins')
  const names = Object.keys(given)
  if (names.length > MAX_BINS) throw invalidArgument(`bins: ${names.length} bins are more than a record can hold`)
  const at = writer.length
  writer.u16(names.length)
  let count = 0
  for (const name of names) {
    const value = given[name]
    if (value === undefined && writer.ignoreUndefined) continue
    writeBinName(writer, name, 'bins')
    writeValue(writer, value, name)
    count++
  }
  if (count === 0)
    throw invalidArgument(`bins: at least one bin is needed${names.length > 0 ? '; all are undefined' : ''}`)
  if (count < names.length) writer.buffer.writeUInt16LE(count, at)
}
