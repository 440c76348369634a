// The conditions of `--where`: their syntax, the positions of errors, and the expressions that they become.
import { exp, maps } from 'aerospike-napi'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WhereError } from '../../../cli/where/ast.mjs'
import { compileWhere } from '../../../cli/where/compile.mjs'
import { parseWhere } from '../../../cli/where/parser.mjs'
import { conditions, conditionText, literals, withoutPositions } from '../../helpers/where.js'

const anyBin = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 15 })
  .filter(name => Buffer.byteLength(name) <= 15 && !name.includes('`'))

function errorOf(text: string): WhereError {
  try {
    compileWhere(text)
  } catch (error) {
    if (error instanceof WhereError) return error
    throw error
  }
  throw new Error(`'${text}' is a condition`)
}

describe('a condition', () => {
  test('that is printed and parsed again is the same', () => {
    fc.assert(
      fc.property(conditions(anyBin, literals), condition => {
        expect(withoutPositions(parseWhere(conditionText(condition)))).toEqual(withoutPositions(condition))
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['a = 1', 'a == 1'],
    ['a <> 1', 'a != 1'],
    ['a == 1 && b == 2 || !c', '(a == 1 and b == 2) or not c'],
    ['A = 1 AND NOT B = 2 OR C = 3', '(A == 1 and (not B == 2)) or C == 3'],
    ['a not in (1, 2)', 'not (a in (1, 2))'],
    ['a not between 1 and 2', 'not (a between 1 and 2)'],
    ["s ~ '^x'", 's matches "^x"'],
    ["s == 'it''s'".replace("''", "\\'"), 's == "it\'s"'],
    ['tags not contains "x"', 'not tags contains "x"'],
    ['a between 1 and 2 and b == 3', '(a between 1 and 2) and (b == 3)'],
    ['first-name == "x"', '`first-name` == "x"'],
    ['`and` == 1', '(`and` == 1)'],
    ['a>-5', 'a > -5'],
    ['a == 1e3', 'a == 1000.0'],
    ["b == X'0AFF'", "b == x'0aff'"],
    ['s == "\\u00e9\\n"', "s == 'é\\n'"],
  ])('%s means %s', (one, other) => {
    expect(withoutPositions(parseWhere(one))).toEqual(withoutPositions(parseWhere(other)))
  })

  test('of `and` binds tighter than one of `or`', () => {
    expect(parseWhere('a or b and c')).toMatchObject({ kind: 'or', parts: [{ kind: 'flag' }, { kind: 'and' }] })
  })
})

describe('an error', () => {
  test.each([
    ['', 0, 'a value or the name of a bin is needed here, not the end'],
    ['age >', 5, 'a value or the name of a bin is needed here, not the end'],
    ['age > and', 6, "not 'and'"],
    ['age > 21 21', 9, "'and', 'or' or the end is needed here, not '21'"],
    ['(age > 21', 9, "'and', 'or' or ')' is needed here"],
    ['age > 21)', 8, "not ')'"],
    ['age > 21 and', 12, 'not the end'],
    ['age in 21', 7, "'(' is needed here"],
    ['age in ()', 8, 'a value is needed here'],
    ['age in (1', 9, "',' or ')' is needed here"],
    ['age between 1 or 2', 14, "'and' is needed here"],
    ['name == "Ada', 8, 'the closing " is missing'],
    ['name == "a\\q"', 10, 'there is no escape \\q'],
    ['name == "\\u12"', 9, '\\u needs four hexadecimal digits'],
    ["b == x'0'", 5, 'pairs of hexadecimal digits'],
    ['a == 12abc', 5, 'this is not a number'],
    ['a == 9223372036854775808', 5, 'outside the 64-bit integers'],
    ['a == 1e999', 5, 'outside the doubles'],
    ['a.b == 1', 1, 'backticks'],
    ['a # 1', 2, '"#" is not expected'],
    ['`a == 1', 0, 'the closing ` is missing'],
    ['`` == 1', 0, 'the name of a bin is empty'],
    ['a_name_that_is_too_long == 1', 0, 'at most 15 bytes, this one has 23'],
    ['size(a) > 1', 5, "')' is needed here"],
    ['length() > 1', 0, 'there is no function length(); there are ttl()'],
    ['ttl() matches "x"', 0, "'matches' needs a string bin, key() or set()"],
    ['active > true', 0, 'cannot be compared by order with a boolean'],
    ['1 == "a"', 0, 'an integer cannot be compared with a string'],
    ['key() == a', 0, 'key() can be compared only with a value'],
    ['last_update() > "soon"', 16, 'this is not a date'],
    ['5 contains 1', 2, "'contains', which needs a bin on its left"],
    ['a not', 5, 'an operator is needed here'],
    [`${'('.repeat(51)}a${')'.repeat(51)}`, 51, 'nested deeper than 50 levels'],
    ['s == "\\ud800"', 5, 'lone surrogate'],
  ])('of %j is at %i', (text, at, reason) => {
    const error = errorOf(text)
    expect(error.reason).toContain(reason)
    expect(error.at).toBe(at)
  })

  test('of any text has a position in it', () => {
    const token = fc.constantFrom(
      'a',
      'and',
      'not',
      '(',
      ')',
      '==',
      '<',
      '"x',
      '"y"',
      '1',
      '-',
      'in',
      ',',
      '`',
      "x'0",
      ' ',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(token).map(tokens => tokens.join(' ')),
    )
    fc.assert(
      fc.property(text, text => {
        try {
          compileWhere(text)
        } catch (error) {
          expect(error).toBeInstanceOf(WhereError)
          const { at } = error as WhereError
          expect(at).toBeGreaterThanOrEqual(0)
          expect(at).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('shows the part of the text around it', () => {
    expect(errorOf('age > and').excerpt(80)).toBe('age > and\n      ^')
    const long = `${'a == 1 and '.repeat(20)}b >> 2 and c == 3`
    const [line = '', pointer = ''] = errorOf(long).excerpt(40).split('\n')
    expect(line.length).toBeLessThanOrEqual(40)
    expect(pointer.length).toBeLessThanOrEqual(40)
    expect(line.slice(pointer.length - 1)).toMatch(/^> 2/)
  })
})

describe('the expression', () => {
  const base64 = (text: string): string => compileWhere(text).toBase64()

  test('of a string or of bytes reads a bin of that type', () => {
    expect(base64('city == "Seoul"')).toBe(exp.eq(exp.binStr('city'), 'Seoul').toBase64())
    expect(base64("b != x'00ff'")).toBe(exp.ne(exp.binBlob('b'), Buffer.from([0, 255])).toBase64())
  })

  test('of a number compares integers and doubles', () => {
    const type = exp.binType('age')
    const expected = exp.cond(
      exp.eq(type, 1),
      exp.gt(exp.binInt('age'), 21),
      exp.eq(type, 2),
      exp.gt(exp.binFloat('age'), exp.float(21)),
      exp.unknown(),
    )
    expect(base64('age > 21')).toBe(expected.toBase64())
  })

  test('of metadata, collections and existence', () => {
    expect(base64('ttl() < 3600')).toBe(exp.lt(exp.ttl(), 3600).toBase64())
    expect(base64('key() == "ada"')).toBe(exp.eq(exp.keyStr(), 'ada').toBase64())
    expect(base64('exists(a) and not flag')).toBe(exp.and(exp.binExists('a'), exp.not(exp.binBool('flag'))).toBase64())
    expect(base64('keys(m) contains "k"')).toBe(
      exp.gt(exp.maps.getByKey(exp.binMap('m'), 'k', 'auto', maps.returnType.COUNT), 0).toBase64(),
    )
    expect(base64('last_update() >= "2026-01-31"')).toBe(
      exp.ge(exp.lastUpdate(), BigInt(Date.UTC(2026, 0, 31)) * 1_000_000n).toBase64(),
    )
  })
})
