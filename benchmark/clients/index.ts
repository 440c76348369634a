/** The clients that run in Node.js. A module is loaded only if its client is measured. */
import type { Adapter } from './adapter'
import type { JsClientName } from './names'

export function createAdapter(name: JsClientName): Adapter {
  switch (name) {
    case 'ours':
      return new (require('./ours') as typeof import('./ours')).Ours()
    case 'ours-auto-batch':
      return new (require('./ours') as typeof import('./ours')).Ours(true)
    case 'ours-sync':
      return new (require('./ours-sync') as typeof import('./ours-sync')).OursSync()
    case 'official':
      return new (require('./official') as typeof import('./official')).Official()
    case 'none':
      return new (require('./none') as typeof import('./none')).None()
  }
}
