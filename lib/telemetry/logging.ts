/**
 * Logging of the native side: the log levels, and the logger that receives the lines. Nothing is logged until a logger is
 * set, except with `NODE_DEBUG=aerospike-napi`. A line is filtered, formatted and queued in Rust on another thread
 * (`crate/src/telemetry/logging.rs`); this thread takes the queued lines in slices.
 */

import { AsyncResource } from 'node:async_hooks'
import { debuglog } from 'node:util'
import { LogTarget as Target } from '../catalog/boundary'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { clearTimeout, monotonicNow, setTimeout } from '../common/globals'
import { wordOption } from '../common/options'
import { createLogs, type NativeLogs } from '../native/native'
import { Reader } from '../wire/wire'

/**
 * A log level. Each level includes those before it.
 *
 * - `off`: no lines.
 * - `error`: internal errors, such as a caught panic.
 * - `warn`: nodes that do not answer, failed connects, clients that were not closed.
 * - `info`: connects and closes, seeds, nodes that restarted.
 * - `debug`: failed commands and attempts, nodes that join and leave.
 * - `trace`: reads of missing records, complete responses to info commands.
 */
export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/**
 * The subject of a line.
 *
 * - `cluster`: nodes, seeds, tends and connections.
 * - `batch`: batches.
 * - `command`: all other commands.
 * - `aerospike_napi`: this package.
 */
export type LogTarget = 'aerospike_napi' | 'cluster' | 'batch' | 'command'

/** A log line, as passed to a logger that is a function. */
export interface LogLine {
  /** Level of the line. */
  readonly level: Exclude<LogLevel, 'off'>
  /** Subject of the line. */
  readonly target: LogTarget
  /** Rust module that logged the line, such as `aerospike_core::cluster::node`. */
  readonly module: string
  /** Text of the line. */
  readonly message: string
  /** Time when the line was logged, in ms since 1970. Lines may wait for this thread before they are delivered. */
  readonly time: number
}

type LogMethod = (...args: never[]) => unknown

/**
 * A logger: that of pino, Fastify or winston, `console`, or any object with these methods. Without `trace`, trace lines go
 * to `debug`.
 *
 * A logger like pino's (it has `bindings`) is called with `({ target, module, loggedAt }, message)`: it writes its own `time`,
 * which is the time of the call. A logger like winston's (it has `child` and `log`) is called with
 * `(message, { target, module, time })`. All others are called with one string that starts with the target.
 */
export interface Logger {
  /** Logs a line of level `error`. */
  error: LogMethod
  /** Logs a line of level `warn`. */
  warn: LogMethod
  /** Logs a line of level `info`. */
  info: LogMethod
  /** Logs a line of level `debug`. */
  debug: LogMethod
  /** Logs a line of level `trace`. Default: `debug`. */
  trace?: LogMethod | undefined
}

/** The logger names of aerospike-py, which `setLogLevel` accepts as targets; `aerospike_core` stands for all three. */
export type CoreLogTarget = 'aerospike_core' | `aerospike_core::${Exclude<LogTarget, 'aerospike_napi'>}`

const LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const
const TARGET_NUMBERS: { readonly [target in LogTarget]: number } = {
  aerospike_napi: Target.NAPI,
  cluster: Target.CLUSTER,
  batch: Target.BATCH,
  command: Target.COMMAND,
}
/** The targets, each at the index that is its number. */
const TARGETS = (Object.keys(TARGET_NUMBERS) as LogTarget[]).sort((a, b) => TARGET_NUMBERS[a] - TARGET_NUMBERS[b])
const METHODS = ['error', 'warn', 'info', 'debug'] as const

const levelOption = wordOption(Object.fromEntries(LEVELS.map((level, number) => [level, number])))
const targetOption = wordOption(TARGET_NUMBERS)

const CORE_TARGETS: Readonly<Record<CoreLogTarget, readonly LogTarget[]>> = {
  aerospike_core: ['cluster', 'batch', 'command'],
  'aerospike_core::cluster': ['cluster'],
  'aerospike_core::batch': ['batch'],
  'aerospike_core::command': ['command'],
}

