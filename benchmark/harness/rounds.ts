/** Measures one case: its clients take turns, round by round. */
import type { ClientName } from '../clients/names'
import type { Case } from '../suites/cases'
import type { Measurement, Sample } from './job'
import type { Measured } from './spawn'

export interface RoundsOptions {
  readonly rounds: number
  /** Starts a client's process, which has connected and warmed up when the promise resolves. */
  start(client: ClientName): Promise<Measured<Measurement>>
  /** Called before each start and each round. */
  onStep(what: string): void
  /** Called if a client fails, which gets no further round. */
  onFailure(what: string, error: Error): void
}

interface Running {
  readonly client: ClientName
  readonly process: Measured<Measurement>
}

/** Returns the samples of all rounds, without those of clients whose check failed. */
export async function measureCase(
  spec: Case,
  clients: readonly ClientName[],
  { rounds, start, onStep, onFailure }: RoundsOptions,
): Promise<Sample[]> {
  const attempt = async <T>(client: ClientName, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      onFailure(`${spec.name}, ${client}`, error as Error)
      return undefined
    }
  }
  const running: Running[] = []
  const samples: Sample[] = []
  for (const client of clients) {
    onStep(`${spec.name}, ${client}`)
    const process = await attempt(client, () => start(client))
    if (process !== undefined) running.push({ client, process })
  }
  for (let round = 1; round <= rounds; round++) {
    // Rotate the order, so that no client always runs first or after the same one.
    const turns = running.map((_, turn) => running[(turn + round - 1) % running.length]!)
    for (const entry of turns) {
      const { client, process } = entry
      onStep(`round ${round}: ${spec.name}, ${client}`)
      const measured = await attempt(client, () => process.round())
      if (measured !== undefined) samples.push({ case: spec.name, client, round, ...measured })
      else running.splice(running.indexOf(entry), 1)
    }
  }
  const failed = new Set<ClientName>()
  for (const { client, process } of running) {
    const closed = await attempt(client, async () => {
      await process.close()
      return true
    })
    if (closed === undefined) failed.add(client)
  }
  return samples.filter(({ client }) => !failed.has(client))
}
