/**
 * `op`: the builders of operations on whole bins.
 */

import { operationAliases } from './aliases'
import { scalarBuilders } from './scalar-builders'

/**
 * Builders of operations on whole bins, for `operate`. They return plain objects, whose fields `operate` validates.
 *
 * Parameters:
 *
 * - `bin`: name of the bin, 1 to 15 bytes. `read` without a name reads all bins.
 * - `val`: the value to write; for `incr` the number to add, for `append` and `prepend` a string or bytes.
 * - `path`: the path to the values, as for the builders of `paths`.
 * - `expression`: the new value of each value that the path selects.
 * - `flags`: `paths.selectFlags` or `paths.modifyFlags`, combined with `|`.
 */
export const op: typeof scalarBuilders & typeof operationAliases = { ...scalarBuilders, ...operationAliases }
