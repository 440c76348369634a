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
 * Returns the upper bound of all values, for the end of a range. It is accepted only as an argument of operations and
 * expressions; a bin that contains it is rejected.
 *
 * @returns the bound
 * @example
 * ```ts
 * lists.getByValueRange('log', [1], [1, infinity()]) // selects all lists that begin with 1
 * ```
 */
export function infinity(): InfinityBound {
  return INFINITY
}

/**
 * Returns a value that matches every value, alone or as the rest of a list. It is accepted only as an argument of
 * operations and expressions; a bin that contains it is rejected.
 *
 * @returns the wildcard
 * @example
 * ```ts
 * lists.getByValue('log', ['in', wildcard()]) // selects all lists that begin with 'in'
 * ```
 */
export function wildcard(): WildcardBound {
  return WILDCARD
}
