/**
 * apache-arrow, loaded when a command needs it: it is an optional dependency.
 */
import { CliError } from '../exit-codes.mjs'

export type Arrow = typeof import('apache-arrow')

/** Loads apache-arrow. */
export async function loadArrow(): Promise<Arrow> {
  try {
    return await import('apache-arrow')
  } catch (cause) {
    throw new CliError('Arrow files need the package apache-arrow: npm install apache-arrow', undefined, { cause })
  }
}

/** Name of the metadata of a field whose text is the JSON of another type: `json` or `geo`. */
export const FIELD_TYPE = 'aerospike'
