/** The program in `rust/`, which measures aerospike-core without Node. */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Target } from '../clients/adapter'
import type { Case } from '../suites/cases'
import { SHAPES, shapeSet } from '../suites/shapes'
import { FOLDER } from './spawn'

/** Compiles the program and returns its path. */
export function buildCore(): string {
  const target = process.env.CARGO_TARGET_DIR ?? join(FOLDER, 'rust', 'target')
  const args = ['build', '--release', '--locked', '--quiet', '--manifest-path', 'rust/Cargo.toml']
  const { status, error } = spawnSync('cargo', [...args, '--target-dir', target], { cwd: FOLDER, stdio: 'inherit' })
  if (error !== undefined || status !== 0) {
    throw new Error('aerospike-core alone could not be compiled; --clients ours,official leaves it out', {
      cause: error,
    })
  }
  return join(target, 'release', process.platform === 'win32' ? 'benchmark-core.exe' : 'benchmark-core')
}

/** What a program that is not a Node process of the benchmark needs for a case. */
export interface ProgramOptions {
  readonly warmupMs: number
  readonly operations: number
}

/** The command line of the program for a case. */
export function coreArguments(spec: Case, target: Target, options: ProgramOptions): string[] {
  const shape = SHAPES.find(({ name }) => name === spec.shape)
  const values: Record<string, string | number> = {
    server: `${target.host}:${target.port}`,
    kind: shape === undefined ? spec.suite : 'get',
    'in-flight': spec.inFlight,
    rows: spec.rows,
    connections: target.connections,
    workers: availableParallelism(),
    'timeout-ms': target.timeoutMs,
    'warmup-ms': options.warmupMs,
    operations: options.operations,
    ...(shape !== undefined && { set: shapeSet(shape), records: shape.records }),
  }
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)])
}
