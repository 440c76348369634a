/** The results of a run. */
import type { JsClientName } from '../clients/names'
import type { RssMark, Sample, ServerInfo } from '../harness/job'
import type { Quiet } from '../harness/quiet'
import type { InstallCost } from '../suites/install'
import type { StartUpCost } from '../suites/start-up'
import type { Environment } from './environment'
import type { CaseSummary } from './summary'

export interface RssGrowth {
  readonly client: JsClientName
  readonly fullYoung: boolean
  readonly marks: readonly [before: RssMark, after: RssMark]
}

/** The conditions of the measurement. */
export interface Conditions {
  readonly count: number
  readonly rounds: number
  readonly concurrency: number
  readonly batchGroups: number
  readonly warmupMs: number
  readonly connections: number
}

/** What the JSON file contains. */
export interface Results {
  readonly date: string
  /** Whether the run only checked that everything works. */
  readonly quick: boolean
  readonly server: ServerInfo & { readonly label: string; readonly own: boolean }
  readonly environment: Environment
  readonly conditions: Conditions
  readonly quiet: Quiet
  readonly samples: readonly Sample[]
  readonly rss: readonly RssGrowth[]
  readonly startUps: readonly StartUpCost[]
  readonly installs: readonly InstallCost[]
  /** Measurements that failed, with reasons. */
  readonly failures: readonly string[]
}

export interface Report extends Results {
  readonly cases: readonly CaseSummary[]
}
