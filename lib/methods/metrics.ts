/**
 * Metrics of the process. The native side counts them, whichever thread's clients they come from.
 */

import { completion } from '../boundary/completion'
import { NO_CLIENT } from '../boundary/context'
import { RequestBlock } from '../boundary/request-block'
import { type MetricsServer, startServer, stopServer } from '../commands/metrics'
import { invalidArgument } from '../common/errors'
import { booleanOption, checkOptions, integerOption, optionsObject, stringOption } from '../common/options'
import { enableMetrics, metricsText } from '../native/native'
import { flushStages, profileStages } from '../telemetry/stage-profile'

/** What to count in addition to operations and connections. */
export interface MetricsOptions {
  /**
   * Count retries, failed attempts and bytes per node, which updates more counters for each command. This costs each
   * command about a microsecond of CPU time. Default false.
   */
  details?: boolean | undefined
  /**
   * Measure the stages of each call, as `aerospike_client_stage_duration_seconds`, to find out where time is spent.
   * Default false.
   */
  stages?: boolean | undefined
}

/** Where the metrics server listens. */
export interface MetricsServerOptions {
  /** Port; 0 for any free port. Default 9464. */
  port?: number | undefined
  /** Address or host name of an interface; `'0.0.0.0'` for all interfaces. Default `'127.0.0.1'`. */
  host?: string | undefined
}

/**
 * Returns all metrics of the process, over all clients and worker threads, in the Prometheus text format. Serve it with
 * the content type `text/plain; version=0.0.4`. `docs/metrics.md` describes each metric.
 *
 * @returns the text of the metrics
 * @example
 * ```ts
 * console.log(getMetrics())
 * ```
 */
export function getMetrics(): string {
  flushStages()
  return metricsText()
}

/**
 * Starts or stops counting operations in the whole process. Counting is on by default. What was counted before is kept;
 * connections and nodes are reported in either case.
 *
 * @param enabled - whether to count
 * @param options - what to count in addition: `details`, `stages`. Default: neither
 * @throws InvalidArgError if `enabled` is not a boolean, or if an option is unknown or invalid
 * @example
 * ```ts
 * setMetricsEnabled(true, { details: true })
 * ```
 */
export function setMetricsEnabled(enabled: boolean, options: MetricsOptions = {}): void {
  booleanOption(enabled, 'setMetricsEnabled: enabled')
  const given = optionsObject(options, 'setMetricsEnabled')
  const known = ['details', 'stages']
  checkOptions(given, 'setMetricsEnabled', known)
  const option = (name: string): boolean =>
    given[name] !== undefined && booleanOption(given[name], `setMetricsEnabled: ${name}`) === 1
  const stages = option('stages')
  enableMetrics(enabled, option('details'), stages)
  profileStages(enabled && stages)
}

function serverOptions(options: MetricsServerOptions | number | undefined): { port: number; host: string } {
  const named = typeof options === 'number' ? { port: options } : options
  const given = named === undefined ? {} : optionsObject(named, 'startMetricsServer')
  const known = ['port', 'host']
  checkOptions(given, 'startMetricsServer', known)
  const { port = 9464, host = '127.0.0.1' } = given
  stringOption(host, 'startMetricsServer: host')
  if ((host as string).includes('\0'))
    throw invalidArgument('startMetricsServer: host: a name without a null character is needed')
  return { port: integerOption(0, 65_535)(port, 'startMetricsServer: port'), host: host as string }
}

/**
 * Serves the metrics over HTTP at `/metrics`, from a native thread: it answers even while the event loop is busy, and
 * does not keep the process alive.
 *
 * The process has one such server. A second start with the same options, also from another worker thread, returns the
 * address of the running server. The server ends when each thread that started it has stopped it or has exited.
 *
 * @param options - where to listen; a number is the port
 * @returns the address at which it listens
 * @throws InvalidArgError if an option is unknown or invalid; ClientError if it cannot listen there, or already listens
 *   at another address
 * @example
 * ```ts
 * const server = await startMetricsServer({ port: 9464 })
 * ```
 */
export async function startMetricsServer(options?: MetricsServerOptions | number): Promise<MetricsServer> {
  const { port, host } = serverOptions(options)
  return completion.call(new RequestBlock(0), NO_CLIENT, startServer, [host, port])
}

/**
 * Stops the metrics server for this thread. Requests in progress are answered, and the port is free afterwards unless
 * another thread still uses the server. Does nothing if no server runs.
 *
 * @returns when the server has stopped
 */
export function stopMetricsServer(): Promise<void> {
  return completion.call(new RequestBlock(0), NO_CLIENT, stopServer, [])
}
