import { type Client, maps, op } from 'aerospike-napi'

/** Votes on a question: each person has one, and can change it. */
export class Votes {
  readonly #client: Client
  readonly #set: string

  constructor(client: Client, set: string) {
    this.#client = client
    this.#set = set
  }

  async vote(question: string, person: string, answer: string): Promise<void> {
    await this.#client.operate(['test', this.#set, question], [maps.put('votes', person, answer)])
  }

  /** How often each answer was given. */
  async count(question: string): Promise<Map<string, number>> {
    const record = await this.#client.getOrNull<{ votes: Record<string, string> }>(['test', this.#set, question])
    const counts = new Map<string, number>()
    for (const answer of Object.values(record?.bins.votes ?? {})) counts.set(answer, (counts.get(answer) ?? 0) + 1)
    return counts
  }

  /** Ends the votes on a question, and returns how many people have voted. */
  async close(question: string): Promise<number> {
    const key = ['test', this.#set, question]
    const { bins } = await this.#client.operate(key, [maps.size('votes'), op.delete()])
    return Number(bins.votes ?? 0)
  }
}
