/** Records latencies without allocating: collecting the benchmark's garbage would count as the client's time. */
export class Samples {
  #values = new Float64Array(1 << 16)
  #count = 0

  get count(): number {
    return this.#count
  }

  readonly add = (value: number): void => {
    if (this.#count === this.#values.length) {
      const grown = new Float64Array(this.#count * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#count++] = value
  }

  /** The values at these quantiles, by nearest rank. */
  percentiles(...shares: readonly number[]): number[] {
    const sorted = this.#values.slice(0, this.#count).sort()
    return shares.map(share => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0)
  }
}
