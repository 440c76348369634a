/**
 * Loads the platform binary, checks its version and types its exports. No other module accesses the addon.
 */

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { VERSION } from '../common/version'
import { type Attempts, fromPackage, ownPaths } from './locate'
import type * as Binding from './native-binding'
import { platformTarget } from './platform'

export type NativeLogs = Binding.NativeLogs
export type NativeSession = Binding.NativeSession
export type NativeFamily = Binding.NativeFamily
export type NativePoint = Binding.NativePoint
export type NativeClientStats = Binding.NativeClientStats
export type NativeNodeStats = Binding.NativeNodeStats
type Native = typeof Binding

/** Platforms with a binary, for messages. */
const PLATFORMS = 'Linux (x64, arm64; glibc, musl), macOS (x64, arm64) and Windows (x64, arm64)'

/** Loads the binary: a file that was built or copied next to this code, or else that of the platform's package. */
function find(name: string, attempts: Attempts): Native | undefined {
  const file = `aerospike-napi.${name}.node`
  for (const path of ownPaths(file)) {
    if (existsSync(path)) return createRequire(path)(path) as Native
    attempts.push(path)
  }
  return fromPackage(`aerospike-napi-${name}`, attempts, (require, id) => require(id) as Native)
}

function load(): Native {
  const name = platformTarget()
  const attempts: Attempts = []
  let native: Native | undefined
  try {
    native = find(name, attempts)
  } catch (cause) {
    // The loader's message names the file.
    throw new Error(
      `The binary of aerospike-napi for ${name} cannot be loaded: ${(cause as Error).message}. It is damaged, or one of ` +
        'another platform: remove node_modules, and install the package on the platform that runs it',
      { cause },
    )
  }
  if (native === undefined) {
    throw new Error(
      `No binary of aerospike-napi was found for ${name}. Looked for ${attempts.reverse().join(', ')}. There are binaries ` +
        `for ${PLATFORMS}: install the package on the platform that runs it, without --omit=optional. If a bundler ` +
        'includes aerospike-napi, set it to external: aerospike-napi',
    )
  }
  if (native.version() !== VERSION) {
    throw new Error(
      `aerospike-napi ${VERSION} found a binary of version ${native.version()}; install both of one version`,
    )
  }
  return native
}

const native = load()

/** Creates the session of this evaluation of the package. It is not open yet. */
export function createSession(): NativeSession {
  return new native.NativeSession()
}

/** Returns all metrics of the process in the text format of Prometheus. */
export function metricsText(): string {
  return native.metricsText()
}

/** Returns all metrics of the process as objects, to pass them to other libraries. */
export function metricFamilies(): NativeFamily[] {
  return native.metricFamilies()
}

/** Turns metrics on or off for the whole process. */
export function enableMetrics(on: boolean, details: boolean, stages: boolean): void {
  native.enableMetrics(on, details, stages)
}

/** Records measurements of this thread: pairs of a stage number and nanoseconds. */
export function recordStages(measured: Float64Array): void {
  native.recordStages(measured)
}

/** Returns the counts of spans by outcome. */
export function spanCounts(): Binding.SpanCounts {
  return native.spanCounts()
}

/** Computes the 20-byte digest of a key that `lib/values/key.ts` has written. */
export function digest(key: Uint8Array): ArrayBuffer {
  return native.digest(key)
}

/** Creates the log queue of this environment; `wake` is called when lines are waiting. */
export function createLogs(wake: () => void): NativeLogs {
  return new native.NativeLogs(wake)
}
