/**
 * Parses the text of `--where`:
 *
 *     condition  = and-list { "or" and-list }
 *     and-list   = negation { "and" negation }
 *     negation   = [ "not" ] ( "(" condition ")" | test )
 *     test       = operand operator operand
 *                | operand [ "not" ] "in" "(" literal { "," literal } ")"
 *                | operand [ "not" ] "between" operand "and" operand
 *                | operand [ "not" ] ( "matches" | "~" ) string
 *                | ( bin | "keys" "(" bin ")" | "values" "(" bin ")" ) [ "not" ] "contains" literal
 *                | "exists" "(" bin ")"
 *                | bin
 */
import {
  type BinOperand,
  binOperand,
  type CollectionPart,
  type Condition,
  type Literal,
  METADATA,
  type MetadataName,
  type Operand,
  type Operator,
  WhereError,
} from './ast.mjs'
import { describeToken, type Token, tokenize } from './lexer.mjs'

/** Maximum nesting of parentheses and negations, far below what a filter of the client may have. */
const MAX_DEPTH = 50

const OPERATORS: { readonly [symbol: string]: Operator } = {
  '=': '==',
  '==': '==',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

/** Words that are never bins unless they are in backticks. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'in',
  'between',
  'matches',
  'contains',
  'true',
  'false',
])

/**
 * Parses a text.
 * @throws WhereError with the position of the error
 */
export function parseWhere(text: string): Condition {
  const parser = new Parser(text)
  const condition = parser.condition()
  parser.end()
  return condition
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text)
  }

  get #token(): Token {
    return this.#tokens[this.#next] as Token
  }

  /** The word of a token in lower case if it is an unquoted word. */
  #word(token = this.#token): string | undefined {
    return token.type === 'word' ? token.value.toLowerCase() : undefined
  }

  #isSymbol(...symbols: string[]): boolean {
    const token = this.#token
    return token.type === 'symbol' && symbols.includes(token.value)
  }

  #fail(needed: string): never {
    const token = this.#token
    throw new WhereError(`${needed} is needed here, not ${describeToken(token)}`, this.#text, token.at)
  }

  #skip(symbol: string, needed: string): void {
    if (!this.#isSymbol(symbol)) this.#fail(needed)
    this.#next++
  }

  /** Skips a keyword or one of its symbols. Returns whether it was there. */
  #skipped(word: string, ...symbols: string[]): boolean {
    if (this.#word() !== word && !this.#isSymbol(...symbols)) return false
    this.#next++
    return true
  }

  end(): void {
    if (this.#token.type !== 'end') this.#fail("'and', 'or' or the end")
  }

  condition(): Condition {
    return this.#joined('or', ['||'], () => this.#joined('and', ['&&'], () => this.#negation()))
  }

  #joined(kind: 'and' | 'or', symbols: string[], part: () => Condition): Condition {
    const { at } = this.#token
    const parts = [part()]
    while (this.#skipped(kind, ...symbols)) parts.push(part())
    return parts.length === 1 ? (parts[0] as Condition) : { kind, at, parts }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      throw new WhereError(`nested deeper than ${MAX_DEPTH} levels`, this.#text, this.#token.at)
    }
    const result = read()
    this.#depth--
    return result
  }

  #negation(): Condition {
    const { at } = this.#token
    if (this.#skipped('not', '!')) return { kind: 'not', at, part: this.#nested(() => this.#negation()) }
    if (!this.#isSymbol('(')) return this.#test()
    this.#next++
    const condition = this.#nested(() => this.condition())
    this.#skip(')', "'and', 'or' or ')'")
    return condition
  }

  #test(): Condition {
    const { at } = this.#token
    const called = this.#call()
    if (called === 'exists') return { kind: 'exists', at, bin: this.#inParentheses() }
    if (called === 'keys' || called === 'values') {
      const bin = this.#inParentheses()
      const negated = this.#skipped('not')
      if (!this.#skipped('contains')) this.#fail("'contains'")
      return this.#negated(negated, { kind: 'contains', at, part: called, bin, item: this.#literal() })
    }
    const left = this.#operand()
    const token = this.#token
    const operator = token.type === 'symbol' ? OPERATORS[token.value] : undefined
    if (operator !== undefined) {
      this.#next++
      return { kind: 'compare', at, operator, left, right: this.#operand() }
    }
    const negated = this.#skipped('not')
    const test = this.#wordTest(at, left)
    if (test !== undefined) return this.#negated(negated, test)
    if (left.kind === 'bin' && !negated) return { kind: 'flag', at, bin: left }
    return this.#fail('an operator')
  }

  #negated(negated: boolean, part: Condition): Condition {
    return negated ? { kind: 'not', at: part.at, part } : part
  }

  /** A test whose operator is a word. */
  #wordTest(at: number, value: Operand): Condition | undefined {
    if (this.#skipped('in')) return { kind: 'in', at, value, list: this.#list() }
    if (this.#skipped('between')) {
      const low = this.#operand()
      if (!this.#skipped('and')) this.#fail("'and'")
      return { kind: 'between', at, value, low, high: this.#operand() }
    }
    if (this.#skipped('matches', '~')) {
      const token = this.#token
      if (token.type !== 'string') this.#fail('a regular expression in quotes')
      this.#next++
      return { kind: 'matches', at, value, pattern: token.value }
    }
    if (this.#word() === 'contains') {
      if (value.kind !== 'bin') this.#fail("an operator other than 'contains', which needs a bin on its left,")
      this.#next++
      return { kind: 'contains', at, part: 'items' satisfies CollectionPart, bin: value, item: this.#literal() }
    }
    return undefined
  }

  #list(): Literal[] {
    this.#skip('(', "'('")
    const list = [this.#literal()]
    while (this.#isSymbol(',')) {
      this.#next++
      list.push(this.#literal())
    }
    this.#skip(')', "',' or ')'")
    return list
  }

  /** The name of the function if a call follows, which is then skipped up to its parenthesis. */
  #call(): string | undefined {
    const word = this.#word()
    const after = this.#tokens[this.#next + 1]
    if (word === undefined || after?.type !== 'symbol' || after.value !== '(') return undefined
    if (word !== 'exists' && word !== 'keys' && word !== 'values') return undefined
    this.#next++
    return word
  }

  #inParentheses(): BinOperand {
    this.#skip('(', "'('")
    const bin = this.#bin()
    if (bin === undefined) return this.#fail('the name of a bin')
    this.#skip(')', "')'")
    return bin
  }

  /** A bin, unless the token is something else. */
  #bin(): BinOperand | undefined {
    const token = this.#token
    if (token.type === 'quoted' || (token.type === 'word' && !KEYWORDS.has(token.value.toLowerCase()))) {
      this.#next++
      return binOperand(token.value, token.at, this.#text)
    }
    return undefined
  }

  #operand(): Operand {
    const { at } = this.#token
    const after = this.#tokens[this.#next + 1]
    const word = this.#word()
    if (word !== undefined && !KEYWORDS.has(word) && after?.type === 'symbol' && after.value === '(') {
      const name = METADATA.find(each => each === word)
      if (name === undefined) {
        const known = [...METADATA.map(each => `${each}()`), 'exists(bin)', 'keys(bin)', 'values(bin)']
        throw new WhereError(`there is no function ${word}(); there are ${known.join(', ')}`, this.#text, at)
      }
      this.#next += 2
      this.#skip(')', "')'")
      return { kind: 'metadata', at, name: name satisfies MetadataName }
    }
    return this.#maybeLiteral() ?? this.#bin() ?? this.#fail('a value or the name of a bin')
  }

  #literal(): Literal {
    return this.#maybeLiteral() ?? this.#fail('a value')
  }

  #maybeLiteral(): Literal | undefined {
    const token = this.#token
    const word = this.#word()
    if (word === 'true' || word === 'false') {
      this.#next++
      return { kind: 'literal', at: token.at, type: 'bool', value: word === 'true' }
    }
    switch (token.type) {
      case 'int':
      case 'float':
      case 'string':
      case 'blob':
        this.#next++
        return { kind: 'literal', ...token }
      default:
        return undefined
    }
  }
}
