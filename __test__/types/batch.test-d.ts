import {
  type AerospikeRecord,
  type BatchRecords,
  type BatchRowRequest,
  type BatchWriteRecord,
  batchRow,
  type Client,
  type ClientSync,
  Key,
  lists,
  type Operation,
  op,
  type ReadValue,
} from 'aerospike-napi'
import { describe, expectTypeOf, test } from 'vitest'

declare const client: Client
declare const sync: ClientSync
declare const bigintSync: ClientSync<bigint>
const key = new Key('test', 'users', 'ada')
type User = { name: string }

describe('batches', () => {
  test('give rows, of the bins that are named', () => {
    expectTypeOf(client.batchWrite([{ key, bins: { a: 1 } }])).resolves.toEqualTypeOf<BatchRecords>()
    expectTypeOf(client.batchOperate<User>([key], [op.read('name')])).resolves.toEqualTypeOf<BatchRecords<User>>()
    const visits = client.batchOperate([key], [op.incr('visits', 1), op.read('visits'), lists.size('log')])
    expectTypeOf(visits).resolves.toEqualTypeOf<BatchRecords<{ visits: number | bigint; log?: number }>>()
    const exact = bigintSync.batchOperate([key], [op.incr('visits', 1), op.read('visits')])
    expectTypeOf(exact).toEqualTypeOf<BatchRecords<{ visits: bigint }>>()
    const unknown: Operation[] = []
    expectTypeOf(client.batchOperate([key], unknown)).resolves.toEqualTypeOf<BatchRecords>()
    expectTypeOf(sync.batch<User>([batchRow.read(key)])).toEqualTypeOf<BatchRecords<User>>()
    expectTypeOf(sync.batchApply([key], 'm', 'f', [1])).toEqualTypeOf<BatchRecords>()
    type Row = ReturnType<BatchRecords<User>['toArray']>[number]
    expectTypeOf<Row['record']>().toEqualTypeOf<AerospikeRecord<User> | null>()
    expectTypeOf<Row['result']>().toEqualTypeOf<ReadValue | undefined>()
    expectTypeOf<Row['node']>().toEqualTypeOf<string | undefined>()
  })

  test('take rows as they are built, or written out', () => {
    expectTypeOf(batchRow.write(key, { a: 1 }, { gen: 1 }, { exists: 'update-only' })).toExtend<BatchRowRequest>()
    client.batch([
      { type: 'read', key: ['test', 'users', 1], bins: ['a'] },
      { type: 'write', key, bins: { a: null }, meta: { ttl: 5 } },
      { type: 'operate', key, ops: [lists.append('l', 1)], policy: { gen: 'gt' }, meta: { gen: 1 } },
      { type: 'remove', key, meta: { gen: 1 }, policy: { durableDelete: true } },
      { type: 'apply', key, module: 'm', fn: 'f', args: ['x'], policy: { ttl: 5 } },
    ])
    client.batchWrite([{ key, bins: { a: 1 }, policy: { key: 'send' } }], { ttl: 5, maxRetries: 1, subBatchSize: 100 })
  })

  test('take bins of any object type, each record its own', () => {
    interface Address {
      street: string
      zip?: string
    }
    interface Person {
      name: string
      address: Address
    }
    const people: Person[] = [{ name: 'Ada', address: { street: 'Main' } }]
    client.batchWrite(people.map(person => ({ key: ['test', 'users', person.name], bins: person })))
    client.batchWrite(people.map(bins => ({ key, bins, policy: { exists: 'replace' } as const, meta: { ttl: 5 } })))
    client.batchWrite([
      { key: ['test', 'users', 'ada'], bins: { visits: 1 } },
      { key: ['test', 'users', 'bob'], bins: { name: 'Bob', people }, meta: { ttl: 5 } },
      { key, bins: people[0] as Person, policy: { exists: 'update-only' } },
    ])
    client.batchWrite([])
    const records: BatchWriteRecord[] = []
    client.batchWrite(records)
    client.bulkWrite(people.map(person => ({ key: ['test', 'users', person.name], bins: person, meta: { ttl: 5 } })))
    async function* source() {
      for (const person of people) yield { key: ['test', 'users', person.name], bins: person }
      yield batchRow.remove(key)
    }
    client.bulkWrite(source())
    sync.bulkWrite(new Set([{ key, bins: people[0] as Person }]))
    // @ts-expect-error a Date in a record
    client.bulkWrite(people.map(person => ({ key, bins: { person, at: new Date() } })))
    // @ts-expect-error a row that reads
    client.bulkWrite([batchRow.read(key)])
    // @ts-expect-error a record has bins
    client.bulkWrite([{ key }])
    // @ts-expect-error the blocking client cannot wait
    sync.bulkWrite(source())
    const written = people.map(person => batchRow.write(['test', 'users', person.name], person))
    client.batch([...written, batchRow.apply(key, 'm', 'f', [people, 1])])
    client.batchApply([key], 'm', 'f', people)
    // @ts-expect-error a Date in one of the records
    client.batchWrite([{ key, bins: { a: 1 } }, ...people.map(person => ({ key, bins: { person, at: new Date() } }))])
    // @ts-expect-error a Date in a row
    batchRow.write(key, { person: { at: new Date() } })
    // @ts-expect-error a function as an argument
    client.batchApply([key], 'm', 'f', [() => 1])
    // @ts-expect-error a record has no such field
    client.batchWrite([{ key, bins: { a: 1 }, generation: 1 }])
    // @ts-expect-error a record has bins
    client.batchWrite([{ key }])
    // @ts-expect-error a key has two or three parts
    client.batchWrite([{ key: ['users'], bins: { a: 1 } }])
  })

  test('refuse what a row has not', () => {
    // @ts-expect-error numbers are another client's
    client.batch([{ type: 1, key }])
    // @ts-expect-error bins belong to writes
    client.batch([{ type: 'remove', key, bins: { a: 1 } }])
    // @ts-expect-error a row has no timeout of its own
    client.batchWrite([{ key, bins: { a: 1 }, policy: { totalTimeout: 5 } }])
    // @ts-expect-error a remove has no lifetime
    client.batch([batchRow.remove(key, { ttl: 5 })])
    // @ts-expect-error reads have no options of writes
    client.batchRead([key], null, { ttl: 5 })
    // @ts-expect-error what a Date is to be, nobody knows
    client.batchWrite([{ key, bins: { at: new Date() } }])
    // @ts-expect-error a generation is a record's, not a batch's
    client.batchWrite([{ key, bins: { a: 1 } }], { gen: 'eq' })
  })
})
