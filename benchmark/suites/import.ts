/** The time to import a client, measured in new processes. The kinds take turns. */
import { join } from 'node:path'
import { FOLDER, parseResult, run } from '../harness/spawn'
import { median } from '../report/statistics'

export interface ImportCost {
  readonly what: string
  /** Median ms of `require`, as the process itself measures it. */
  readonly requireMs: number
  /** Median ms of the whole process. */
  readonly processMs: number
}

const MODULES: readonly { readonly what: string; readonly args: readonly string[] }[] = [
  { what: 'bare process', args: [] },
  { what: 'ours', args: [join(FOLDER, '..')] },
  { what: 'official', args: ['aerospike'] },
]

export async function importCosts(processes: number): Promise<ImportCost[]> {
  const found = MODULES.map(({ what, args }) => ({ what, args, require: [] as number[], process: [] as number[] }))
  for (let count = 0; count < processes; count++) {
    for (const { args, require, process: whole } of found) {
      const { stdout, elapsedMs } = await run(process.execPath, ['suites/import-probe.cjs', ...args], 60_000)
      require.push(parseResult<{ ms: number }>(stdout).ms)
      whole.push(elapsedMs)
    }
  }
  return found.map(kind => ({ what: kind.what, requireMs: median(kind.require), processMs: median(kind.process) }))
}
