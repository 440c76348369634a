// A Jest suite on LocalServer: all files share a server, and each has a set of its own.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Client, connect, RecordNotFoundError } from 'aerospike-napi'
import { Votes } from '../src/votes'

let client: Client
let votes: Votes

beforeAll(async () => {
  client = await connect({ totalTimeout: 10_000 })
  votes = new Votes(client, `votes-${randomUUID()}`)
})

afterAll(() => client.close())

describe('votes', () => {
  test('count once for each person', async () => {
    await Promise.all(['ada', 'bob', 'cy'].map(person => votes.vote('lunch', person, 'soup')))
    await votes.vote('lunch', 'bob', 'salad')
    expect(await votes.count('lunch')).toEqual(
      new Map([
        ['soup', 2],
        ['salad', 1],
      ]),
    )
  })

  test('end', async () => {
    await votes.vote('dinner', 'ada', 'soup')
    expect(await votes.close('dinner')).toBe(1)
    expect(await votes.count('dinner')).toEqual(new Map())
    await expect(client.get(['test', 'votes', 'dinner'])).rejects.toThrow(RecordNotFoundError)
  })

  test('work with fake timers', async () => {
    jest.useFakeTimers()
    try {
      await votes.vote('tea', 'ada', 'green')
      expect(await votes.count('tea')).toEqual(new Map([['green', 1]]))
    } finally {
      jest.useRealTimers()
    }
  })
})
