/**
 * Objects whose names are data: bins, keys of maps, columns, labels.
 */

// Taken at the import, as `lib/common/globals.ts` takes the timers: somebody may replace them.
const { defineProperty, hasOwn, prototype } = Object

/** Defines an own property like those that an assignment makes. */
export function defineOwn(target: object, name: string, value: unknown): void {
  // The descriptor has no prototype: one that Object.prototype has a `get` or `set` for would be refused.
  const descriptor = { __proto__: null, value, writable: true, enumerable: true, configurable: true }
  defineProperty(target, name, descriptor)
}

/**
 * Sets an own property, whatever its name. An assignment would run a setter of `Object.prototype` (`__proto__` is one), and would
 * throw where the prototype is frozen and has the name. Where it does not have the name, an assignment is right and takes
 * a quarter of the time.
 */
export function setOwn<T>(target: { [name: string]: T }, name: string, value: T): void {
  if (hasOwn(prototype, name)) defineOwn(target, name, value)
  else target[name] = value
}
