/**
 * Infinity and wildcard: bounds for arguments of operations and expressions, which cannot be stored.
 */

/** Greater than any value in every order; see `infinity()`. */
export class InfinityBound {
  readonly #bound = 'infinity'

  toString(): string {
    return this.#bound
  }
}

/** Matches any value; see `wildcard()`. */
export class WildcardBound {
  readonly #bound = 'wildcard'

  toString(): string {
    return this.#bound
  }
}

const INFINITY = new InfinityBound()
const WILDCARD = new WildcardBound()

/**
 * Returns the upper bound of all values, for the end of a range: `lists.getByValueRange('log', [1], [1, infinity()])`.
 * It is accepted only as an argument of operations and expressions; a bin that contains it is rejected.
 */
export function infinity(): InfinityBound {
  return INFINITY
}

/**
 * Returns a value that matches every value, alone or as the rest of a list: `lists.getByValue('log', ['in',
 * wildcard()])` selects all lists that begin with `'in'`. It is accepted only as an argument of operations and
 * expressions; a bin that contains it is rejected.
 */
export function wildcard(): WildcardBound {
  return WILDCARD
}
