/**
 * A leaderboard: the scores of a season are a map in one record, which the server keeps in the order of scores.
 *
 *   make example NAME=leaderboard                                 with a new aerospike-local
 *   AEROSPIKE_HOST=127.0.0.1:3000 make example NAME=leaderboard   with your own server
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type Client, connect, maps } from 'aerospike-napi'
import { LocalServer } from 'aerospike-napi/testing'

interface Place {
  player: string
  score: number
}

class Leaderboard {
  readonly #client: Client
  readonly #key: string[]

  constructor(client: Client, season: string) {
    this.#client = client
    this.#key = ['test', 'example-scores', season]
  }

  /** Adds points, and returns the player's new score. */
  async add(player: string, points: number): Promise<number> {
    const { bins } = await this.#client.operate(this.#key, [
      maps.increment('scores', player, points, { order: 'key-value-ordered' }),
    ])
    return Number(bins.scores)
  }

  /** The best players, the best one first. */
  async top(count: number): Promise<Place[]> {
    const { bins } = await this.#client.operate(this.#key, [
      maps.getByRankRange('scores', -count, count).andReturn('key-value'),
    ])
    const pairs = bins.scores ?? []
    // The server orders equal scores by player; the rank counts from the lowest score.
    return pairs
      .map(([player, score]) => ({ player: String(player), score: Number(score) }))
      .sort((a, b) => b.score - a.score)
  }

  /** The player's place, from 1; undefined for someone who has no score. */
  async placeOf(player: string): Promise<number | undefined> {
    const { bins } = await this.#client.operate(this.#key, [maps.getByKey('scores', player).andReturn('reverse-rank')])
    // -1: the map has no such player; undefined: there is no map yet.
    return bins.scores === undefined || bins.scores === -1 ? undefined : bins.scores + 1
  }

  async size(): Promise<number> {
    const { bins } = await this.#client.operate(this.#key, [maps.size('scores')])
    return bins.scores ?? 0
  }
}

const { AEROSPIKE_HOST } = process.env
const server = AEROSPIKE_HOST === undefined ? await LocalServer.start() : undefined
const client = await connect({ hosts: AEROSPIKE_HOST ?? server?.address })
try {
  const board = new Leaderboard(client, randomUUID())
  const points: readonly (readonly [player: string, points: number])[] = [
    ['ada', 120],
    ['bob', 80],
    ['cy', 95],
    ['dee', 60],
    ['bob', 30],
  ]
  for (const [player, won] of points) await board.add(player, won)
  assert.equal(await board.add('dee', 5), 65)

  const top = await board.top(3)
  for (const [index, { player, score }] of top.entries()) console.log(`${index + 1}. ${player.padEnd(4)} ${score}`)
  assert.deepEqual(top, [
    { player: 'ada', score: 120 },
    { player: 'bob', score: 110 },
    { player: 'cy', score: 95 },
  ])
  assert.equal(await board.placeOf('dee'), 4)
  assert.equal(await board.placeOf('eve'), undefined)
  assert.equal(await board.size(), 4)
  console.log('done')
} finally {
  await client.close()
  await server?.stop()
}
