/** Skips values without decoding them. */
import { ValueTag as Tag } from '../catalog/formats'
import { badResponse } from '../common/errors'
import type { Reader } from '../wire/wire'

/** Moves `reader` past the value at its position. Does not recurse, so any depth is safe. */
export function skipValue(reader: Reader): void {
  for (let left = 1; left > 0; left--) left += skipScalarOrHeader(reader)
}

/** Moves `reader` past a scalar, or past the header of a list or map, and returns how many values follow the header. */
function skipScalarOrHeader(reader: Reader): number {
  const tag = reader.u8()
  switch (tag) {
    case Tag.NIL:
    case Tag.FALSE:
    case Tag.TRUE:
    case Tag.INFINITY:
    case Tag.WILDCARD:
      return 0
    case Tag.I32:
      reader.at += 4
      return 0
    case Tag.SAFE:
    case Tag.I64:
    case Tag.F64:
      reader.at += 8
      return 0
    case Tag.UNKNOWN:
      reader.u8()
      skipBytes(reader)
      return 0
    case Tag.ASCII:
    case Tag.UTF8:
    case Tag.BLOB:
    case Tag.GEOJSON:
    case Tag.HLL:
      skipBytes(reader)
      return 0
    case Tag.LIST:
      return reader.u32()
    case Tag.OBJECT:
    case Tag.MAP:
    case Tag.PAIRS:
      return 2 * reader.u32()
    default:
      throw badResponse(`a reply contains a value of the unknown kind ${tag}`)
  }
}

/** Moves `reader` past the bytes of text or a blob, and the u32 length in front of them. */
function skipBytes(reader: Reader): void {
  const length = reader.u32()
  reader.at += length
}
