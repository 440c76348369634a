/** What the builders refuse, and how they name it. */
import { CdtContext, Double, Expression, exp, infinity, Particle, type Value, wildcard } from 'aerospike-napi'
import { describe, expect, it } from 'vitest'
import { writePolicy } from '../../../lib/options/policy'
import { Writer } from '../../../lib/wire/wire'

/** What the compiler would refuse too. */
const wrong = (value: unknown): never => value as never

const i = exp.binInt('i')
const s = exp.binStr('s')
const l = exp.binList('l')
const m = exp.binMap('m')
const b = exp.binBlob('b')

function refused(make: () => unknown, message: string | RegExp): void {
  let error: unknown
  try {
    make()
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(Error)
  expect(String(error)).toMatch(/^(InvalidArg|BinName)Error: /)
  expect((error as Error).message).toMatch(message)
}

function nested(levels: number): Value {
  let value: Value = []
  for (let level = 1; level < levels; level++) value = [value]
  return value
}

describe('literals', () => {
  it.each<[string, () => unknown, string | RegExp]>([
    ['a number as bool', () => exp.bool(wrong(1)), 'exp.bool: true or false is needed, not 1'],
    ['a fraction as int', () => exp.int(1.5), 'exp.int: an integer is needed, not 1.5'],
    ['NaN as int', () => exp.int(Number.NaN), 'exp.int: an integer is needed, not NaN'],
    ['text as int', () => exp.int(wrong('1')), 'exp.int: an integer is needed, not the string "1"'],
    ['an unsafe int', () => exp.int(2 ** 53), 'exp.int: an integer is needed'],
    ['a bigint of 65 bits', () => exp.int(2n ** 63n), 'exp.int: 9223372036854775808n is outside the 64-bit integers'],
    ['a negative uint', () => exp.uint(-1), 'exp.uint: an integer from 0 up is needed, not -1'],
    ['text as float', () => exp.float(wrong('1')), 'exp.float: a number is needed'],
    ['a number as str', () => exp.str(wrong(1)), 'exp.str: a string is needed, not 1'],
    ['a lone surrogate', () => exp.str('\ud800'), 'exp.str: the string contains a lone surrogate'],
    ['an array as bytes', () => exp.bytes(wrong([1])), 'exp.bytes: bytes are needed, not an array'],
    ['a size beyond the bytes', () => exp.bytes(Uint8Array.of(1), 2), 'exp.bytes: size: an integer from 0 to 1'],
    ['no JSON as geo', () => exp.geo('{'), 'GeoJSON must be valid JSON'],
    ['an object as list', () => exp.list(wrong({})), 'exp.list: an array is needed, not an object'],
    ['undefined in a list', () => exp.list([wrong(undefined)]), 'exp.list: undefined cannot be stored'],
    ['a date in a list', () => exp.list([wrong(new Date(0))]), 'exp.list: a Date cannot be stored'],
    ['a Particle in a list', () => exp.list([new Particle(4, Uint8Array.of(1))]), 'exp.list: a Particle'],
    ['an expression in a list', () => exp.list([wrong(i)]), 'exp.list: an Expression cannot be stored'],
    ['a list nested too deep', () => exp.list([nested(256)]), 'exp.list: the value is nested deeper than 256 levels'],
    ['an array as map', () => exp.map(wrong([])), 'exp.map: a plain object or a Map is needed, not an array'],
    ['an expression as map', () => exp.map(wrong(m)), 'exp.map: a plain object or a Map is needed'],
    ['a key of another type', () => exp.map(new Map([[wrong(1.5), 1]])), 'exp.map: a map key is a string'],
    [
      'a key twice',
      () =>
        exp.map(
          new Map([
            [1, 1],
            [wrong(1n), 2],
          ]),
        ),
      'exp.map: the map has the key 1n twice',
    ],
  ])('%s', (_what, make, message) => refused(make, message))

  it('takes 256 levels', () => {
    expect(exp.list([nested(255)]).bytes.length).toBe(2 + 256)
  })
})

describe('bins and metadata', () => {
  it.each<[string, () => unknown, string | RegExp]>([
    ['an empty name', () => exp.binInt(''), 'exp.binInt: name: a bin name has 1 to 15 bytes, not 0'],
    ['a long name', () => exp.binStr('ä'.repeat(8)), 'exp.binStr: name: a bin name has 1 to 15 bytes, not 16'],
    ['no name', () => exp.binType(wrong(undefined)), 'exp.binType: name: a string is needed, not undefined'],
    ['an unknown type', () => exp.bin('a', wrong('integer')), /exp.bin: type: one of 'nil', 'bool', 'int'/],
    ['a type by number', () => exp.bin('a', wrong(2)), 'exp.bin: type: one of'],
    ['a key of floats', () => exp.key(wrong('float')), 'exp.key: type: a key is an int, a string or a blob'],
    ['a divisor of 0', () => exp.digestModulo(0), 'exp.digestModulo: mod: an integer from 1 up is needed, not 0'],
  ])('%s', (_what, make, message) => refused(make, message))
})

describe('comparisons, logic and arithmetic', () => {
  it.each<[string, () => unknown, string | RegExp]>([
    [
      'sides of two types',
      () => exp.eq(i, wrong(s)),
      'exp.eq: right: an expression of type int is needed, not one of type string',
    ],
    [
      'a plain value of another type',
      () => exp.gt(i, wrong('5')),
      'exp.gt: right: an expression of type int is needed, not the string "5"',
    ],
    ['a fraction for an integer', () => exp.gt(i, 5.5), 'exp.gt: right: an integer is needed, not 5.5'],
    ['a plain value on the left', () => exp.eq(wrong(5), wrong(i)), 'exp.eq: left: an expression is needed, not 5'],
    [
      'nothing on the right',
      () => exp.eq(exp.var('x'), wrong(undefined)),
      'exp.eq: right: an expression is needed, not undefined',
    ],
    [
      'unknown regex flags',
      () => exp.cmpRegex(16, 'a', s),
      'exp.cmpRegex: options: flags of exp.regexFlags are needed, not 16',
    ],
    ['regex flags as text', () => exp.cmpRegex(wrong('i'), 'a', s), 'exp.cmpRegex: options'],
    [
      'an invalid pattern',
      () => exp.cmpRegex(0, wrong(/a/), s),
      'exp.cmpRegex: regex: a string is needed, not a RegExp',
    ],
    ['a regex on integers', () => exp.cmpRegex(0, 'a', wrong(i)), 'exp.cmpRegex: cmpStr: an expression of type string'],
    ['geo on strings', () => exp.cmpGeo(exp.binGeo('g'), wrong(s)), 'exp.cmpGeo: right: an expression of type geo'],
    ['inList of no list', () => exp.inList(i, wrong(m)), 'exp.inList: list: an expression of type list'],
    ['and of one', () => exp.and(exp.bool(true)), 'exp.and: at least 2 expressions are needed, not 1'],
    [
      'or of integers',
      () => exp.or(exp.bool(true), wrong(i)),
      'exp.or: argument 2: an expression of type bool is needed, not one of type int',
    ],
    ['not of nothing', () => exp.not(wrong(undefined)), 'exp.not: test: an expression of type bool is needed'],
    ['cond without a last value', () => exp.cond(true, i, false, i), /exp.cond: pairs .* not 4 arguments/],
    ['cond with an invalid test', () => exp.cond(wrong(i), i, i), 'exp.cond: argument 1: an expression of type bool'],
    ['cond of two types', () => exp.cond(true, i, wrong(s)), 'exp.cond: argument 3: a value of type int is needed'],
    [
      'let without a definition',
      () => exp.let(wrong(i), i),
      'exp.let: argument 1: an exp.def is needed, not an Expression',
    ],
    [
      'let without an expression',
      () => exp.let(exp.def('x', i), wrong(exp.def('y', i))),
      'exp.let: an expression is needed after the last exp.def',
    ],
    [
      'a definition alone',
      () => exp.let(...([exp.def('x', i)] as unknown as Parameters<typeof exp.let<'int'>>)),
      'exp.let: an exp.def and the expression',
    ],
    ['a variable twice', () => exp.let(exp.def('x', i), exp.def('x', i), i), 'exp.let: "x" is defined twice'],
    ['a variable without a name', () => exp.var(''), 'exp.var: name: the name of a variable is empty'],
    ['a sum of nothing', () => exp.add(), 'exp.add: at least 1 number is needed, not 0'],
    [
      'a sum of two types',
      () => exp.add(i, wrong(exp.binFloat('f'))),
      'exp.add: argument 2: a number of type int is needed',
    ],
    [
      'a sum of strings',
      () => exp.add(wrong(s), wrong(s)),
      'exp.add: argument 1: an expression of type int or float is needed, not one of type string',
    ],
    [
      'a Double among integers',
      () => exp.add(i, wrong(Double(1))),
      'exp.add: argument 2: an expression of type int is needed, not a Double',
    ],
    ['floor of an integer', () => exp.floor(wrong(i)), 'exp.floor: value: an expression of type float is needed'],
    ['mod of doubles', () => exp.mod(wrong(exp.binFloat('f')), 2), 'exp.mod: numerator: an expression of type int'],
    ['bits of nothing', () => exp.intAnd(), 'exp.intAnd: at least 1 integer is needed, not 0'],
  ])('%s', (_what, make, message) => refused(make, message))
})

describe('lists, maps and modules', () => {
  it.each<[string, () => unknown, string | RegExp]>([
    [
      'a map as list',
      () => exp.lists.size(wrong(i)),
      'exp.lists.size: bin: an expression of type list is needed, not one of type int',
    ],
    [
      'a map without a context',
      () => exp.lists.size(m),
      'exp.lists.size: bin: an expression of type list is needed, not one of type map',
    ],
    [
      'an invalid context',
      () => exp.lists.size(l, wrong([])),
      'exp.lists.size: ctx: a CdtContext is needed, not an array',
    ],
    [
      'an index as text',
      () => exp.lists.getByIndex(l, wrong('0'), 'int', 'value'),
      'exp.lists.getByIndex: index: an expression of type int',
    ],
    [
      'no return type',
      () => exp.lists.getByValue(l, 1, wrong(undefined)),
      'exp.lists.getByValue: returnType: one of lists.returnType is needed, not undefined',
    ],
    ['NONE', () => exp.lists.getByValue(l, 1, wrong('none')), 'not NONE, which returns nothing'],
    [
      'a return type of maps',
      () => exp.lists.getByValue(l, 1, wrong('key-value')),
      'exp.lists.getByValue: returnType: one of lists.returnType is needed, not the string "key-value"; only maps have it',
    ],
    [
      'an unknown return type',
      () => exp.maps.getByValue(m, 1, wrong('values')),
      'exp.maps.getByValue: returnType: one of maps.returnType is needed, not the string "values"',
    ],
    [
      'a return type as number',
      () => exp.maps.getByValue(m, 1, wrong(7)),
      'not 7; return types are strings, which cannot be combined with |; the order of the arguments is bin, value, returnType, ctx',
    ],
    [
      'an inverted selection of one',
      () => exp.lists.getByRank(l, 1, 'int', wrong('inverted-value')),
      'exp.lists.getByRank: returnType: one of lists.returnType is needed, not the string "inverted-value"; a selection of one item cannot be inverted',
    ],
    [
      'a return type for a count',
      () => exp.lists.getByIndexRange(l, 0, wrong('value'), wrong(2)),
      'exp.lists.getByIndexRange: count: the string "value" is a return type; the order of the arguments is bin, index, count, returnType, ctx',
    ],
    [
      'a return type for a context',
      () => exp.maps.removeByKeyRelIndexRange(m, 1, 0, 'k', wrong('inverted-none')),
      'exp.maps.removeByKeyRelIndexRange: ctx: the string "inverted-none" is a return type; the order of the arguments is bin, count, idx, key, ctx, returnType',
    ],
    [
      'a return type for a type',
      () => exp.lists.getByIndex(l, 0, wrong('value'), wrong('int')),
      'exp.lists.getByIndex: valueType: the string "value" is a return type; the order of the arguments is bin, index, valueType, returnType, ctx',
    ],
    [
      'a size for resize flags',
      () => exp.bit.reSize(b, wrong(4), 1),
      'exp.bit.reSize: resizeFlags: one of bits.resizeFlags, or an array of them, is needed, not 4; the order of the arguments is bin, resizeFlags, byteSize, policy',
    ],
    [
      'a value without a type',
      () => exp.lists.getByIndex(l, 0, 'auto', 'value'),
      'exp.lists.getByIndex: valueType: the type of the value is needed',
    ],
    [
      'a type that does not fit',
      () => exp.lists.getByIndex(l, 0, 'string', 'count'),
      'exp.lists.getByIndex: valueType: int is what this returnType gives',
    ],
    [
      'an unknown type',
      () => exp.maps.getByKey(m, 'k', wrong('text'), 'value'),
      'exp.maps.getByKey: valueType: one of exp.type is needed',
    ],
    [
      'keys that are no list',
      () => exp.maps.getByKeyList(m, wrong('k'), 'key'),
      'exp.maps.getByKeyList: keys: an expression of type list',
    ],
    [
      'an array as value',
      () => exp.lists.append(l, wrong([1])),
      'exp.lists.append: value: an expression is needed, not an array',
    ],
    [
      'an unknown option',
      () => exp.lists.append(l, 1, wrong({ flags: 1 })),
      /exp.lists.append: policy: unknown option "flags"/,
    ],
    [
      'unknown write flags',
      () => exp.lists.append(l, 1, { writeFlags: 16 }),
      'exp.lists.append: policy.writeFlags: flags are needed, not 16',
    ],
    [
      'an unknown order',
      () => exp.maps.put(m, 1, 'k', { order: wrong('ordered') }),
      "exp.maps.put: policy.order: one of 'unordered', 'key-ordered', 'key-value-ordered' is needed",
    ],
    ['unknown sort flags', () => exp.lists.sort(l, 4), 'exp.lists.sort: order: flags are needed, not 4'],
    ['bits of a string', () => exp.bit.get(wrong(s), 8, 0), 'exp.bit.get: bin: an expression of type blob'],
    [
      'a number as bits',
      () => exp.bit.set(b, wrong(1), 8, 0),
      'exp.bit.set: value: an expression of type blob is needed, not 1',
    ],
    [
      'an unknown overflow',
      () => exp.bit.add(b, wrong(8), 1, 8, 0),
      "exp.bit.add: action: one of 'fail', 'saturate', 'wrap' is needed, not 8",
    ],
    ['a sign as number', () => exp.bit.getInt(b, wrong(1), 8, 0), 'exp.bit.getInt: sign: true or false is needed'],
    ['a HyperLogLog of bytes', () => exp.hll.getCount(wrong(b)), 'exp.hll.getCount: bin: an expression of type hll'],
    [
      'HyperLogLogs without a list',
      () => exp.hll.getUnion(exp.binHll('h'), wrong(undefined)),
      'exp.hll.getUnion: list',
    ],
    [
      'snip flags without an end',
      () => exp.strings.snip(s, 1, undefined, { writeFlags: 4 }),
      'exp.strings.snip: policy',
    ],
    ['a numeric type', () => exp.strings.isNumeric(s, wrong('double')), "exp.strings.isNumeric: type: one of 'any'"],
    [
      'a path without levels',
      () => exp.selectByPath(m, 'list', 1, new CdtContext()),
      'exp.selectByPath: ctx: a CdtContext of at least one level',
    ],
    [
      'unknown path flags',
      () => exp.selectByPath(m, 'list', 4, new CdtContext().addMapKey('a')),
      'exp.selectByPath: flags: flags are needed, not 4',
    ],
    [
      'an unknown part',
      () => exp.loopVarInt(wrong(3)),
      "exp.loopVarInt: part: one of 'key', 'value', 'index' is needed, not 3",
    ],
  ])('%s', (_what, make, message) => refused(make, message))
})

describe('contexts', () => {
  it.each<[string, () => unknown, string | RegExp]>([
    ['an index as text', () => new CdtContext().addListIndex(wrong('0')), 'addListIndex: index: an integer is needed'],
    ['a fraction as rank', () => new CdtContext().addMapRank(0.5), 'addMapRank: rank: an integer is needed, not 0.5'],
    [
      'an unknown order',
      () => new CdtContext().addListIndexCreate(0, wrong('key-ordered')),
      'addListIndexCreate: order',
    ],
    ['pad as number', () => new CdtContext().addListIndexCreate(0, 'unordered', wrong(1)), 'addListIndexCreate: pad'],
    ['an unknown map order', () => new CdtContext().addMapKeyCreate('k', wrong(2)), 'addMapKeyCreate: order'],
    ['a key of another type', () => new CdtContext().addMapKey(wrong(true)), 'addMapKey: key: a map key is a string'],
    ['infinity', () => new CdtContext().addListValue(wrong([infinity()])), 'addListValue: value'],
    ['wildcard', () => new CdtContext().addMapValue(wrong(wildcard())), 'addMapValue: value'],
    ['no keys', () => new CdtContext().addMapKeysIn([]), 'addMapKeysIn: keys: a list of at least one key'],
    [
      'an invalid filter',
      () => new CdtContext().addAllChildrenWithFilter(wrong(i)),
      'addAllChildrenWithFilter: filter: an expression of type bool',
    ],
    [
      'a filter of nothing',
      () => new CdtContext().addAndFilter(exp.bool(true)),
      'addAndFilter: it narrows the previous level',
    ],
    [
      'a filter of a filter',
      () => new CdtContext().addAllChildren().addAndFilter(exp.bool(true)),
      'addAndFilter: the previous level is already an expression',
    ],
    ['no base64', () => CdtContext.fromBase64('%%%%'), 'CdtContext.fromBase64: the string "%%%%" is not base64'],
    ['base64 of nothing', () => CdtContext.fromBase64(''), 'CdtContext.fromBase64: the string "" is not base64'],
    [
      'bytes that are no context',
      () => CdtContext.fromBase64('AQ=='),
      'CdtContext.fromBase64: the bytes are not a packed context',
    ],
    [
      'half a level',
      () => CdtContext.fromBytes(Uint8Array.of(0x91, 0x10)),
      'CdtContext.fromBytes: the bytes are not a packed context',
    ],
    ['bytes that end early', () => CdtContext.fromBytes(Uint8Array.of(0x92, 0x10)), 'CdtContext.fromBytes: the bytes'],
    ['a negative kind', () => CdtContext.fromBytes(Uint8Array.of(0x92, 0xff, 0)), 'CdtContext.fromBytes: the bytes'],
  ])('%s', (_what, make, message) => refused(make, message))

  it('refuses more than 256 levels', () => {
    const context = new CdtContext()
    for (let level = 0; level < 256; level++) context.addListIndex(0)
    refused(() => context.addListIndex(0), 'addListIndex: index: the context is deeper than 256 levels')
  })
})

describe('base64 and text', () => {
  it.each<[string, () => unknown, string | RegExp]>([
    ['no base64', () => exp.fromBase64('not base64!'), 'exp.fromBase64: the string "not base64!" is not base64'],
    ['base64 that is cut', () => exp.fromBase64(exp.eq(i, 5).toBase64().slice(0, -1)), 'is not base64'],
    [
      'bytes that are cut',
      () => exp.fromBase64(exp.eq(i, 5).bytes.subarray(0, 4).toString('base64')),
      'exp.fromBase64: the bytes are not one packed expression',
    ],
    ['bytes too many', () => exp.fromBase64('wsI='), 'exp.fromBase64: the bytes are not one packed expression'],
    [
      'bytes that are nested too deep',
      () => exp.fromBase64(Buffer.alloc(1100, 0x91).fill(0xc0, 1099).toString('base64')),
      'exp.fromBase64: the expression is nested deeper than 1024 levels',
    ],
    ['a number', () => exp.fromBase64(wrong(1)), 'exp.fromBase64: base64 is needed, not 1'],
    ['no text', () => exp.ael(''), 'exp.ael: the text is empty'],
    [
      'text in an expression',
      () => exp.not(exp.ael('$.a > 1')),
      'exp.ael is a whole filter and cannot be part of another expression',
    ],
    ['and from base64', () => exp.not(exp.fromBase64(exp.ael('$.a > 1').toBase64())), 'exp.ael is a whole filter'],
  ])('%s', (_what, make, message) => refused(make, message))
})

describe('variables', () => {
  const policy = (filterExpression: unknown): void => writePolicy(new Writer(64), 'read', { filterExpression })
  const greater = exp.gt(exp.var('x'), 5)

  it('are refused where nothing binds them', () => {
    refused(
      () => policy(greater),
      'read policy.filterExpression: the expression uses "x", which no exp.let around it defines',
    )
    refused(() => policy(exp.let(exp.def('y', i), greater)), 'uses "x"')
    refused(() => policy(exp.let(exp.def('y', exp.var('x')), exp.def('x', i), exp.eq(exp.var('y'), 1))), 'uses "x"')
    refused(
      () =>
        policy(
          exp.eq(exp.lists.size(exp.selectByPath(l, 'list', 1, new CdtContext().addAllChildrenWithFilter(greater))), 1),
        ),
      'uses "x"',
    )
    refused(() => exp.operations.read('a', exp.var('x')), 'exp.operations.read: exp: the expression uses "x"')
  })

  it('are taken where a let binds them', () => {
    const derived = exp.def('y', exp.add(exp.var('x'), 1))
    expect(() => policy(exp.let(exp.def('x', i), greater))).not.toThrow()
    expect(() => policy(exp.let(exp.def('x', i), derived, exp.eq(exp.var('y'), 1)))).not.toThrow()
    // What came packed is not looked into.
    expect(() => policy(exp.fromBase64(greater.toBase64()))).not.toThrow()
  })
})

describe('where expressions are used', () => {
  const policy = (filterExpression: unknown): Writer => {
    const writer = new Writer(64)
    writePolicy(writer, 'read', { filterExpression })
    return writer
  }

  it('takes an expression or its bytes, and writes the same', () => {
    const filter = exp.eq(i, 5)
    const [one, other] = [policy(filter), policy(filter.bytes)]
    expect(one.buffer.subarray(0, one.length)).toEqual(other.buffer.subarray(0, other.length))
  })

  it('refuses a filter that is no boolean', () => {
    refused(() => policy(i), 'read policy.filterExpression: an expression of type bool is needed, not one of type int')
    refused(
      () => policy('x'),
      'read policy.filterExpression: an expression or its packed bytes are needed, not the string "x"',
    )
  })

  it.each<[string, () => unknown, string | RegExp]>([
    [
      'an operation without an expression',
      () => exp.operations.read('a', wrong(5)),
      'exp.operations.read: exp: an expression is needed, not 5',
    ],
    [
      'unknown read flags',
      () => exp.operations.read('a', i, 1),
      'exp.operations.read: flags: flags of exp.expReadFlags are needed, not 1',
    ],
    [
      'unknown write flags',
      () => exp.operations.write('a', i, 32),
      'exp.operations.write: flags: flags of exp.expWriteFlags are needed, not 32',
    ],
    ['flags that contradict', () => exp.operations.write('a', i, 3), 'CREATE_ONLY and UPDATE_ONLY cannot be combined'],
  ])('refuses %s', (_what, make, message) => refused(make, message))
})

describe('an expression', () => {
  it('is nested 256 levels at most', () => {
    let deep: Expression<'bool'> = exp.bool(true)
    for (let level = 1; level < 256; level++) deep = exp.not(deep)
    refused(() => exp.not(deep), 'exp.not: expressions are nested deeper than 256 levels; exp.and, exp.or')
  })

  it('never changes', () => {
    const five = exp.int(5)
    five.bytes.fill(0)
    expect(five.bytes).toEqual(Buffer.of(5))
    expect(Object.isFrozen(five)).toBe(true)
    const bytes = Uint8Array.of(1)
    const blob = exp.bytes(bytes)
    bytes[0] = 2
    expect(blob.bytes.at(-1)).toBe(1)
  })

  it('keeps the context that it was built with', () => {
    const context = new CdtContext().addMapKey('a')
    const size = exp.lists.size(m, context)
    const before = size.toBase64()
    context.addMapKey('b')
    expect(size.toBase64()).toBe(before)
  })

  it('says what it is', () => {
    expect(exp.eq(i, 5).type).toBe('bool')
    expect(exp.add(i, 5).type).toBe('int')
    expect(exp.add(exp.var('x'), 2.5).type).toBe('float')
    expect(exp.cond(true, exp.unknown(), s).type).toBe('string')
    expect(exp.lists.getByIndex(l, 0, 'auto', 'exists').type).toBe('bool')
    expect(exp.fromBase64('wg==').type).toBe('any')
    expect(JSON.stringify({ filter: exp.bool(true) })).toBe('{"filter":"ww=="}')
    expect(exp.bool(true)).toBeInstanceOf(Expression)
  })
})
