/** CPU profiles: of the JavaScript thread by V8, and of all threads by `perf`, where it is installed. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { FOLDER } from './spawn'

const PROFILES = join(FOLDER, 'results', 'profiles')
/** Samples per second: a prime, so that it is not in step with timers. */
const PERF_HZ = 997

let perf: boolean | undefined

function hasPerf(): boolean {
  perf ??= spawnSync('perf', ['record', '-o', devNull, 'true'], { stdio: 'ignore' }).status === 0
  return perf
}

/**
 * The command line that runs Node with profiles: `<name>.cpuprofile` for Chrome's developer tools or speedscope, and
 * `<name>.perf`, for `perf report -i`.
 */
export function profiled(name: string, node: string, args: readonly string[]): string[] {
  mkdirSync(PROFILES, { recursive: true })
  const v8 = ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`, `--cpu-prof-name=${name}.cpuprofile`]
  if (!hasPerf()) return [node, ...v8, ...args]
  const record = ['perf', 'record', '-q', '-g', '-F', String(PERF_HZ), '-o', join(PROFILES, `${name}.perf`), '--']
  return [...record, node, ...v8, '--perf-basic-prof-only-functions', ...args]
}
