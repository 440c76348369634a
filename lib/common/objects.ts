/**
 * Objects whose property names are data: bins, map keys, columns, labels.
 */

// Captured at import, like the timers in `lib/common/globals.ts`, because other code may replace them.
const { defineProperty, hasOwn, prototype } = Object

/** Defines an own property with the attributes that an assignment creates. */
export function defineOwn(target: object, name: string, value: unknown): void {
  // The descriptor has no prototype: if Object.prototype had a `get` or `set`, the descriptor would be rejected.
  const descriptor = { __proto__: null, value, writable: true, enumerable: true, configurable: true }
  defineProperty(target, name, descriptor)
}

/**
 * Sets an own property of any name. A plain assignment would run a setter of `Object.prototype` (such as `__proto__`), and
 * would throw if the prototype is frozen and has the name. If the prototype does not have the name, an assignment is correct
 * and takes a quarter of the time.
 */
export function setOwn<T>(target: { [name: string]: T }, name: string, value: T): void {
  if (hasOwn(prototype, name)) defineOwn(target, name, value)
  else target[name] = value
}

/**
 * Returns a copy without the properties that are undefined: an option that is undefined counts as absent, and must not hide
 * a default that the copy is merged with.
 */
export function withoutUndefined<T extends object>(given: T): T {
  const copy = {} as { [name: string]: unknown }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) setOwn(copy, name, value)
  return copy as T
}