/** Returns the numbers of the targets that `setLogLevel` applies to. */
function targetsOf(target: unknown): number[] {
  const names = Object.hasOwn(CORE_TARGETS, target as string) ? CORE_TARGETS[target as CoreLogTarget] : [target]
  return names.map(name => targetOption(name, 'target'))
}

/** The number of lines taken from the native side at a time. */
const TAKE_LINES = 256
/** The maximum time in ms spent on logging before the event loop gets a turn. */
const TURN_MS = 4

/** The maximum time in ms spent on logging when the process exits. */
const EXIT_MS = 1000

const INFO = levelOption('info', 'level')
const DEBUG = levelOption('debug', 'level')

type Tell = (line: LogLine) => unknown

/** Returns a line as one string, for loggers that take only a string. */
function textOf({ target, message }: LogLine): string {
  return target === 'aerospike_napi' ? `aerospike-napi: ${message}` : `aerospike-napi ${target}: ${message}`
}

/** Returns a function that calls a logger according to its kind. It looks methods up for each line: loggers replace theirs. */
function tellerOf(logger: unknown): Tell {
  if (typeof logger === 'function') return logger as Tell
  if (typeof logger !== 'object' || logger === null) {
    throw invalidArgument(`logger: an object with error, warn, info and debug is needed, not ${describe(logger)}`)
  }
  const methods = logger as { [name: string]: ((...args: unknown[]) => unknown) | undefined }
  for (const name of METHODS) {
    if (typeof methods[name] !== 'function') {
      throw invalidArgument(`logger.${name}: a function is needed, not ${describe(methods[name])}`)
    }
  }
  if (methods.trace !== undefined && typeof methods.trace !== 'function') {
    throw invalidArgument(`logger.trace: a function is needed, not ${describe(methods.trace)}`)
  }
  const call = (level: string, ...args: unknown[]): unknown => {
    const name = level === 'trace' && methods.trace === undefined ? 'debug' : level
    return methods[name]?.(...args)
  }
  if (typeof methods.bindings === 'function') {
    // pino writes its own `time`. A second one in the same line would make the line invalid for some readers.
    return ({ level, target, module, time, message }) => call(level, { target, module, loggedAt: time }, message)
  }
  if (typeof methods.child === 'function' && typeof methods.log === 'function') {
    return ({ level, target, module, time, message }) => call(level, message, { target, module, time })
  }
  return line => call(line.level, textOf(line))
}

class Logging {
  readonly #debug = debuglog('aerospike-napi')
  readonly #levels: number[] = TARGETS.map(() => (this.#debug.enabled ? DEBUG : INFO))
  #native: NativeLogs | undefined
  #tell: Tell | undefined
  #resource: AsyncResource | undefined
  /** Lines that were taken but not yet delivered. */
  #lines: LogLine[] = []
  #timer: NodeJS.Timeout | undefined
  #complained = false
  /** True while a logger runs: client calls made by a logger are not logged. */
  running = false

