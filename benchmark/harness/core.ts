/** The program in `rust/`, which measures aerospike-core without Node. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Target } from '../clients/adapter'
import type { Case } from '../suites/cases'
import type { Measurement } from './job'
import { FOLDER, parseResult, run } from './spawn'

/** Compiles the program and returns its path. */
export function buildCore(): string {
  const target = process.env.CARGO_TARGET_DIR ?? join(FOLDER, 'rust', 'target')
  const args = ['build', '--release', '--locked', '--quiet', '--manifest-path', 'rust/Cargo.toml']
  const { status, error } = spawnSync('cargo', [...args, '--target-dir', target], { cwd: FOLDER, stdio: 'inherit' })
  if (error !== undefined || status !== 0) {
    throw new Error('aerospike-core alone could not be compiled; --only ours,official leaves it out', { cause: error })
  }
  return join(target, 'release', process.platform === 'win32' ? 'benchmark-core.exe' : 'benchmark-core')
}

export async function measureCore(
  program: string,
  spec: Case,
  target: Target,
  times: {
    readonly warmupMs: number
    readonly measureMs: number
    readonly workers: number
    readonly timeoutMs: number
  },
): Promise<Measurement> {
  const values: Record<string, string | number> = {
    server: `${target.host}:${target.port}`,
    kind: spec.suite,
    'in-flight': spec.inFlight,
    rows: spec.rows,
    connections: target.connections,
    workers: times.workers,
    'timeout-ms': target.timeoutMs,
    'warmup-ms': times.warmupMs,
    'measure-ms': times.measureMs,
  }
  const args = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)])
  return parseResult((await run(program, args, times.timeoutMs)).stdout)
}
