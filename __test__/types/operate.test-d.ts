/** What the compiler tells of the results of operations. */
import {
  type AerospikeRecord,
  type Bins,
  bits,
  type Client,
  type ClientSync,
  connect,
  connectSync,
  Double,
  exp,
  type HyperLogLog,
  hll,
  Key,
  lists,
  maps,
  OPERATOR_INCR,
  OPERATOR_READ,
  type Operation,
  op,
  paths,
  type ReadValue,
} from 'aerospike-napi'
import { describe, expectTypeOf, test } from 'vitest'

declare const client: Client
declare const sync: ClientSync
const key = new Key('test', 'users', 'ada')

type Stored = Exclude<ReadValue, null>
type ReadMap = Map<string | number | bigint | Buffer, ReadValue> | { [key: string]: ReadValue }

describe('operate', () => {
  test('gives what its operations answer, by bin', () => {
    expectTypeOf(
      client.operate(key, [lists.append('log', 'in'), lists.size('tags'), op.read('name')]),
    ).resolves.toEqualTypeOf<AerospikeRecord<{ log: number; tags?: number; name?: Stored }>>()
    expectTypeOf(sync.operate(key, [maps.put('m', 'k', 1), hll.getUnion('h', [])])).toEqualTypeOf<
      AerospikeRecord<{ m: number; h?: HyperLogLog }>
    >()
    expectTypeOf(sync.operate(key, [bits.getInt('b', 0, 8), bits.get('c', 0, 8), bits.not('d', 0, 8)])).toEqualTypeOf<
      AerospikeRecord<{ b?: number | bigint; c?: Buffer }>
    >()
  })

  test('leaves out what answers nothing', () => {
    expectTypeOf(sync.operate(key, [op.write('a', 1), op.touch(), lists.clear('l')]).bins).not.toHaveProperty('l')
    expectTypeOf(sync.operate(key, [op.write('a', 1), op.read('b')]).bins).toEqualTypeOf<{ b?: Stored }>()
  })

  test('knows a bin that is added or appended to', () => {
    const { bins } = sync.operate(key, [op.incr('n', 1), op.touch(), op.read('n'), op.append('s', 'x'), op.read('s')])
    expectTypeOf(bins).toEqualTypeOf<{ n: number | bigint; s: string }>()
    expectTypeOf(sync.operate(key, [op.prepend('s', Buffer.from('x')), op.read('s')]).bins).toEqualTypeOf<{
      s: Buffer
    }>()
    // It could have held anything before.
    expectTypeOf(sync.operate(key, [op.read('n'), op.delete(), op.incr('n', 1)]).bins).toEqualTypeOf<{ n?: Stored }>()
    expectTypeOf(sync.operate(key, [op.read('n'), op.write('n', 1), op.incr('n', 1)]).bins).toEqualTypeOf<{
      n?: Stored
    }>()
  })

  test('is certain of a bin only after it was added to', () => {
    expectTypeOf(sync.operate(key, [op.read('n'), op.incr('n', 1)]).bins).toEqualTypeOf<{ n?: number | bigint }>()
    expectTypeOf(sync.operate(key, [op.incr('m', 1), op.read('n')]).bins).toEqualTypeOf<{ n?: Stored }>()
    expectTypeOf(sync.operate(key, [op.incr('n', 1), op.delete(), op.read('n')]).bins).toEqualTypeOf<{ n?: Stored }>()
    expectTypeOf(sync.operate(key, [op.incr('n', 1), op.write('n', null), op.read('n')]).bins).toEqualTypeOf<{
      n?: Stored
    }>()
    const removing = exp.operations.write('n', exp.nil(), exp.expWriteFlags.ALLOW_DELETE)
    expectTypeOf(sync.operate(key, [op.incr('n', 1), removing, op.read('n')]).bins).toEqualTypeOf<{ n?: Stored }>()
    expectTypeOf(sync.operate(key, [op.incr('n', 1), op.read('n'), lists.size('l')]).bins).toEqualTypeOf<{
      n: number | bigint
      l?: number
    }>()
    const some: string = 'n'
    expectTypeOf(sync.operate(key, [op.incr(some, 1), op.read('n')]).bins).toEqualTypeOf<{ n?: number | bigint }>()
    expectTypeOf(sync.operate(key, [op.incr('n', 1), op.write(some, 'x'), op.read('n')]).bins).toEqualTypeOf<{
      n?: Stored
    }>()
  })

  test('distinguishes integers and doubles by what is added', () => {
    expectTypeOf(sync.operate(key, [op.incr('f', 0.5), op.read('f')]).bins).toEqualTypeOf<{ f: number }>()
    expectTypeOf(sync.operate(key, [op.incr('f', Double(1)), op.read('f')]).bins).toEqualTypeOf<{ f: number }>()
    const by: number = 1
    expectTypeOf(sync.operate(key, [op.incr('n', by), op.read('n')]).bins).toEqualTypeOf<{ n: number | bigint }>()
  })

  test('follows the option int64 of the client', async () => {
    const numbers = await connect({ hosts: 'a', int64: 'number' })
    const bigints = connectSync({ hosts: 'a', int64: 'bigint' })
    const ops = [op.incr('n', 1), op.read('n')] as const
    expectTypeOf(numbers.operate(key, ops)).resolves.toEqualTypeOf<AerospikeRecord<{ n: number }>>()
    expectTypeOf(bigints.operate(key, ops).bins).toEqualTypeOf<{ n: bigint }>()
    expectTypeOf(bigints.operateOrdered(key, ops).results).toEqualTypeOf<[[bin: 'n', value: bigint]]>()
    expectTypeOf(client.operate(key, ops)).resolves.toEqualTypeOf<AerospikeRecord<{ n: number | bigint }>>()
    // Sizes are integers, too; other numbers can be doubles.
    expectTypeOf(bigints.operate(key, [lists.append('l', 1), maps.increment('m', 'k')]).bins).toEqualTypeOf<{
      l: number | bigint
      m: number | bigint
    }>()
    expectTypeOf((await numbers.operate(key, [maps.increment('m', 'k'), bits.getInt('b', 0, 8)])).bins).toEqualTypeOf<{
      m: number
      b?: number
    }>()
    const half: number = 0.5
    expectTypeOf(bigints.operate(key, [op.incr('n', half), op.read('n')]).bins).toEqualTypeOf<{ n: number | bigint }>()
  })

  test('follows the return type', () => {
    const { returnType } = lists
    const { bins } = sync.operate(key, [
      lists.getByIndex('index', 0).andReturn(returnType.INDEX),
      lists.getByRankRange('range', 0, 3).andReturn(returnType.RANK),
      lists.getByValue('count', 1, returnType.COUNT),
      lists
        .getByValue('exists', 1)
        .withContext(ctx => ctx.addListIndex(0))
        .andReturn(returnType.EXISTS),
      lists.getByValue('none', 1, returnType.NONE),
      lists.removeByIndex('gone', 0),
      lists.getByIndexRange('value', 0).invertSelection(),
      maps.getByKey('key', 'k').andReturn(maps.returnType.KEY),
      maps.getByKeyRange('pairs', 'a', 'c').andReturn(maps.returnType.KEY_VALUE),
      maps.getByIndexRange('map', 0, 2, maps.returnType.ORDERED_MAP),
      lists.getByValue('inverted', 1, returnType.INVERTED_COUNT),
    ])
    expectTypeOf(bins).toEqualTypeOf<{
      index?: number
      range?: number[]
      count?: number
      exists?: boolean
      value?: ReadValue[]
      key?: string | number | bigint | Buffer
      pairs?: [string | number | bigint | Buffer, ReadValue][]
      map?: ReadMap
      inverted?: number
    }>()
  })

  test('joins the answers of one bin', () => {
    const { bins } = sync.operate(key, [lists.append('l', 1), lists.getRange('l', 0)])
    expectTypeOf(bins).toEqualTypeOf<{ l: number | ReadValue[] }>()
  })

  test('knows the values of expressions and paths', () => {
    const { bins } = sync.operate(key, [
      exp.operations.read('sum', exp.add(exp.binInt('a'), 1)),
      exp.operations.read('maybe', exp.binStr('s'), exp.expReadFlags.EVAL_NO_FAIL),
      exp.operations.read('any', exp.var('x')),
      exp.operations.write('w', exp.int(1)),
      paths.selectValues('p', ctx => ctx.addAllChildren()),
    ])
    expectTypeOf(bins).toEqualTypeOf<{ sum: number | bigint; maybe?: string; any?: Stored; p?: ReadValue[] }>()
  })

  test('takes literals', () => {
    const { bins } = sync.operate(key, [
      { op: OPERATOR_INCR, bin: 'n', val: 1 },
      { op: OPERATOR_READ, bin: 'n' },
    ])
    expectTypeOf(bins).toEqualTypeOf<{ n: number | bigint }>()
    // @ts-expect-error an operation has a code
    sync.operate(key, [{ bin: 'n' }])
    // @ts-expect-error a bin is a string
    sync.operate(key, [{ op: OPERATOR_READ, bin: 5 }])
    // @ts-expect-error no operation
    sync.operate(key, ['read'])
  })

  test('gives bins of any value where it cannot know', () => {
    const operations: Operation[] = [op.read('a')]
    const bin: string = 'b'
    expectTypeOf(sync.operate(key, operations).bins).toEqualTypeOf<Bins>()
    expectTypeOf(sync.operate(key, [op.read()]).bins).toEqualTypeOf<Bins>()
    expectTypeOf(sync.operate(key, [lists.size('a'), op.read(bin)]).bins).toEqualTypeOf<Bins>()
    expectTypeOf(sync.operate(key, [...operations, op.read('n')]).bins).toEqualTypeOf<Bins>()
    // What may be in an array need not be.
    const some = [lists.append('l', 1), op.incr('n', 1), op.read('n')]
    expectTypeOf(sync.operate(key, some).bins).toEqualTypeOf<{ l?: number; n?: number | bigint }>()
  })

  test('returns what it is declared to return', () => {
    const ops = [op.incr('visits', 1), op.read('visits')]
    expectTypeOf(client.operate<{ visits: number }>(key, ops)).resolves.toEqualTypeOf<
      AerospikeRecord<{ visits: number }>
    >()
    expectTypeOf(sync.operate<{ visits: number }>(key, ops)).toEqualTypeOf<AerospikeRecord<{ visits: number }>>()
  })
})

