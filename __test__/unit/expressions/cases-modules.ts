/**
 * Cases of bits, HyperLogLogs and strings; the twin is `crate/tests/expressions/modules.rs`.
 */
import { exp } from 'aerospike-napi'
import type { Cases } from './cases-basic'

const { bit, hll: sketch, strings: text } = exp
const b = exp.binBlob('b')
const h = exp.binHll('h')
const s = exp.binStr('s')
const bytes = Uint8Array.of(0xab)
const policy = { writeFlags: 4 }

export const bits: Cases = {
  'bit.reSize': () => bit.reSize(b, 'from-front', 4),
  'bit.reSize with a policy': () => bit.reSize(b, 'grow-only', 4, policy),
  'bit.insert': () => bit.insert(b, bytes, 1),
  'bit.remove': () => bit.remove(b, 2, 1),
  'bit.set': () => bit.set(b, bytes, 8, 4),
  'bit.set with a policy': () => bit.set(b, bytes, 8, 4, policy),
  'bit.or': () => bit.or(b, bytes, 8, 4),
  'bit.xor': () => bit.xor(b, bytes, 8, 4),
  'bit.and': () => bit.and(b, bytes, 8, 4),
  'bit.not': () => bit.not(b, 8, 4),
  'bit.lShift': () => bit.lShift(b, 3, 8, 4),
  'bit.rShift': () => bit.rShift(b, 3, 8, 4),
  'bit.add': () => bit.add(b, 'fail', 3, 8, 4),
  'bit.add signed and wrapping': () => bit.add(b, 'wrap', 3, 8, 4, policy, true),
  'bit.subtract': () => bit.subtract(b, 'saturate', 3, 8, 4),
  'bit.setInt': () => bit.setInt(b, -3, 8, 4),
  'bit.get': () => bit.get(b, 8, 4),
  'bit.count': () => bit.count(b, 8, 4),
  'bit.lScan': () => bit.lScan(b, true, 8, 4),
  'bit.rScan': () => bit.rScan(b, exp.bool(false), 8, 4),
  'bit.getInt': () => bit.getInt(b, false, 8, 4),
  'bit.getInt signed': () => bit.getInt(b, true, 8, 4),
  'bit.b64Encode': () => bit.b64Encode(b),
  'bit.b64Encode of a part': () => bit.b64Encode(b, 2, 1),
  'bit.b64Encode of all but a part': () => bit.b64Encode(b, 2, 1, true),
}

export const hlls: Cases = {
  'hll.init': () => sketch.init(h, 8),
  'hll.initMH': () => sketch.initMH(h, 6, 8, { writeFlags: 1 }),
  'hll.add': () => sketch.add(h, 8, ['a', 'b']),
  'hll.addMH': () => sketch.addMH(h, 6, 8, exp.list([1])),
  'hll.update': () => sketch.update(h, exp.binList('l'), policy),
  'hll.getCount': () => sketch.getCount(h),
  'hll.getUnion': () => sketch.getUnion(h, exp.binList('l')),
  'hll.getUnionCount': () => sketch.getUnionCount(h, exp.binList('l')),
  'hll.getIntersectCount': () => sketch.getIntersectCount(h, exp.binList('l')),
  'hll.getSimilarity': () => sketch.getSimilarity(h, exp.binList('l')),
  'hll.describe': () => sketch.describe(h),
  'hll.mayContain': () => sketch.mayContain(h, ['a']),
}

export const strings: Cases = {
  'strings.strlen': () => text.strlen(s),
  'strings.substr': () => text.substr(s, 1),
  'strings.substr to an end': () => text.substr(s, 1, -1),
  'strings.charAt': () => text.charAt(s, 1),
  'strings.find': () => text.find(s, 'a'),
  'strings.find again': () => text.find(s, 'a', 2),
  'strings.contains': () => text.contains(s, 'a'),
  'strings.startsWith': () => text.startsWith(s, 'a'),
  'strings.endsWith': () => text.endsWith(s, 'a'),
  'strings.toInteger': () => text.toInteger(s),
  'strings.toDouble': () => text.toDouble(s),
  'strings.byteLength': () => text.byteLength(s),
  'strings.isNumeric': () => text.isNumeric(s),
  'strings.isNumeric of a type': () => text.isNumeric(s, 'float'),
  'strings.isUpper': () => text.isUpper(s),
  'strings.isLower': () => text.isLower(s),
  'strings.toBlob': () => text.toBlob(s),
  'strings.split': () => text.split(s),
  'strings.split at a separator': () => text.split(s, ','),
  'strings.b64Decode': () => text.b64Decode(s),
  'strings.regexCompare': () => text.regexCompare(s, '^a'),
  'strings.regexCompare with flags': () => text.regexCompare(s, '^a', exp.stringRegexFlags.CASE_INSENSITIVE),
  'strings.insert': () => text.insert(s, 1, 'x'),
  'strings.overwrite': () => text.overwrite(s, 1, 'x', policy),
  'strings.concat': () => text.concat(s, ['x', 'y']),
  'strings.append': () => text.append(s, 'x'),
  'strings.prepend': () => text.prepend(s, 'x'),
  'strings.snip': () => text.snip(s, 1),
  'strings.snip to an end': () => text.snip(s, 1, 3, policy),
  'strings.replace': () => text.replace(s, 'x', 'y'),
  'strings.replaceAll': () => text.replaceAll(s, 'x', 'y', policy),
  'strings.upper': () => text.upper(s),
  'strings.lower': () => text.lower(s),
  'strings.caseFold': () => text.caseFold(s),
  'strings.normalizeNfc': () => text.normalizeNfc(s),
  'strings.trimStart': () => text.trimStart(s),
  'strings.trimEnd': () => text.trimEnd(s),
  'strings.trim': () => text.trim(s),
  'strings.padStart': () => text.padStart(s, 5, '*'),
  'strings.padEnd': () => text.padEnd(s, 5, '*'),
  'strings.repeat': () => text.repeat(s, 3),
  'strings.regexReplace': () => text.regexReplace(s, 'a+', 'b', exp.stringRegexFlags.GLOBAL, policy),
}
