/**
 * The conditions of `--where` as a tree. Each node has its position in the text, for errors.
 */

/** A value in the text. */
export type Literal = { readonly kind: 'literal'; readonly at: number } & (
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'blob'; readonly value: Uint8Array }
)

/** The value of a bin. */
export interface BinOperand {
  readonly kind: 'bin'
  readonly at: number
  readonly name: string
}

/** Functions of the metadata of a record. */
export const METADATA = ['ttl', 'size', 'since_update', 'last_update', 'void_time', 'key', 'set'] as const

export type MetadataName = (typeof METADATA)[number]

/** A property of the record, such as `ttl()`. */
export interface MetadataOperand {
  readonly kind: 'metadata'
  readonly at: number
  readonly name: MetadataName
}

export type Operand = Literal | BinOperand | MetadataOperand

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>='

/** The part of a bin in which `contains` looks. */
export type CollectionPart = 'items' | 'keys' | 'values'

export type Condition = { readonly at: number } & (
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'in'; readonly value: Operand; readonly list: readonly Literal[] }
  | { readonly kind: 'between'; readonly value: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'matches'; readonly value: Operand; readonly pattern: string }
  | { readonly kind: 'contains'; readonly part: CollectionPart; readonly bin: BinOperand; readonly item: Literal }
  | { readonly kind: 'exists'; readonly bin: BinOperand }
  | { readonly kind: 'flag'; readonly bin: BinOperand }
)

/** Maximum length of the name of a bin in bytes. */
const MAX_BIN_NAME = 15

/** An error in the text of `--where`. */
export class WhereError extends Error {
  override readonly name = 'WhereError'

  /**
   * @param reason - what is wrong
   * @param text - the whole text
   * @param at - position of the error, from 0; the length of the text if it ends too early
   */
  constructor(
    readonly reason: string,
    readonly text: string,
    readonly at: number,
  ) {
    super(`--where: ${reason} (at ${at === text.length ? 'the end' : `character ${at + 1}`})`)
  }

  /**
   * Returns the part of the text around the error, and a line that points at it.
   *
   * @param width - maximum length of the lines
   */
  excerpt(width: number): string {
    const room = Math.max(20, width)
    const line = this.text.replace(/[\s\p{Cc}]/gu, ' ')
    const start = Math.max(0, Math.min(this.at - Math.floor(room / 2), line.length - room + 1))
    return `${line.slice(start, start + room)}\n${' '.repeat(this.at - start)}^`
  }
}

/** Returns the bin of a name, or throws if a bin cannot have this name. */
export function binOperand(name: string, at: number, text: string): BinOperand {
  const bytes = Buffer.byteLength(name)
  if (bytes === 0) throw new WhereError('the name of a bin is empty', text, at)
  if (bytes > MAX_BIN_NAME) {
    throw new WhereError(`the name of a bin has at most ${MAX_BIN_NAME} bytes, this one has ${bytes}`, text, at)
  }
  return { kind: 'bin', at, name }
}
