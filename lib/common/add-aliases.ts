/**
 * Other names for the members of classes.
 */

/** Adds other names for members of a class: alias -> main name. Their types are in the interface that the class merges with. */
export function addAliases(Class: { readonly prototype: object }, aliases: { readonly [alias: string]: string }): void {
  const { prototype } = Class
  for (const [alias, name] of Object.entries(aliases)) {
    const method = descriptorOf(prototype, name)?.value as unknown
    Object.defineProperty(
      prototype,
      alias,
      typeof method === 'function'
        ? { value: method, writable: true, configurable: true }
        : {
            get(this: { readonly [name: string]: unknown }) {
              return this[name]
            },
            configurable: true,
          },
    )
  }
}

function descriptorOf(prototype: object | null, name: string): PropertyDescriptor | undefined {
  if (prototype === null) return undefined
  return Object.getOwnPropertyDescriptor(prototype, name) ?? descriptorOf(Object.getPrototypeOf(prototype), name)
}
