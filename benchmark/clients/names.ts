/** The names of the clients. */

/** What `--clients` accepts. */
export const CLIENTS = ['ours', 'official', 'core', 'aerospike-py'] as const
export type Client = (typeof CLIENTS)[number]

/** The clients that run in a Node.js process of the benchmark. Those that begin with `ours-` are modes of ours. */
export type JsClientName = 'ours' | 'ours-auto-batch' | 'ours-sync' | 'official' | 'none'
/** `core` and `aerospike-py` are programs of their own, in `rust/` and `python/`; `none` measures the benchmark itself. */
export type ClientName = JsClientName | 'core' | 'aerospike-py'

export const CLIENT_TITLES: { readonly [name in ClientName]: string } = {
  ours: 'aerospike-napi',
  'ours-auto-batch': 'aerospike-napi, autoBatch',
  'ours-sync': 'aerospike-napi, ClientSync',
  official: 'official client',
  core: 'aerospike-core alone',
  'aerospike-py': 'aerospike-py',
  none: 'no client',
}

/** The client of `--clients` that a measured one belongs to; undefined for `none`, which always runs. */
export function clientOf(name: ClientName): Client | undefined {
  if (name === 'none') return undefined
  return name.startsWith('ours') ? 'ours' : (name as Client)
}
