/**
 * Splits the text of `--where` into tokens.
 */
import { WhereError } from './ast.mjs'

export type Token = { readonly at: number } & (
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'blob'; readonly value: Uint8Array }
  /** A word, in lower case if it is a keyword. */
  | { readonly type: 'word'; readonly value: string }
  /** A bin in backticks, which is never a keyword. */
  | { readonly type: 'quoted'; readonly value: string }
  | { readonly type: 'symbol'; readonly value: string }
  | { readonly type: 'end' }
)

const SPACE = /\s+/y
const BLOB = /x(['"])([^'"]*)\1/iy
const NUMBER = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w$])/y
const WORD = /[\p{L}_$](?:[\p{L}\p{N}_$]|-(?=[\p{L}\p{N}_$]))*/uy
const SYMBOL = /==|!=|<>|<=|>=|&&|\|\||[=<>!~(),]/y

const MIN_INT = -(2n ** 63n)
const MAX_INT = 2n ** 63n - 1n

/** The text of a token, for error messages. */
export function describeToken(token: Token): string {
  switch (token.type) {
    case 'end':
      return 'the end'
    case 'string':
      return `the string ${JSON.stringify(shortened(token.value))}`
    case 'blob':
      return 'bytes'
    case 'quoted':
      return `\`${shortened(token.value)}\``
    default:
      return `'${shortened(String(token.value))}'`
  }
}

function shortened(text: string): string {
  return text.length > 20 ? `${text.slice(0, 20)}...` : text
}

/**
 * Splits a text into tokens; the last one is the end.
 * @throws WhereError if a part is not a token
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  const add = (token: Token, length: number): void => {
    tokens.push(token)
    at += length
  }
  if (!text.isWellFormed()) throw new WhereError('the text contains a lone surrogate', text, 0)
  while (at < text.length) {
    const space = match(SPACE)
    if (space !== null) {
      at += space[0].length
      continue
    }
    const character = text[at] as string
    const blob = match(BLOB)
    if (blob !== null) {
      add({ type: 'blob', at, value: bytesOf(blob[2] ?? '', text, at) }, blob[0].length)
      continue
    }
    if (character === '"' || character === "'") {
      const [value, length] = stringAt(text, at)
      add({ type: 'string', at, value }, length)
      continue
    }
    if (character === '`') {
      const end = text.indexOf('`', at + 1)
      if (end < 0) throw new WhereError('the closing ` is missing', text, at)
      add({ type: 'quoted', at, value: text.slice(at + 1, end) }, end + 1 - at)
      continue
    }
    const number = match(NUMBER)
    if (number !== null) {
      add(numberToken(number[0], text, at), number[0].length)
      continue
    }
    const word = match(WORD)
    if (word !== null) {
      add({ type: 'word', at, value: word[0] }, word[0].length)
      continue
    }
    const symbol = match(SYMBOL)
    if (symbol === null) throw new WhereError(unexpected(text, at), text, at)
    add({ type: 'symbol', at, value: symbol[0] }, symbol[0].length)
  }
  tokens.push({ type: 'end', at: text.length })
  return tokens
}

function unexpected(text: string, at: number): string {
  const character = String.fromCodePoint(text.codePointAt(at) as number)
  if (/[\d.-]/.test(character)) {
    return character === '.' ? "a bin whose name contains '.' is written in backticks" : 'this is not a number'
  }
  return `${JSON.stringify(character)} is not expected`
}

function numberToken(text: string, whole: string, at: number): Token {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text)
    if (value < MIN_INT || value > MAX_INT) throw new WhereError(`${text} is outside the 64-bit integers`, whole, at)
    return { type: 'int', at, value }
  }
  const value = Number(text)
  if (!Number.isFinite(value)) throw new WhereError(`${text} is outside the doubles`, whole, at)
  return { type: 'float', at, value }
}

function bytesOf(hex: string, text: string, at: number): Uint8Array {
  if (!/^(?:[\da-f]{2})*$/i.test(hex)) {
    throw new WhereError("bytes are pairs of hexadecimal digits, such as x'0aff'", text, at)
  }
  return Buffer.from(hex, 'hex')
}

const ESCAPES: { readonly [character: string]: string } = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' }

/** Reads a string in single or double quotes, with the escapes of JSON. Returns its value and its length in the text. */
function stringAt(text: string, start: number): [value: string, length: number] {
  const quote = text[start]
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] as string
    if (character === quote) {
      if (!value.isWellFormed()) throw new WhereError('the string contains a lone surrogate', text, start)
      return [value, at + 1 - start]
    }
    if (character !== '\\') {
      value += character
      continue
    }
    at++
    const escaped = text[at]
    if (escaped === undefined) break
    if (escaped === 'u') {
      const digits = text.slice(at + 1, at + 5)
      if (!/^[\da-f]{4}$/i.test(digits)) throw new WhereError('\\u needs four hexadecimal digits', text, at - 1)
      value += String.fromCharCode(Number.parseInt(digits, 16))
      at += 4
    } else if (/["'\\/]/.test(escaped)) {
      value += escaped
    } else {
      const known = ESCAPES[escaped]
      if (known === undefined) throw new WhereError(`there is no escape \\${escaped}; write \\\\ for \\`, text, at - 1)
      value += known
    }
  }
  throw new WhereError(`the closing ${quote} is missing`, text, start)
}
