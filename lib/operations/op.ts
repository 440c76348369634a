/**
 * `op`: the builders of operations on whole bins.
 */

import { operationAliases } from './aliases'
import { scalarBuilders } from './scalar-builders'

/** Builders of operations on whole bins, for `operate`. They return plain objects, whose fields `operate` validates. */
export const op: typeof scalarBuilders & typeof operationAliases = { ...scalarBuilders, ...operationAliases }
