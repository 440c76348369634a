/**
 * The namespace of an object of options, under its main name or its former name.
 */
import { invalidArgument } from '../common/errors'
import { quote } from '../common/shorten'

/** Names a namespace. */
export type Namespaced =
  | {
      /** Namespace. */
      readonly namespace: string
      readonly ns?: undefined
    }
  | {
      /** Alias of `namespace`: the former name. @deprecated Use `namespace`. */
      readonly ns: string
      readonly namespace?: undefined
    }

/** The names of the option, for checks of unknown options. */
export const NAMESPACE_NAMES = ['namespace', 'ns'] as const

/**
 * Returns the namespace as given, not yet validated.
 *
 * @throws InvalidArgError if it is given under both names, with different values
 */
export function namespaceOf(given: { readonly namespace?: unknown; readonly ns?: unknown }, where: string): unknown {
  const { namespace, ns } = given
  if (ns === undefined) return namespace
  if (namespace === undefined || namespace === ns) return ns
  throw invalidArgument(
    `${where}: namespace is ${quote(String(namespace))} and its former name, ns, is ${quote(String(ns))}; pass only namespace`,
  )
}