describe('operateOrdered', () => {
  test('gives one result for each operation that answers', () => {
    const { results } = sync.operateOrdered(key, [
      op.incr('n', 1),
      lists.append('l', 1),
      lists.clear('l'),
      op.read('n'),
      maps.getByKey('m', 'k').andReturn(maps.returnType.INDEX),
    ])
    expectTypeOf(results).toEqualTypeOf<
      [
        [bin: 'l', value: number],
        [bin: 'l', value: null],
        [bin: 'n', value: number | bigint],
        [bin: 'm', value: number | null],
      ]
    >()
    const [[, size]] = results
    expectTypeOf(size).toEqualTypeOf<number>()
  })

  test('does not know how many where all bins are read', () => {
    const { results } = sync.operateOrdered(key, [op.read(), lists.size('l')])
    expectTypeOf(results).toEqualTypeOf<[...[bin: string, value: ReadValue][], [bin: 'l', value: number | null]]>()
    const operations: Operation[] = []
    expectTypeOf(client.operateOrdered(key, operations))
      .resolves.toHaveProperty('results')
      .toEqualTypeOf<[bin: string, value: ReadValue][]>()
  })

  test('of a hundred operations is inferred, too', () => {
    type Hundred = [...Ten, ...Ten, ...Ten, ...Ten, ...Ten, ...Ten, ...Ten, ...Ten, ...Ten, ...Ten]
    type Ten = [Size, Size, Size, Size, Size, Size, Size, Size, Size, Size]
    type Size = ReturnType<typeof lists.size<'l'>>
    const { results } = sync.operateOrdered(key, [] as unknown as Hundred)
    expectTypeOf(results).toHaveProperty('99').toEqualTypeOf<[bin: 'l', value: number | null]>()
    expectTypeOf(results.length).toEqualTypeOf<100>()
  })
})
