// Generated from scripts/aliases.json by `make types`. Do not edit.

import { paths } from './paths'
import { scalarBuilders } from './scalar-builders'

/** Aliases of builders of `op`. */
export const operationAliases = {
  /** Alias of `incr`: the name in the official client. */
  add: scalarBuilders.incr,
  /** Alias of `paths.selectByPath`: the name in the official client. */
  selectByPath: paths.selectByPath,
  /** Alias of `paths.modifyByPath`: the name in the official client. */
  modifyByPath: paths.modifyByPath,
} as const
