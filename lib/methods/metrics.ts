/**
 * Metrics of the process: counted by the native side, whichever thread's clients they are of.
 */

import { completion } from '../boundary/completion'
import { Outbox } from '../boundary/request-block'
import { type MetricsServer, startServer, stopServer } from '../commands/metrics'
import { invalidArgument } from '../common/errors'
import { booleanOption, integerOption, optionsObject, stringOption, unknownOption } from '../common/options'
import { enableMetrics, metricsText } from '../native/native'
import { flushStages, profileStages } from '../telemetry/stage-profile'

/** What is counted beside operations and connections. */
export interface MetricsOptions {
  /**
   * Retries, failed attempts and bytes of each node, which every command is counted for once more. It costs each command
   * about half a microsecond. Default false.
   */
  details?: boolean
  /** The parts of a call's way, as `aerospike_client_stage_duration_seconds`: to find out where time goes. Default false. */
  stages?: boolean
}

/** Where the metrics server is to listen. */
export interface MetricsServerOptions {
  /** Port; 0 for any that is free. Default 9464. */
  port?: number
  /** Address or name of an interface; `'0.0.0.0'` for all of them. Default `'127.0.0.1'`. */
  host?: string
}

/**
 * All metrics in Prometheus' text format (`text/plain; version=0.0.4`): of the whole process, all clients and worker threads.
 *
 * `docs/metrics.md` tells of each.
 */
export function getMetrics(): string {
  flushStages()
  return metricsText()
}

/**
 * Counts operations, or does so no more. They are counted unless this says otherwise, in the whole process. What was
 * counted so far stays; connections and nodes are told of either way.
 * @throws InvalidArgError when it is not true or false, or for an option that is unknown or wrong
 */
export function setMetricsEnabled(enabled: boolean, options: MetricsOptions = {}): void {
  booleanOption(enabled, 'setMetricsEnabled: enabled')
  const given = optionsObject(options, 'setMetricsEnabled')
  const known = ['details', 'stages']
  for (const name of Object.keys(given)) if (!known.includes(name)) unknownOption(name, 'setMetricsEnabled', known)
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
  for (const name of Object.keys(given)) if (!known.includes(name)) unknownOption(name, 'startMetricsServer', known)
  const { port = 9464, host = '127.0.0.1' } = given
  stringOption(host, 'startMetricsServer: host')
  if ((host as string).includes('\0'))
    throw invalidArgument('startMetricsServer: host: a name without a null character is needed')
  return { port: integerOption(0, 65_535)(port, 'startMetricsServer: port'), host: host as string }
}

const NOBODY = { timeouts: { read: 0, write: 0, batch: 0, admin: 0, query: 0 }, int64: 'auto', maps: 'auto' } as const

/**
 * Serves the metrics at `/metrics`, from a native thread: a busy event loop does not keep it from answering, and it does not
 * keep the process alive. The process has one such server; started again with the same options, also by another worker
 * thread, it gives where it listens, and ends when each thread that has started it has stopped it or is gone.
 * @param options - where it listens; a number is the port
 * @throws InvalidArgError for an option that is unknown or wrong; ClientError when it cannot listen there, or listens
 *   elsewhere already
 */
export async function startMetricsServer(options?: MetricsServerOptions | number): Promise<MetricsServer> {
  const { port, host } = serverOptions(options)
  return completion.call(new Outbox(0), NOBODY, startServer, [host, port])
}

/** Stops that server: requests under way are answered, and the port is free afterwards. Without one it does nothing. */
export function stopMetricsServer(): Promise<void> {
  return completion.call(new Outbox(0), NOBODY, stopServer, [])
}
