/** The clients by name. A module is loaded only if its client is measured. */
import type { Adapter } from './adapter'

export const JS_CLIENTS = ['ours', 'official', 'none'] as const
export type JsClientName = (typeof JS_CLIENTS)[number]
/** `core` is a separate program, in `rust/`. */
export type ClientName = JsClientName | 'core'

export function createAdapter(name: JsClientName): Adapter {
  if (name === 'ours') return new (require('./ours') as typeof import('./ours')).Ours()
  if (name === 'official') return new (require('./official') as typeof import('./official')).Official()
  return new (require('./none') as typeof import('./none')).None()
}
