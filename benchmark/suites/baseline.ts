/** A fixed amount of JavaScript without any client: the speed of the processor, and how steady it was. */
import { loopsOf } from '../harness/loops'
import { expect, type Suite } from './suite'

const DOCUMENT = JSON.stringify(
  Array.from({ length: 20 }, (_, index) => ({ id: index, name: `name ${index}`, at: index / 7 })),
)

export const baseline: Suite = () => ({
  run: loopsOf<number>({
    start: () => (JSON.parse(DOCUMENT) as { id: number }[]).reduce((sum, { id }) => sum + id, 0),
    check: sum => expect(sum === 190, 'the sum'),
  }),
})
