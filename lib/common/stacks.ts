/**
 * Stack traces of errors. They begin with the code that called this package rather than with the package's own functions,
 * which would fill the ten frames that the runtime keeps.
 */
import { monotonicNow } from './globals'

/** The number of frames to capture in addition to the runtime's limit, for frames of this package that are removed. */
const OWN_FRAMES = 24
/** Period in milliseconds, and the number of errors of commands in it that have a stack. */
const PERIOD_MS = 10
const MAX_STACKS = 100
/** The text before each frame. */
const FRAME = '\n    at '
/**
 * The path of this module as it ends the first frame of a stack that is captured here: in the sources, and in the file that
 * scripts/bundle.mjs puts it into.
 */
const THIS_MODULE = /(?:^|[\s(])(?<folder>[^\s(][^(]*[\\/])(?:common[\\/]stacks\.\w+|aerospike-napi\.js):\d+:\d+\)?$/

let folder: string | undefined

/**
 * The folder of the package's code as it appears in frames; undefined in a bundle, which has the code of its users, too.
 * Determined at the first use: the runtime reads a whole file to find the lines of its frames.
 */
function ownFolder(): string | undefined {
  folder ??= THIS_MODULE.exec(framesOf(new Error('stack'))[0] ?? '')?.groups?.folder
  return folder
}

/** Frames of the runtime, such as `Array.map (<anonymous>)`, which can stand between those of this package. */
const RUNTIME = /\bnode:|<anonymous>|\(index \d+\)|\bnative\b/

function framesOf(error: { readonly stack?: unknown }): string[] {
  const { stack } = error
  // A hook of the application (`Error.prepareStackTrace`) can return anything.
  return typeof stack === 'string' ? stack.split(FRAME).slice(1) : []
}

/**
 * Sets the number of frames that the runtime keeps. Returns the former number, or undefined if that is 0 or cannot be changed.
 * It does not read the property's descriptor, which would take as long as creating an error without a stack.
 */
function setLimit(frames: (limit: number) => number): number | undefined {
  const limit = Error.stackTraceLimit
  if (typeof limit !== 'number' || limit <= 0) return undefined
  const changed = frames(limit)
  try {
    Error.stackTraceLimit = changed
  } catch {
    // Read-only, in strict code.
  }
  return Error.stackTraceLimit === changed ? limit : undefined
}

const noFrames = (): number => 0
const moreFrames = (limit: number): number => limit + OWN_FRAMES

/** Runs `capture` with room for the frames of this package. */
function withRoom<T>(capture: () => T): T {
  const limit = setLimit(moreFrames)
  if (limit === undefined) return capture()
  try {
    return capture()
  } finally {
    Error.stackTraceLimit = limit
  }
}

let periodStart = 0
let captured = 0

/**
 * Switches stacks off for the next error of a command if many have just failed. Capturing a stack costs more than everything
 * else that a failed call does, so in a storm of errors, such as an abort of 50,000 calls, only the first ones have frames: at
 * most MAX_STACKS in PERIOD_MS. Returns the limit to restore with `restoreStacks`. A pair of functions, because a function
 * that creates the error would add a frame to its stack.
 */
export function limitStacks(): number | undefined {
  const now = monotonicNow()
  if (now - periodStart > PERIOD_MS) {
    periodStart = now
    captured = 0
  }
  captured++
  if (captured <= MAX_STACKS) return undefined
  return setLimit(noFrames)
}

/** Ends `limitStacks`. */
export function restoreStacks(limit: number | undefined): void {
  if (limit !== undefined) Error.stackTraceLimit = limit
}

/** Removes the leading frames of this package, and everything beyond the runtime's limit. */
function callersFrames(frames: readonly string[]): readonly string[] {
  const own = ownFolder()
  const isOwn = (frame: string): boolean => own !== undefined && frame.includes(own)
  const first = isOwn(frames[0] ?? '') ? frames.findIndex(frame => !isOwn(frame) && !RUNTIME.test(frame)) : 0
  return frames.slice(Math.max(first, 0)).slice(0, Error.stackTraceLimit)
}

function setFrames(error: Error, frames: readonly string[]): void {
  if (frames.length > 0) error.stack = [String(error), ...frames].join(FRAME)
}

/** Creates an error whose stack begins with the code that called this package. For errors of rare calls only. */
export function madeForCaller<E extends Error>(create: () => E): E {
  const error = withRoom(create)
  setFrames(error, callersFrames(framesOf(error)))
  return error
}

/**
 * Lets the stack of an error begin with the caller of `entry`, which is running. If `entry` is the reaction of a promise,
 * that is the code that awaits the promise. If there is no caller, the stack remains unchanged.
 */
export function startAtCaller(error: unknown, entry: (...args: never[]) => unknown): void {
  if (!(error instanceof Error)) return
  const place: { stack?: unknown } = {}
  Error.captureStackTrace(place, entry)
  setFrames(error, framesOf(place))
}

/** Lets the stack of an error that was thrown in this package begin with the code that called it. Returns the error. */
export function startOutside<E>(error: E): E {
  const own = ownFolder()
  if (!(error instanceof Error) || own === undefined) return error
  const frames = framesOf(error)
  if (frames[0]?.includes(own) === true) setFrames(error, callersFrames(frames))
  return error
}

/** The stack of a call, captured when it began: the errors of what it started are located there. */
export class Caller {
  readonly stack: unknown
  #frames: readonly string[] | undefined

  constructor() {
    withRoom(() => Error.captureStackTrace(this, Caller))
  }

  /** Lets the stack of an error begin with this call. Returns the error. */
  locate<E>(error: E): E {
    this.#frames ??= callersFrames(framesOf(this))
    if (error instanceof Error) setFrames(error, this.#frames)
    return error
  }
}

type Method = (this: unknown, ...args: unknown[]) => unknown

/** Replaces the methods of a class. */
function wrapMethods(Class: { readonly prototype: object }, wrap: (method: Method) => Method): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Class.prototype))) {
    if (typeof value !== 'function' || name === 'constructor' || isGenerator(value)) continue
    const call = wrap(value as Method)
    for (const property of ['name', 'length'] as const) {
      Object.defineProperty(call, property, { value: (value as Method)[property], configurable: true })
    }
    Object.defineProperty(Class.prototype, name, { value: call, writable: true, enumerable: false, configurable: true })
  }
}

