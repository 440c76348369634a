/**
 * Checks of options: each refuses what it does not understand by the option's name.
 */

import { describe } from './describe'
import { invalidArgument } from './errors'
import { quote } from './shorten'

/** Checks one option's value and gives the number that crosses the boundary. */
export type Check = (value: unknown, name: string) => number

/** The object of options, or a refusal. */
export function optionsObject(value: unknown, what: string): { [name: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgument(`${what}: an object is needed, not ${describe(value)}`)
  }
  return value as { [name: string]: unknown }
}

/** Refuses an option that nobody knows. */
export function unknownOption(name: string, what: string, known: Iterable<string>): never {
  const names = [...known]
  const like = names.find(other => other.toLowerCase().replaceAll('_', '') === name.toLowerCase().replaceAll('_', ''))
  const hint = like === undefined ? `; known are ${names.join(', ')}` : `; did you mean ${like}?`
  throw invalidArgument(`${what}: unknown option ${quote(name)}${hint}`)
}

/** An integer from `least` to `most`. */
export function integerOption(least: number, most = 0xffff_ffff): Check {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw invalidArgument(`${name}: an integer from ${least} to ${most} is needed, not ${describe(value)}`)
    }
    return value
  }
}

/** A number from `least` up. */
export function numberOption(least: number): Check {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < least) {
      throw invalidArgument(`${name}: a number of at least ${least} is needed, not ${describe(value)}`)
    }
    return value
  }
}

/** true or false. */
export const booleanOption: Check = (value, name) => {
  if (typeof value !== 'boolean') throw invalidArgument(`${name}: true or false is needed, not ${describe(value)}`)
  return value ? 1 : 0
}

/** One of some words; the number is what crosses the boundary. `numbers` tells those who give one why it is refused. */
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

/** A string that is not empty. */
export function stringOption(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') {
    throw invalidArgument(`${name}: a string is needed, not ${value === '' ? 'an empty one' : describe(value)}`)
  }
  return value
}
