/**
 * Checks of options. The errors name the option.
 */

import type { OptionRule } from '../catalog/policy-fields'
import { describe } from './describe'
import { invalidArgument } from './errors'
import { optionHint } from './option-hints'
import { quote } from './shorten'

/** Checks the value of an option and returns the number that crosses the boundary. */
export type Check = (value: unknown, name: string) => number

/** Checks that the options are an object. */
export function optionsObject(value: unknown, what: string): { [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgument(`${what}: an object is needed, not ${describe(value)}`)
  }
  return value as { [name: string]: unknown }
}

/**
 * Rejects an options object that has an option beyond the known ones. The error names it. An option that is undefined counts
 * as absent.
 * @param place - returns where an unknown option belongs, if it is an option of something else
 */
export function checkOptions(
  given: object,
  what: string,
  known: readonly string[] | ReadonlySet<string>,
  place?: (name: string) => string | undefined,
): void {
  // Without an array of the names: the operations of a call are checked, too.
  for (const name in given) {
    if ('has' in known ? known.has(name) : known.includes(name)) continue
    if (!Object.hasOwn(given, name) || (given as { [name: string]: unknown })[name] === undefined) continue
    unknownOption(name, what, known, place?.(name))
  }
}

/**
 * Throws an error for an unknown option.
 * @param place - where the option belongs, if it is an option of something else
 */
export function unknownOption(name: string, what: string, known: Iterable<string>, place?: string): never {
  const hint = place === undefined ? optionHint(name, [...known]) : `; ${place}`
  throw invalidArgument(`${what}: unknown option ${quote(name)}${hint}`)
}

/** Returns a check for an integer from `least` to `most`. */
export function integerOption(least: number, most = 0xffff_ffff): Check {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw invalidArgument(`${name}: an integer from ${least} to ${most} is needed, not ${describe(value)}`)
    }
    return value
  }
}

/** Returns a check for a finite number of at least `least`. */
export function numberOption(least: number): Check {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      throw invalidArgument(`${name}: a number of at least ${least} is needed, not ${describe(value)}`)
    }
    return value
  }
}

/** Checks for a boolean. */
export const booleanOption: Check = (value, name) => {
  if (typeof value !== 'boolean') throw invalidArgument(`${name}: true or false is needed, not ${describe(value)}`)
  return value ? 1 : 0
}

/** Returns a check for one of several words, with the number of each. `numbers` explains why a number is rejected. */
export function wordOption(
  words: { readonly [word: string]: number },
  numbers = 'the numbers of other clients contradict each other',
): Check {
  const known = Object.keys(words)
  const list = known.map(word => `'${word}'`).join(', ')
  return (value, name) => {
    if (typeof value === 'string' && Object.hasOwn(words, value)) return words[value] as number
    const hint = typeof value === 'number' ? `; ${numbers}` : ''
    throw invalidArgument(`${name}: one of ${list} is needed, not ${describe(value)}${hint}`)
  }
}

/** Returns the check of a rule in the catalog. */
export function checkOf(rule: OptionRule): Check {
  if ('flag' in rule) return booleanOption
  if ('words' in rule) return wordOption(rule.words)
  return rule.fraction === true ? numberOption(rule.min) : integerOption(rule.min, rule.max)
}

/** Checks for a non-empty string. */
export function stringOption(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') {
    throw invalidArgument(`${name}: a string is needed, not ${value === '' ? 'an empty one' : describe(value)}`)
  }
  return value
}
