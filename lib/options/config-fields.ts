/**
 * The scalar options of a client's configuration, with their checks and defaults.
 */

import { integerOption, wordOption } from '../common/options'
import { AUTH_MODES } from './credentials'

/** A count, or a time in milliseconds. */
export const COUNT = integerOption(0)

/** Numeric options in the order of the encoding: name, check, default. */
export const NUMBERS = [
  ['timeout', integerOption(1), 1000],
  ['connectTimeout', integerOption(1), 0],
  ['loginTimeout', integerOption(1), 5000],
  ['idleTimeout', COUNT, 55_000],
  ['minConnsPerNode', COUNT, 0],
  ['maxConnsPerNode', integerOption(1), 100],
  ['connPoolsPerNode', integerOption(1, 255), 1],
  ['tendInterval', integerOption(250), 1000],
  ['maxErrorRate', COUNT, 100],
  ['errorRateWindow', integerOption(1), 1],
] as const

export const FLAGS = ['useServicesAlternate', 'seedOnlyCluster'] as const
export const AUTH_MODE = wordOption(AUTH_MODES)
export const INT64 = wordOption({ auto: 0, bigint: 1, number: 2 })
export const MAPS = wordOption({ auto: 0, map: 1, object: 2 })
