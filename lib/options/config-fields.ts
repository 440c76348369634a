/**
 * The scalar options of a client's configuration, from the catalog: their checks and defaults.
 */

import { CLIENT_OPTIONS, type ClientOptionEntry } from '../catalog/client-options'
import { type Check, checkOf, integerOption, stringOption } from '../common/options'

/** A count, or a time in milliseconds. */
export const COUNT = integerOption(0)

const ENTRIES: readonly (readonly [string, ClientOptionEntry])[] = Object.entries(CLIENT_OPTIONS)

/** The options with a rule: name, check, default. */
export const RULED_OPTIONS: readonly (readonly [string, Check, number | undefined])[] = ENTRIES.flatMap(
  ([name, entry]) => ('text' in entry || 'custom' in entry ? [] : [[name, checkOf(entry), entry.fallback] as const]),
)

/** The options that contain a text. */
export const TEXT_OPTIONS: readonly string[] = ENTRIES.flatMap(([name, entry]) => ('text' in entry ? [name] : []))

/** Returns the number of an option in the encoding; undefined if the native side does not need it. */
export function numberOfOption(name: string): number | undefined {
  const entries: { readonly [name: string]: ClientOptionEntry } = CLIENT_OPTIONS
  return entries[name]?.id
}

/** Returns a text of the configuration, if it is given. */
export function optionalString(given: { readonly [name: string]: unknown }, name: string): string | undefined {
  const value = given[name]
  return value === undefined ? undefined : stringOption(value, `config.${name}`)
}
