/** Queries of a whole set, record by record and into columns. One operation is one query. */
import type { Adapter } from '../clients/adapter'
import { loopsOf } from '../harness/loops'
import { median } from '../report/statistics'
import { type Queried, querySet, querySum } from './data'
import { expect, type Prepared, type Suite } from './suite'

function query(rows: number, start: (set: string) => Promise<Queried>): Prepared {
  const sum = querySum(rows)
  const first: number[] = []
  return {
    run: loopsOf<Queried>({
      start: async () => {
        const begun = performance.now()
        const queried = await start(querySet(rows))
        first.push(queried.firstAt - begun)
        return queried
      },
      check: found => expect(found.rows === rows && found.sum === sum, 'what the query found'),
    }),
    firstMs: () => median(first),
  }
}

export const queryRecords: Suite = (adapter: Adapter, { rows }) => query(rows, set => adapter.queryRecords(set))

export const queryColumns: Suite = (adapter: Adapter, { rows }) => query(rows, set => adapter.queryColumns(set, rows))
