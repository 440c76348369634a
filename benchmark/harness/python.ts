/** The program in `python/`, which measures aerospike-py. */
import { spawnSync } from 'node:child_process'
import type { Target } from '../clients/adapter'
import type { Case } from '../suites/cases'
import type { ProgramOptions } from './core'
import { FOLDER } from './spawn'

/** The interpreter: set PYTHON to that of a virtual environment. */
export const PYTHON = process.env.PYTHON || 'python3'

/** Version of the installed aerospike-py, or undefined if it cannot be imported. */
export function pythonClientVersion(): string | undefined {
  const code = 'import aerospike_py, importlib.metadata as m; print(m.version("aerospike-py"))'
  const { status, stdout } = spawnSync(PYTHON, ['-c', code], { encoding: 'utf8', cwd: FOLDER })
  return status === 0 ? stdout.trim() : undefined
}

export function pythonArguments(spec: Case, target: Target, options: ProgramOptions): string[] {
  const job = {
    host: target.host,
    port: target.port,
    suite: spec.suite,
    inFlight: spec.inFlight,
    connections: target.connections,
    timeoutMs: target.timeoutMs,
    warmupMs: options.warmupMs,
    operations: options.operations,
  }
  return ['python/measure.py', JSON.stringify(job)]
}
