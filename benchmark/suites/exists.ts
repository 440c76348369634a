/** Checks whether single records exist. */
import { loopsOf } from '../harness/loops'
import { GET_SET, RECORDS, userId } from './data'
import { expect, type Suite } from './suite'

export const exists: Suite = adapter => {
  const ids = Array.from({ length: RECORDS }, (_, index) => userId(index))
  return {
    run: loopsOf<boolean>({
      start: index => adapter.exists(GET_SET, ids[index]!),
      check: found => expect(found, 'the existence of the record'),
    }),
  }
}
