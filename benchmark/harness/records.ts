/** The records on the server, before and after. */
import type { Target } from '../clients/adapter'
import { Ours } from '../clients/ours'
import {
  BATCH_SET,
  collectionBins,
  EMBEDDING_SET,
  embedding,
  GET_SET,
  NAMESPACE,
  numberBins,
  OPERATE_SET,
  RECORDS,
  rowId,
  SETS,
  userBins,
  userId,
  WIDE_SET,
  wideBins,
} from '../suites/data'
import type { ServerInfo } from './job'

/** Puts at once. */
const AT_ONCE = 500

export async function load(target: Target): Promise<ServerInfo> {
  const client = new Ours()
  await client.connect(target)
  for (let start = 0; start < RECORDS; start += AT_ONCE) {
    const puts: Promise<unknown>[] = []
    for (let index = start; index < Math.min(start + AT_ONCE, RECORDS); index++) {
      puts.push(client.put(GET_SET, userId(index), userBins(index)))
      puts.push(client.put(OPERATE_SET, userId(index), collectionBins(index)))
      puts.push(client.put(BATCH_SET, rowId(index), numberBins(index)))
      puts.push(client.put(WIDE_SET, rowId(index), wideBins(index)))
      puts.push(client.put(EMBEDDING_SET, rowId(index), { v: embedding(index) }))
    }
    await Promise.all(puts)
  }
  const info = { build: await client.info('build'), edition: await client.info('edition') }
  await client.close()
  return info
}

export async function unload(target: Target): Promise<void> {
  const client = new Ours()
  await client.connect(target)
  for (const set of SETS) await client.info(`truncate:namespace=${NAMESPACE};set=${set}`)
  await client.close()
}
