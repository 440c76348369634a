import {
  type AerospikeRecord,
  type BatchRecords,
  type Bins,
  type Client,
  type ClientSync,
  type ColumnStream,
  type Columns,
  exp,
  type Filter,
  filter,
  type TypedQuery,
  type TypedSet,
} from 'aerospike-napi'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

interface User {
  name: string
  visits: number
  nick?: string
}

declare const client: Client
declare const sync: ClientSync
const users = (): TypedSet<User> => client.set<User>('test', 'users')

describe('a typed set', () => {
  test('knows its bins', () => {
    expectTypeOf(users().get('ada')).resolves.toEqualTypeOf<AerospikeRecord<User>>()
    expectTypeOf(users().getOrNull('ada')).resolves.toEqualTypeOf<AerospikeRecord<User> | null>()
    expectTypeOf(users().batchGet(['ada'])).resolves.toEqualTypeOf<BatchRecords<User>>()
    expectTypeOf(users().exists(5)).resolves.toEqualTypeOf<boolean>()
    expectTypeOf(sync.set<User>('test', 'users').get('ada')).toEqualTypeOf<AerospikeRecord<User>>()
    expectTypeOf(client.set('test', 'users').get('ada')).resolves.toEqualTypeOf<AerospikeRecord<Bins>>()
  })

  test('checks what is written', () => {
    users().put('ada', { name: 'Ada', visits: 1 })
    // @ts-expect-error visits is missing
    users().put('ada', { name: 'Ada' })
    // @ts-expect-error visits is a number
    users().put('ada', { name: 'Ada', visits: '1' })
    users().batchPut([['ada', { name: 'Ada', visits: 1 }]])
    // @ts-expect-error a bin that the set does not have
    users().batchPut([['ada', { name: 'Ada', visits: 1, visit: 2 }]])
  })

  test('checks the names of bins', () => {
    expectTypeOf(users().select('ada', ['name'])).resolves.toEqualTypeOf<AerospikeRecord<Pick<User, 'name'>>>()
    // @ts-expect-error a bin that the set does not have
    users().select('ada', ['nmae'])
  })

  test('checks updates', () => {
    const record = users().update('ada', user => ({ ...user, visits: user.visits + 1 }))
    expectTypeOf(record).resolves.toEqualTypeOf<AerospikeRecord<User>>()
    users().update('ada', async user => user)
    users().update('ada', user => user ?? { name: 'Ada', visits: 0 }, { create: true })
    // @ts-expect-error the record may not exist
    users().update('ada', user => ({ ...user, visits: user.visits + 1 }), { create: true })
    // @ts-expect-error not the bins of a user
    users().update('ada', () => ({ visits: 1 }))
    // @ts-expect-error a blocking update cannot wait for a promise
    sync.set<User>('test', 'users').update('ada', async user => user)
  })

  test('has queries that know its bins', () => {
    const query = users().query()
    expectTypeOf(query.results()).resolves.toEqualTypeOf<AerospikeRecord<User>[]>()
    const names = query
      .where(filter.range('visits', 1, 5))
      .maxRecords(5)
      .select('name')
    expectTypeOf(names.results()).resolves.toEqualTypeOf<AerospikeRecord<Pick<User, 'name'>>[]>()
    // @ts-expect-error a bin that the set does not have
    query.select('nmae')
    // @ts-expect-error a bin that the set does not have
    query.where(filter.range('visit', 1, 5))
    expectTypeOf(query.where(exp.eq(exp.binStr('name'), 'Ada'))).toEqualTypeOf<TypedQuery<User>>()
    // @ts-expect-error an expression that is not a condition
    query.where(exp.binStr('name'))
    // @ts-expect-error an expression that is not a condition
    client.query('test', 'users').where(exp.int(5))
    expectTypeOf(query.columns({ visits: 'i32' })).toEqualTypeOf<ColumnStream<{ readonly visits: 'i32' }>>()
    // @ts-expect-error a bin that the set does not have
    query.columns({ visit: 'i32' })
    const rows = sync.set<User>('test', 'users').query().maxRecords(5).select('name').results()
    expectTypeOf(rows).toEqualTypeOf<AerospikeRecord<Pick<User, 'name'>>[]>()
  })

  test('has columns typed by the schema', () => {
    const columns = users().batchReadColumns(['ada'], { visits: 'u32' })
    expectTypeOf(columns).resolves.toEqualTypeOf<Columns<{ readonly visits: 'u32' }>>()
    // @ts-expect-error a bin that the set does not have
    users().batchReadColumns(['ada'], { visit: 'u32' })
  })

  test('has the types of its schema', () => {
    const zod = client.set('test', 'users', { schema: z.object({ name: z.string(), n: z.number().default(0) }) })
    expectTypeOf(zod).toEqualTypeOf<TypedSet<{ name: string; n: number }, { name: string; n?: number | undefined }>>()
    const valibot = client.set('test', 'users', { schema: v.object({ name: v.string() }) })
    expectTypeOf(valibot).toEqualTypeOf<TypedSet<{ name: string }, { name: string }>>()
    const arktype = client.set('test', 'users', { schema: type({ name: 'string' }), validate: 'both' })
    expectTypeOf(arktype.get('ada')).resolves.toEqualTypeOf<AerospikeRecord<{ name: string }>>()
    // @ts-expect-error a schema of something other than bins
    client.set('test', 'users', { schema: z.string() })
  })

  test('keeps its types with other defaults', () => {
    expectTypeOf(users().with({ ttl: 5, policies: { read: { totalTimeout: 5 } } })).toEqualTypeOf<TypedSet<User>>()
    // @ts-expect-error an unknown default
    users().with({ tll: 5 })
  })
})

test('a filter knows its bin', () => {
  expectTypeOf(filter.range('age', 1, 5)).toEqualTypeOf<Filter<'age'>>()
  const bin: string = 'age'
  expectTypeOf(filter.range(bin, 1, 5)).toEqualTypeOf<Filter>()
  client.query('test', 'users').where(filter.equal('name', 'Ada'))
})
