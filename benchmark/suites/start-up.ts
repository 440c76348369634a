/** The time to import a client, to connect it and to read a first record, in new processes. The kinds take turns. */
import type { Target } from '../clients/adapter'
import { parseResult, run } from '../harness/spawn'
import { median } from '../report/statistics'

export type StartUpKind = 'none' | 'ours' | 'official'

export interface StartUpCost {
  readonly client: StartUpKind
  /** Median ms of `require`. */
  readonly requireMs: number
  /** Median ms from `connect` to the first record. */
  readonly firstGetMs: number
  /** Median ms of the whole process. */
  readonly processMs: number
}

const KINDS: readonly StartUpKind[] = ['none', 'ours', 'official']

export async function startUpCosts({ host, port }: Target, processes: number): Promise<StartUpCost[]> {
  const found = KINDS.map(client => ({ client, require: [] as number[], first: [] as number[], whole: [] as number[] }))
  for (let count = 0; count < processes; count++) {
    for (const { client, require, first, whole } of found) {
      const args = ['suites/start-up-probe.cjs', client, host, String(port)]
      const { stdout, elapsedMs } = await run(process.execPath, args, 60_000)
      const { requireMs, firstGetMs } = parseResult<{ requireMs: number; firstGetMs: number }>(stdout)
      require.push(requireMs)
      first.push(firstGetMs)
      whole.push(elapsedMs)
    }
  }
  return found.map(({ client, require, first, whole }) => ({
    client,
    requireMs: median(require),
    firstGetMs: median(first),
    processMs: median(whole),
  }))
}
