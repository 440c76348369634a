/**
 * What was written, and the answer that its caller got: acknowledged, refused (not applied for certain) or in doubt. At the
 * end, the records are compared with it.
 */

/** The answer that the caller of a write got. */
export type Outcome = 'pending' | 'acknowledged' | 'refused' | 'in doubt'

/** A write: a record of its own, or an element of a list. */
export interface Mark {
  readonly id: number
  outcome: Outcome
  /** The error of a write that failed, for the report of a violation. */
  error?: string
  /** Whether the write may be sent more than once. */
  readonly retried: boolean
  /** The answer to the removal of this record; undefined if nobody removes it. */
  removal: Outcome | undefined
}

/** A counter that only grows. */
interface Counter {
  acknowledged: number
  inDoubt: number
}

function reason(error: string | undefined): string {
  return error === undefined ? '' : `: ${error}`
}

/** The writes of a run. */
export class Ledger {
  /** Records with one write each, by id. */
  readonly records: Mark[] = []
  /** The writes to each list: an element each. */
  readonly lists: Mark[][]
  readonly counters: Counter[]
  readonly violations: string[] = []
  #next = 0

  constructor(lists: number, counters: number) {
    this.lists = Array.from({ length: lists }, () => [])
    this.counters = Array.from({ length: counters }, () => ({ acknowledged: 0, inDoubt: 0 }))
  }

  /** Adds a record that is about to be written. */
  record(retried: boolean): Mark {
    const mark: Mark = { id: this.records.length, outcome: 'pending', retried, removal: undefined }
    this.records.push(mark)
    return mark
  }

  /** Adds an element that is about to be appended to a list. */
  element(list: number, retried: boolean): Mark {
    const mark: Mark = { id: this.#next++, outcome: 'pending', retried, removal: undefined }
    this.lists[list]?.push(mark)
    return mark
  }

  violation(text: string): void {
    this.violations.push(text)
  }

  /** Compares a record with the writes. `found` says whether the record exists, with the id that it holds. */
  checkRecord(mark: Mark, found: number | undefined): void {
    const { id, outcome, removal, error } = mark
    if (found !== undefined && found !== id) this.violation(`record ${id} holds the id ${found}`)
    if (outcome === 'pending' || removal === 'pending') return // reported as a call that did not settle
    const exists = found !== undefined
    const removed = removal === 'acknowledged' || removal === 'in doubt'
    if (outcome === 'acknowledged' && !exists && !removed)
      this.violation(`record ${id} was acknowledged and is missing`)
    if (outcome === 'refused' && exists)
      this.violation(`record ${id} was not to be applied (inDoubt: false), and exists${reason(error)}`)
    // A write in doubt may still arrive after the removal of its record.
    if (removal === 'acknowledged' && outcome === 'acknowledged' && exists) {
      this.violation(`record ${id} was removed, and exists`)
    }
  }

  /** Compares the elements of a list with the writes. */
  checkList(list: number, elements: readonly number[]): void {
    const counts = new Map<number, number>()
    for (const element of elements) counts.set(element, (counts.get(element) ?? 0) + 1)
    for (const { id, outcome, retried, error } of this.lists[list] ?? []) {
      const count = counts.get(id) ?? 0
      counts.delete(id)
      if (outcome === 'acknowledged' && count === 0) {
        this.violation(`element ${id} of list ${list} was acknowledged and is missing`)
      }
      if (outcome === 'refused' && count > 0) {
        this.violation(
          `element ${id} of list ${list} was not to be applied (inDoubt: false), and is there${reason(error)}`,
        )
      }
      if (count > 1 && !retried) this.violation(`element ${id} of list ${list} is there ${count} times`)
    }
    for (const id of counts.keys()) this.violation(`element ${id} of list ${list} was never written`)
  }

  /** Compares a counter with the increments. */
  checkCounter(counter: number, value: number): void {
    const { acknowledged = 0, inDoubt = 0 } = this.counters[counter] ?? {}
    if (value < acknowledged || value > acknowledged + inDoubt) {
      this.violation(
        `counter ${counter} is ${value}: ${acknowledged} increments were acknowledged, and ${inDoubt} are in doubt`,
      )
    }
  }
}