  constructor() {
    if (this.#debug.enabled) this.#listen()
  }

  setLevel(level: number, targets?: readonly number[]): void {
    if (targets === undefined) this.#levels.fill(level)
    else for (const target of targets) this.#levels[target] = level
    this.#apply()
  }

  setLogger(logger: unknown): void {
    const tell = logger === null ? undefined : tellerOf(logger)
    this.#tell = tell
    this.#resource = tell && new AsyncResource('AEROSPIKELOGGER')
    this.#complained = false
    if (tell !== undefined) this.#listen()
    else if (!this.#debug.enabled) this.#stopListening()
    this.#apply()
  }

  #listen(): void {
    if (this.#native !== undefined) return
    this.#native = createLogs(() => this.#later())
    process.once('exit', this.#onExit)
    this.#apply()
  }

  readonly #onExit = (): void => {
    this.#drain(EXIT_MS)
  }

  /** Stops logging on the native side, and releases its references to this thread. */
  #stopListening(): void {
    this.#native?.close()
    this.#native = undefined
    this.#lines = []
    clearTimeout(this.#timer)
    this.#timer = undefined
    process.off('exit', this.#onExit)
  }

  #apply(): void {
    const heard = this.#tell !== undefined || this.#debug.enabled
    const [napi = 0, cluster = 0, batch = 0, command = 0] = heard ? this.#levels : []
    this.#native?.setLevels(napi, cluster, batch, command)
  }

  /**
   * Delivers the waiting lines after the event loop has had a turn. A timer is used because it can be unreferenced, so that
   * the process is free to exit, and because a wake-up may be one of many without a turn of the loop in between.
   */
  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#drain(TURN_MS)) this.#later()
    }, 1).unref()
  }

  /** Delivers waiting lines for about `patience` ms. Returns whether lines are still waiting. */
  #drain(patience: number): boolean {
    if (this.running) return false
    const start = monotonicNow()
    for (let waiting = true; waiting; ) {
      if (this.#lines.length === 0) waiting = this.#take()
      for (let told = 0; told < this.#lines.length; ) {
        this.#deliver(this.#lines[told++] as LogLine)
        if (monotonicNow() - start > patience) {
          this.#lines.splice(0, told)
          return true
        }
      }
      this.#lines = []
    }
    return false
  }

  /** Takes lines from the native side. Returns whether more are waiting. */
  #take(): boolean {
    if (this.#native === undefined) return false
    const reader = new Reader(Buffer.from(this.#native.take(TAKE_LINES)))
    const waiting = reader.u32()
    while (reader.at < reader.buffer.length) {
      const level = LEVELS[reader.u8()] as LogLine['level']
      const target = TARGETS[reader.u8()] as LogTarget
      const time = reader.f64()
      this.#lines.push({ level, target, module: reader.text(), message: reader.text(), time })
    }
    return waiting > 0
  }

  #deliver(line: LogLine): void {
    if (this.#debug.enabled) this.#debug('%s %s: %s', line.target, line.level, line.message)
    const tell = this.#tell
    if (tell === undefined) return
    this.running = true
    try {
      const told = this.#resource?.runInAsyncScope(tell, undefined, line)
      if (typeof (told as PromiseLike<unknown> | undefined)?.then === 'function') {
        Promise.resolve(told as PromiseLike<unknown>).catch((error: unknown) => this.#complain(error))
      }
    } catch (error) {
      this.#complain(error)
    } finally {
      this.running = false
    }
  }

  /** Reports an error of the logger once, as a process warning. */
  #complain(error: unknown): void {
    if (this.#complained) return
    this.#complained = true
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.emitWarning(`The logger given to setLogger has failed; its further errors are not reported. ${reason}`, {
      type: 'AerospikeWarning',
      code: 'AEROSPIKE_LOGGER_FAILED',
    })
  }
}

const logging = new Logging()

/** Whether the running code was called from a logger. */
export function inLogger(): boolean {
  return logging.running
}

/**
 * Sets the log level of one target, or of all. The default is `info`, or `debug` with `NODE_DEBUG=aerospike-napi`. Lines are
 * filtered before they reach JavaScript, so a disabled level costs nothing. Each worker has its own levels.
 *
 * @param level - the new level
 * @param target - the target whose level changes. Default: all targets
 * @throws InvalidArgError if the level or the target is unknown
 * @example
 * ```ts
 * setLogLevel('debug', 'cluster')
 * ```
 */
export function setLogLevel(level: LogLevel, target?: LogTarget | CoreLogTarget): void {
  const number = levelOption(level, 'level')
  logging.setLevel(number, target === undefined ? undefined : targetsOf(target))
}

/**
 * Sets the logger of this thread; `null`, the default, removes it. The logger receives the lines of all clients of the
 * process, in the order in which they were logged; a line does not identify its client. Lines are delivered with a short
 * delay, between other work, and never keep the process alive. If 10,000 lines are waiting, further lines are dropped, and a
 * line reports how many.
 *
 * The logger runs in the asynchronous context of this call. If it throws or rejects, a process warning reports it once.
 * Client calls that the logger makes while it runs are not logged.
 *
 * @param logger - an object with log methods, a function that receives each line, or null
 * @throws InvalidArgError if the logger lacks a method
 * @example
 * ```ts
 * setLogger(console)
 * setLogger(line => process.stderr.write(`${line.level} ${line.message}\n`))
 * ```
 */
export function setLogger(logger: Logger | ((line: LogLine) => unknown) | null): void {
  logging.setLogger(logger)
}
