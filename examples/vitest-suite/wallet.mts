import type { Client } from 'aerospike-napi'

export interface Wallet {
  owner: string
  cents: number
}

/** The wallets of a shop: what the tests in this folder test. */
export class Wallets {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  get #set() {
    return this.#client.set<Wallet>('test', 'wallets')
  }

  async open(id: string, owner: string): Promise<void> {
    await this.#set.with({ policies: { write: { exists: 'create-only' } } }).put(id, { owner, cents: 0 })
  }

  async balance(id: string): Promise<number> {
    return (await this.#set.select(id, ['cents'])).bins.cents ?? 0
  }

  /** Adds an amount, or takes a negative one. Refuses what would overdraw the wallet. */
  async change(id: string, cents: number): Promise<number> {
    const { bins } = await this.#set.update(id, wallet => {
      if (wallet.cents + cents < 0) throw new RangeError(`the wallet of ${wallet.owner} has only ${wallet.cents}`)
      return { ...wallet, cents: wallet.cents + cents }
    })
    return bins.cents
  }
}
