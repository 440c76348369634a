/**
 * The metrics server.
 */
import { define, nothing } from './define'

/** Where the metrics server listens. */
export interface MetricsServer {
  readonly host: string
  readonly port: number
  /** Where Prometheus finds the metrics. */
  readonly url: string
}

/** Starts the server, or finds out where it listens. */
export const startServer = define({
  name: 'startMetricsServer',
  id: 65,
  kind: 'admin',
  policy: 2,
  quiet: true,
  encode: (writer, [host, port]: readonly [string, number]) => {
    writer.text(host)
    writer.u16(port)
  },
  decode: ({ reader }): MetricsServer => {
    const host = reader.text()
    const port = reader.u16()
    return { host, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}/metrics` }
  },
})

/** Stops it. */
export const stopServer = define({
  name: 'stopMetricsServer',
  id: 66,
  kind: 'admin',
  policy: 0,
  quiet: true,
  encode: (_writer, _args: readonly []) => undefined,
  decode: nothing,
})
