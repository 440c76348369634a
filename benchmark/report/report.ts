/** The results of a run. */
import type { JsClientName } from '../clients'
import type { RssMark, Sample, ServerInfo } from '../harness/job'
import type { ImportCost } from '../suites/import'
import type { Environment } from './environment'
import type { CaseSummary } from './summary'

export interface RssGrowth {
  readonly client: JsClientName
  readonly fullYoung: boolean
  readonly marks: readonly [before: RssMark, after: RssMark]
}

/** The conditions of the measurement. */
export interface Conditions {
  readonly rounds: number
  readonly seconds: number
  readonly warmupSeconds: number
  readonly connections: number
  readonly workers: number
}

export interface Report {
  readonly date: string
  readonly quick: boolean
  readonly server: ServerInfo & { readonly label: string; readonly own: boolean }
  readonly environment: Environment
  readonly conditions: Conditions
  readonly samples: readonly Sample[]
  readonly cases: readonly CaseSummary[]
  readonly rss: readonly RssGrowth[]
  readonly imports: readonly ImportCost[]
  /** Measurements that failed, with reasons. */
  readonly failures: readonly string[]
}
