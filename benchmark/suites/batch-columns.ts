/** Other columns: wide records of strings, embeddings, and writes from columns. */
import { loopsOf } from '../harness/loops'
import { BATCHES } from './batch-read'
import { BATCH_PUT_SET, batches, columnsOf, EMBEDDING_SET, WIDE_BINS, WIDE_BYTES, WIDE_SET, WIDTH } from './data'
import { expect, type Suite } from './suite'

/** Ten strings of a hundred bytes each. */
export const batchReadWide: Suite = (adapter, { rows }) => {
  const made = batches(rows, BATCHES)
  return {
    run: loopsOf<number>({
      start: index => adapter.batchReadWide(WIDE_SET, made[index % BATCHES]!.ids),
      check: bytes => expect(bytes === rows * WIDE_BINS.length * WIDE_BYTES, 'the length of the strings'),
    }),
  }
}

/** Embeddings of 384 floats. */
export const batchReadEmbeddings: Suite = (adapter, { rows }) => {
  const made = batches(rows, BATCHES)
  return {
    run: loopsOf<Float32Array>({
      start: index => adapter.batchReadEmbeddings(EMBEDDING_SET, made[index % BATCHES]!.ids),
      check: (all, index) => {
        const { indexes } = made[index % BATCHES]!
        const right = indexes.every((first, row) => all[row * WIDTH] === first)
        expect(right && all.length === rows * WIDTH, 'the embeddings')
      },
    }),
  }
}

/** Five numbers per row. */
export const batchWriteColumns: Suite = (adapter, { rows }) => {
  const made = batches(rows, BATCHES).map(batch => ({ ...batch, columns: columnsOf(batch.indexes) }))
  return {
    run: loopsOf<number>({
      start: index =>
        adapter.batchWriteColumns(BATCH_PUT_SET, made[index % BATCHES]!.ids, made[index % BATCHES]!.columns),
      check: written => expect(written === rows, 'the number of rows'),
    }),
  }
}
