/**
 * Converts operations from JSON.
 */
import { lists, maps, type Operation, op } from 'aerospike-napi'
import { type Static, Type } from 'typebox'
import { AnyValue, BinName } from './schemas.ts'

const item = <const N extends string, P extends Type.TProperties>(name: N, properties: P) =>
  Type.Object({ op: Type.Literal(name), ...properties }, { additionalProperties: false })

const MapKeyBody = Type.Union([Type.String(), Type.Integer()])

export const OperationBody = Type.Union([
  item('read', { bin: Type.Optional(BinName) }),
  item('write', { bin: BinName, value: AnyValue }),
  item('increment', { bin: BinName, by: Type.Number() }),
  item('append', { bin: BinName, value: Type.String() }),
  item('prepend', { bin: BinName, value: Type.String() }),
  item('touch', {}),
  item('delete', {}),
  item('list-append', { bin: BinName, value: AnyValue }),
  item('list-get', { bin: BinName, index: Type.Integer() }),
  item('list-size', { bin: BinName }),
  item('map-put', { bin: BinName, key: MapKeyBody, value: AnyValue }),
  item('map-get', { bin: BinName, key: MapKeyBody }),
  item('map-size', { bin: BinName }),
])

/** The operation that a body describes. */
export function operationOf(body: Static<typeof OperationBody>): Operation {
  switch (body.op) {
    case 'read':
      return body.bin === undefined ? op.read() : op.read(body.bin)
    case 'write':
      return op.write(body.bin, body.value)
    case 'increment':
      return op.incr(body.bin, body.by)
    case 'append':
      return op.append(body.bin, body.value)
    case 'prepend':
      return op.prepend(body.bin, body.value)
    case 'touch':
      return op.touch()
    case 'delete':
      return op.delete()
    case 'list-append':
      return lists.append(body.bin, body.value)
    case 'list-get':
      return lists.get(body.bin, body.index)
    case 'list-size':
      return lists.size(body.bin)
    case 'map-put':
      return maps.put(body.bin, body.key, body.value)
    case 'map-get':
      return maps.getByKey(body.bin, body.key, maps.returnType.VALUE)
    case 'map-size':
      return maps.size(body.bin)
  }
}
