/** Medians and their ratios. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return Number.NaN
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A ratio of medians, and the minimum and maximum ratio within one round. */
export interface Ratio {
  readonly value: number
  readonly least: number
  readonly most: number
}
