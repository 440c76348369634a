/**
 * Log lines of the native side: which are heard, and the logger that they go to. Silent until a logger is set. A line is
 * checked, formatted and queued in Rust, off this thread (`crate/src/logging.rs`); what waits is taken here in turns.
 */
import { AsyncResource } from 'node:async_hooks'
import { debuglog } from 'node:util'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { clearTimeout, monotonicNow, setTimeout } from '../common/globals'
import { wordOption } from '../common/options'
import { createLogs, type NativeLogs } from '../native/native'
import { Reader } from '../wire/wire'

/** How much is told: each level includes those before it. */
export type LogLevel = 'off' | 'error' | 'warn' | 'info' | 'debug' | 'trace'

/**
 * What a line is about: `cluster` (nodes, seeds, tends, connections), `batch`, `command` (all other commands), or this package.
 */
export type LogTarget = 'aerospike_napi' | 'cluster' | 'batch' | 'command'

/** A line, as a logger that is a function gets it. */
export interface LogLine {
  readonly level: Exclude<LogLevel, 'off'>
  readonly target: LogTarget
  /** The Rust module that has logged it, such as `aerospike_core::cluster::node`. */
  readonly module: string
  readonly message: string
  /** When it was logged, in ms since 1970. Lines may wait a while for this thread. */
  readonly time: number
}

type LogMethod = (...args: never[]) => unknown

/**
 * A logger: pino's, Fastify's, winston's, `console`, or any object with these methods. Without `trace`, traces go to `debug`.
 *
 * A logger like pino's (it has `bindings`) is called with `({ target, module, loggedAt }, message)`, as its own `time` is when it is
 * called; one like winston's (it has `child` and `log`) with `(message, { target, module, time })`; all others with one text that
 * begins with the target.
 */
export interface Logger {
  error: LogMethod
  warn: LogMethod
  info: LogMethod
  debug: LogMethod
  trace?: LogMethod
}

/** aerospike-py's names of loggers, which `setLogLevel` takes as targets; `aerospike_core` is all three. */
export type CoreLogTarget = 'aerospike_core' | `aerospike_core::${Exclude<LogTarget, 'aerospike_napi'>}`

const LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const
const TARGETS: readonly LogTarget[] = ['aerospike_napi', 'cluster', 'batch', 'command']
const METHODS = ['error', 'warn', 'info', 'debug'] as const

const levelOption = wordOption(Object.fromEntries(LEVELS.map((level, number) => [level, number])))
const targetOption = wordOption(Object.fromEntries(TARGETS.map((target, number) => [target, number])))

const CORE_TARGETS: Readonly<Record<CoreLogTarget, readonly LogTarget[]>> = {
  aerospike_core: ['cluster', 'batch', 'command'],
  'aerospike_core::cluster': ['cluster'],
  'aerospike_core::batch': ['batch'],
  'aerospike_core::command': ['command'],
}

/** The numbers of what `setLogLevel` is about. */
function targetsOf(target: unknown): number[] {
  const names = Object.hasOwn(CORE_TARGETS, target as string) ? CORE_TARGETS[target as CoreLogTarget] : [target]
  return names.map(name => targetOption(name, 'target'))
}

/** Lines taken at a time. */
const TAKE_LINES = 256
/** ms of logging before the event loop gets its turn. */
const TURN_MS = 4

/** ms of logging at the process's end. */
const EXIT_MS = 1000

const INFO = levelOption('info', 'level')
const DEBUG = levelOption('debug', 'level')

type Tell = (line: LogLine) => unknown

/** The text of a line where there is nothing but a text. */
function textOf({ target, message }: LogLine): string {
  return target === 'aerospike_napi' ? `aerospike-napi: ${message}` : `aerospike-napi ${target}: ${message}`
}

/** What calls a logger in the manner of its kind. Methods are looked up at each line: loggers replace theirs. */
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
    // pino writes a time of its own: a line with two would not be valid for everyone who reads it.
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
  /** Taken and not told yet. */
  #lines: LogLine[] = []
  #timer: NodeJS.Timeout | undefined
  #complained = false
  /** A logger runs: what it asks a client for makes no lines. */
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

  /** The native side hears nothing and keeps nothing of ours any more. */
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
   * Tells what waits once the event loop has had its turn. By a timer, for that can leave the process free to end; a wake
   * may be one of many that come without a turn between them.
   */
  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#drain(TURN_MS)) this.#later()
    }, 1).unref()
  }

  /** Tells what waits, for about `patience` ms. Whether something still waits. */
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

  /** Takes lines over; whether more wait. */
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

  /** A logger's own error is told once, and not by the logger. */
  #complain(error: unknown): void {
    if (this.#complained) return
    this.#complained = true
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    process.emitWarning(`The logger given to setLogger has failed; its further errors are not told. ${reason}`, {
      type: 'AerospikeWarning',
      code: 'AEROSPIKE_LOGGER_FAILED',
    })
  }
}

const logging = new Logging()

/** Whether the running code was called by a logger. */
export function inLogger(): boolean {
  return logging.running
}

/**
 * Sets how much the logger is told, of one target or of all. `info` at first, `debug` with `NODE_DEBUG=aerospike-napi`. It is filtered
 * before anything crosses to JavaScript: a level that nobody asks for costs nothing. Each worker has its own levels.
 * @throws InvalidArgError for a level or target that is none
 */
export function setLogLevel(level: LogLevel, target?: LogTarget | CoreLogTarget): void {
  const number = levelOption(level, 'level')
  logging.setLevel(number, target === undefined ? undefined : targetsOf(target))
}

/**
 * Sets the logger of this thread, or none by `null`, which is the default. Lines come in the order in which they were logged,
 * those of all clients of the process: which client a line is about is not known. They come a moment later, between other
 * work, and never keep the process alive. Of a flood, what is beyond 10,000 waiting lines is dropped, and a line tells how many.
 *
 * The logger runs in the asynchronous context of this call. When it throws or rejects, a process warning says so once. What it asks a
 * client for while it runs makes no lines.
 * @throws InvalidArgError for a logger that lacks a method
 */
export function setLogger(logger: Logger | ((line: LogLine) => unknown) | null): void {
  logging.setLogger(logger)
}
