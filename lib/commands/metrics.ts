/**
 * Commands that start and stop the metrics server.
 */
import { addressOf } from '../common/address'
import { define, nothing } from './define'

/** The address of the metrics server. */
export interface MetricsServer {
  /** The address that the server listens on. */
  readonly host: string
  /** The port that the server listens on. */
  readonly port: number
  /** URL of the metrics, for Prometheus. */
  readonly url: string
}

/** Starts the metrics server, or returns the address of the running one. */
export const startServer = define({
  name: 'startMetricsServer',
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
    return { host, port, url: `http://${addressOf(host, port)}/metrics` }
  },
})

/** Stops the metrics server. */
export const stopServer = define({
  name: 'stopMetricsServer',
  kind: 'admin',
  policy: 0,
  quiet: true,
  encode: (_writer, _args: readonly []) => undefined,
  decode: nothing,
})
