/**
 * Expressions that read the bins of the record.
 */
import { invalidBinName } from '../common/errors'
import { wordOption } from '../common/options'
import { type Expression, leaf, node, TYPE_NUMBERS, type ValueType } from './expression'
import { checkText } from './packer'

const NE = 2
const BIN = 81
const BIN_TYPE = 82

const MAX_NAME_BYTES = 15

/** Checks the name of a value type and returns its number. */
export const typeNumber = wordOption(TYPE_NUMBERS)

function checkName(name: unknown, where: string): string {
  const text = checkText(name, `${where}: name`)
  if (text === '' || Buffer.byteLength(text) > MAX_NAME_BYTES) {
    throw invalidBinName(`${where}: name: a bin name has 1 to ${MAX_NAME_BYTES} bytes, not ${Buffer.byteLength(text)}`)
  }
  return text
}

function typedBin<T extends ValueType>(type: T, name: unknown, where: string): Expression<T> {
  const text = checkName(name, where)
  return leaf(type, packer => packer.array(3).int(BIN).int(TYPE_NUMBERS[type]).rawText(text))
}

function binType(name: string): Expression<'int'> {
  const text = checkName(name, 'exp.binType')
  return leaf('int', packer => packer.array(2).int(BIN_TYPE).rawText(text))
}

const binBool = (name: string): Expression<'bool'> => typedBin('bool', name, 'exp.binBool')
const binInt = (name: string): Expression<'int'> => typedBin('int', name, 'exp.binInt')
const binFloat = (name: string): Expression<'float'> => typedBin('float', name, 'exp.binFloat')
const binStr = (name: string): Expression<'string'> => typedBin('string', name, 'exp.binStr')
const binBlob = (name: string): Expression<'blob'> => typedBin('blob', name, 'exp.binBlob')
const binGeo = (name: string): Expression<'geo'> => typedBin('geo', name, 'exp.binGeo')
const binList = (name: string): Expression<'list'> => typedBin('list', name, 'exp.binList')
const binMap = (name: string): Expression<'map'> => typedBin('map', name, 'exp.binMap')
const binHll = (name: string): Expression<'hll'> => typedBin('hll', name, 'exp.binHll')

/**
 * Builders that read bins. The expression is unknown if the bin does not exist or has another type. All throw InvalidArgError
 * for an invalid bin name, which has 1 to 15 bytes.
 */
export const bins = {
  /**
   * A bin whose type is known only at run time.
   * @param name - name of the bin
   * @param type - one of `exp.type`, such as `exp.type.INT`
   * @throws InvalidArgError for an invalid bin name or an unknown type
   */
  bin: <T extends ValueType>(name: string, type: T): Expression<T> => {
    typeNumber(type, 'exp.bin: type')
    return typedBin(type, name, 'exp.bin')
  },
  /**
   * A boolean bin. Server 5.6 and later.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binBool,
  /**
   * An integer bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binInt,
  /**
   * A double bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binFloat,
  /**
   * A string bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binStr,
  /**
   * A blob bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binBlob,
  /**
   * A GeoJSON bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binGeo,
  /**
   * A list bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binList,
  /**
   * A map bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binMap,
  /**
   * A HyperLogLog bin.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binHll,
  /**
   * The particle type of a bin as a number: 1 integer, 2 double, 3 string, 4 bytes and so on; 0 if the bin does not
   * exist.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binType,
  /**
   * Whether the bin exists.
   * @param name - name of the bin, 1 to 15 bytes
   */
  binExists: (name: string): Expression<'bool'> => {
    const none = leaf('int', packer => packer.int(0))
    return node('bool', NE, [binType(name), none], 'exp.binExists')
  },
} as const
