/**
 * What an unknown option was probably meant to be: an option that is spelled almost like it, or the name under which
 * another client has it.
 */

/** Number of names in a list of the known ones. */
const LISTED = 8

/** Names of options in other clients and drivers, in lower case without underscores -> the names here. */
const OTHER_NAMES: { readonly [name: string]: readonly string[] } = {
  host: ['hosts', 'host'],
  addresses: ['hosts'],
  contactpoints: ['hosts'],
  nodes: ['hosts'],
  seeds: ['hosts'],
  servers: ['hosts'],
  url: ['hosts'],
  username: ['user'],
  pass: ['password'],
  passwd: ['password'],
  cluster: ['clusterName'],
  conntimeoutms: ['timeout'],
  connectiontimeout: ['connectTimeout', 'timeout'],
  maxconns: ['maxConnsPerNode'],
  maxconnections: ['maxConnsPerNode'],
  maxsocketidle: ['idleTimeout'],
  poolsize: ['maxConnsPerNode'],
  tenderinterval: ['tendInterval'],
  modlua: ['policies'],
  deadline: ['totalTimeout', 'timeout'],
  timeout: ['totalTimeout'],
  timeoutms: ['totalTimeout', 'timeout'],
  retries: ['maxRetries'],
  retry: ['maxRetries'],
  backoff: ['sleepBetweenRetries'],
  retrydelay: ['sleepBetweenRetries'],
  generation: ['gen'],
  expiration: ['ttl'],
  expiry: ['ttl'],
  sendkey: ['key'],
  recordexistsaction: ['exists'],
  commit: ['commitLevel'],
  limit: ['maxRecords'],
  namespace: ['ns', 'namespace'],
  ns: ['namespace', 'ns'],
  setname: ['set'],
  indexname: ['index', 'name'],
  binname: ['bin'],
  type: ['datatype'],
  abortsignal: ['signal'],
  value: ['val'],
  txn: ['tx'],
  transaction: ['tx'],
  session: ['tx'],
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '')

/** The number of characters to insert, delete, replace or swap to turn `from` into `to`. */
function distance(from: string, to: string): number {
  let [beforeLast, last]: number[][] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let least = Math.min(
        (last?.[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last?.[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (swapped) least = Math.min(least, (beforeLast?.[column - 2] ?? 0) + 1)
      current.push(least)
    }
    ;[beforeLast, last] = [last, current]
  }
  return last?.[to.length] ?? 0
}

/** The known name that is spelled most like `name`, if one is close enough. */
function closest(name: string, known: readonly string[]): string | undefined {
  // A very long name is no slip of the keyboard, and its distances would take long to compute.
  if (name.length > 64) return undefined
  let [best, least]: [string | undefined, number] = [undefined, Math.max(1, Math.floor(name.length / 4)) + 1]
  for (const other of known) {
    const edits = distance(plain(name), plain(other))
    if (edits < least) [best, least] = [other, edits]
  }
  return best
}

/** Returns what to append to the message about an unknown option. */
export function optionHint(name: string, known: readonly string[]): string {
  const meant =
    known.find(other => plain(other) === plain(name)) ??
    (Object.hasOwn(OTHER_NAMES, plain(name))
      ? OTHER_NAMES[plain(name)]?.find(other => known.includes(other))
      : undefined) ??
    closest(name, known)
  if (meant !== undefined) return `; did you mean ${meant}?`
  const more = known.length - LISTED
  const list = known.slice(0, LISTED).join(', ')
  return `; the known options are ${list}${more > 0 ? ` and ${more} more` : ''}`
}