/**
 * Lets the errors of the methods of a class, thrown or rejected, have the stack of their call. It costs each call a few
 * microseconds, so it is not for the commands of single records or for methods that are called for each row.
 */
export function locateErrors(Class: { readonly prototype: object }): void {
  wrapMethods(Class, located)
}

/**
 * Lets the errors of the methods of a class begin with the code that called or awaits them. For methods that call other
 * methods of this package: their errors already have the caller, behind frames of the package. It costs a call little
 * unless it fails.
 */
export function hideOwnFrames(Class: { readonly prototype: object }): void {
  wrapMethods(Class, withoutOwnFrames)
}

function isGenerator(method: object): boolean {
  return Object.prototype.toString.call(method).endsWith('GeneratorFunction]')
}

function located(method: Method): Method {
  return function (...args) {
    const caller = new Caller()
    try {
      const result = method.apply(this, args)
      if (!(result instanceof Promise)) return result
      return result.then(undefined, (error: unknown) => {
        throw caller.locate(error)
      })
    } catch (error) {
      throw caller.locate(error)
    }
  }
}

function rethrowOutside(error: unknown): never {
  throw startOutside(error)
}

function withoutOwnFrames(method: Method): Method {
  return function (...args) {
    try {
      const result = method.apply(this, args)
      return result instanceof Promise ? result.then(undefined, rethrowOutside) : result
    } catch (error) {
      throw startOutside(error)
    }
  }
}
