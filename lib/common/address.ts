/**
 * Addresses as text.
 */

/** Returns a host as it stands before a port: an IPv6 address is in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** Returns `host:port`. */
export function addressOf(host: string, port: number): string {
  return `${bracketed(host)}:${port}`
}
