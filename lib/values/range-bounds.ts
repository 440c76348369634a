/**
 * Infinity and wildcard: what an argument of an operation or an expression can be, and a stored value cannot.
 */

/** The end of every order, greater than any value: made by `infinity()`. */
export class InfinityBound {
  readonly #bound = 'infinity'

  toString(): string {
    return this.#bound
  }
}

/** Matches any value: made by `wildcard()`. */
export class WildcardBound {
  readonly #bound = 'wildcard'

  toString(): string {
    return this.#bound
  }
}

const INFINITY = new InfinityBound()
const WILDCARD = new WildcardBound()

/**
 * The greatest of all values, for the end of a range: `lists.getByValueRange('log', [1], [1, infinity()])`. An argument
 * of operations and expressions only; as (part of) a bin it is refused.
 */
export function infinity(): InfinityBound {
  return INFINITY
}

/**
 * Matches every value, alone or as the rest of a list: `lists.getByValue('log', ['in', wildcard()])` selects all lists
 * that begin with `'in'`. An argument of operations and expressions only; as (part of) a bin it is refused.
 */
export function wildcard(): WildcardBound {
  return WILDCARD
}
