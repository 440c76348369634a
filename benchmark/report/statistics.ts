/** Medians, quantiles and spreads. */

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The quantile `share` of sorted values, with linear interpolation. NaN for an empty list. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

/**
 * Distance of the quartiles, relative to the median: 0.1 if half of the values are within about 5 % of it. NaN for a
 * single value.
 */
export function spread(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN
  return (quantile(values, 0.75) - quantile(values, 0.25)) / median(values)
}

/** A ratio of medians, and the minimum and maximum ratio within one round. */
export interface Ratio {
  readonly value: number
  readonly least: number
  readonly most: number
}
