/**
 * Loads the platform binary, checks its version and types its exports. No other module accesses the addon.
 */

import { VERSION } from '../common/version'
import type * as Binding from './native-binding'
import { platformTarget } from './platform'

export type NativeLogs = Binding.NativeLogs
export type NativeSession = Binding.NativeSession
export type NativeFamily = Binding.NativeFamily
export type NativePoint = Binding.NativePoint
export type NativeClientStats = Binding.NativeClientStats
export type NativeNodeStats = Binding.NativeNodeStats
type Native = typeof Binding

/**
 * Loads the binary of a target. Bundlers follow only literal calls of `require`, so each binary is listed twice: as a file
 * built next to the package, and as a package of its own.
 */
function requireBinary(name: string): Native {
  switch (name) {
    case 'linux-x64-gnu':
      return first(
        () => require('../../aerospike-napi.linux-x64-gnu.node'),
        () => require('aerospike-napi-linux-x64-gnu'),
      )
    case 'linux-arm64-gnu':
      return first(
        () => require('../../aerospike-napi.linux-arm64-gnu.node'),
        () => require('aerospike-napi-linux-arm64-gnu'),
      )
    case 'linux-x64-musl':
      return first(
        () => require('../../aerospike-napi.linux-x64-musl.node'),
        () => require('aerospike-napi-linux-x64-musl'),
      )
    case 'linux-arm64-musl':
      return first(
        () => require('../../aerospike-napi.linux-arm64-musl.node'),
        () => require('aerospike-napi-linux-arm64-musl'),
      )
    case 'darwin-x64':
      return first(
        () => require('../../aerospike-napi.darwin-x64.node'),
        () => require('aerospike-napi-darwin-x64'),
      )
    case 'darwin-arm64':
      return first(
        () => require('../../aerospike-napi.darwin-arm64.node'),
        () => require('aerospike-napi-darwin-arm64'),
      )
    case 'win32-x64-msvc':
      return first(
        () => require('../../aerospike-napi.win32-x64-msvc.node'),
        () => require('aerospike-napi-win32-x64-msvc'),
      )
    case 'win32-arm64-msvc':
      return first(
        () => require('../../aerospike-napi.win32-arm64-msvc.node'),
        () => require('aerospike-napi-win32-arm64-msvc'),
      )
    default:
      throw new Error(
        `aerospike-napi has no binary for ${name}; it has them for Linux (x64, arm64; glibc, musl), macOS and Windows`,
      )
  }
}

function first(local: () => Native, installed: () => Native): Native {
  try {
    return local()
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error
    return installed()
  }
}

function load(): Native {
  const name = platformTarget()
  let native: Native
  try {
    native = requireBinary(name)
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'MODULE_NOT_FOUND') throw cause
    throw new Error(
      `The binary of aerospike-napi for ${name} is not installed: neither aerospike-napi.${name}.node nor the package ` +
        `aerospike-napi-${name} was found. Install without --omit=optional, on the platform that runs it`,
      { cause },
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
