// Several filters at once, in every command that takes some: a record is left alone unless all of them are true.
import { batchRow, exp, type Key, op } from 'aerospike-napi'
import { beforeEach, describe, expect, test } from 'vitest'
import { CLIENTS, connectBefore, keysOf, rejection } from '../helpers/clients'

const keyOf = keysOf('filters')
const { set } = keyOf()
const COUNT = 20

const n = exp.binInt('n')
/** 5 to 19. */
const high = exp.ge(n, 5)
/** 0 to 9. */
const low = exp.lt(n, 10)
/** 0, 2, 4 ... */
const even = exp.eq(exp.mod(n, 2), 0)
const MIDDLE = [5, 6, 7, 8, 9]
const EVEN_MIDDLE = [6, 8]

const FILTERED_OUT = { name: 'FilteredOutError', code: 'FILTERED_OUT' }

describe.each(CLIENTS)('$name', kind => {
  const client = connectBefore(kind)
  const keys: Key[] = keyOf.many(COUNT)
  const [middle, outside] = [keys[6], keys[1]] as [Key, Key]
  const ofKind = kind.name

  const query = () =>
    client()
      .query<{ n: number }>('test', set)
      .filter(exp.eq(exp.binStr('kind'), ofKind))
  const sorted = (records: { bins: { n: number } }[]) => records.map(({ bins }) => bins.n).sort((a, b) => a - b)

  beforeEach(async () => {
    await Promise.all(keys.map((key, n) => client().put(key, { n, kind: ofKind }, null, { exists: 'replace' })))
  })

  describe('queries', () => {
    test('filter and filter', async () => {
      expect(sorted(await query().filter(high).filter(low).results())).toEqual(MIDDLE)
      expect(sorted(await query().filter(high).filter(low).filter(even).results())).toEqual(EVEN_MIDDLE)
    })

    test('filter and policy, in either order, by either name, and as bytes', async () => {
      for (const filtered of [
        () => query().filter(high).policy({ filterExpression: low }),
        () => query().policy({ filterExpression: low }).filter(high),
        () => query().filter(high).policy({ expressions: low.bytes }),
        () => query().policy({ filterExpression: high, expressions: low }),
        () => query().policy({ filterExpression: high }).policy({ filterExpression: low }),
        () => query().filter(high.bytes).filter(low.bytes),
        () => query().where(high).where(low.bytes),
        () => query().where(high).filter(low),
      ]) {
        expect(sorted(await filtered().results())).toEqual(MIDDLE)
        // The run's own comes to them.
        expect(sorted(await filtered().results({ filterExpression: even }))).toEqual(EVEN_MIDDLE)
        expect(sorted(await filtered().results({ expressions: even.bytes }))).toEqual(EVEN_MIDDLE)
        expect(await filtered().count()).toBe(MIDDLE.length)
        expect(await filtered().count({ filterExpression: even })).toBe(EVEN_MIDDLE.length)
      }
    })

    test('a run changes nothing for the next', async () => {
      const asked = query().filter(high)
      expect(await asked.count({ filterExpression: low })).toBe(MIDDLE.length)
      expect(await asked.count()).toBe(15)
    })

    test('columns and pages', async () => {
      const asked = query().filter(high).filter(low)
      const numbers: number[] = []
      for await (const { columns } of asked.columns({ n: 'i32' }, { filterExpression: even }))
        numbers.push(...columns.n)
      expect(numbers.sort((a, b) => a - b)).toEqual(EVEN_MIDDLE)
      const paged: { bins: { n: number } }[] = []
      for await (const { records } of asked.pages(2)) paged.push(...records)
      expect(sorted(paged)).toEqual(MIDDLE)
    })

    test('a cursor belongs to all of the filters', async () => {
      const first = await (async () => {
        for await (const { cursor } of query().filter(high).filter(low).pages(1)) return cursor
        throw new Error('there is no page')
      })()
      const pages = query().filter(high).pages(1, first)
      expect(await rejection((async () => pages.next())())).toMatchObject({
        name: 'InvalidArgError',
        message: expect.stringMatching(/cursor/),
      })
    })

    test('background jobs', async () => {
      const changed = () => query().filter(exp.binExists('done'))
      const job = await query()
        .filter(high)
        .filter(low)
        .operate([op.write('done', 1)])
      await job.wait()
      expect(sorted(await changed().results())).toEqual(MIDDLE)
      const other = await query()
        .filter(high)
        .operate([op.write('done', 2)], { filterExpression: low, expressions: even })
      await other.wait()
      expect(
        sorted(
          await changed()
            .filter(exp.eq(exp.binInt('done'), 2))
            .results(),
        ),
      ).toEqual(EVEN_MIDDLE)
    })

    test('what is wrong with one of them is said of it', async () => {
      for (const [wrong, where] of [
        [
          () =>
            query()
              .filter('n' as never)
              .results(),
          'filter',
        ],
        [
          () =>
            query()
              .filter(n as never)
              .results(),
          'filter',
        ],
        [
          () =>
            query()
              .filter(high)
              .results({ expressions: n as never }),
          'query policy.expressions',
        ],
        [() => query().filter(high).filter(exp.ael('$.n > 1')).results(), 'filter'],
      ] as const) {
        expect(await rejection((async () => wrong())())).toMatchObject({
          name: 'InvalidArgError',
          message: expect.stringContaining(`${where}: `),
        })
      }
    })
  })

  describe('filterExpression and expressions in one policy', () => {
    const both = { filterExpression: high, expressions: low }

    test('single records', async () => {
      const run = (key: Key) => [
        () => client().get(key, both),
        () => client().select(key, ['n'], both),
        () => client().exists(key, both),
        () => client().getMeta(key, both),
        () => client().operate(key, [op.read('n')], null, both),
        () => client().put(key, { seen: 1 }, null, both),
        () => client().operate(key, [op.write('seen', 1)], null, both),
        () => client().touch(key, null, null, both),
        () => client().increment(key, 'n', 0, null, both),
        () => client().remove(key, null, both),
      ]
      for (const command of run(middle)) await command()
      for (const command of run(outside)) expect(await rejection(command())).toMatchObject(FILTERED_OUT)
      expect(await client().getOrNull(middle)).toBeNull()
      expect((await client().get(outside)).bins).toEqual({ n: 1, kind: ofKind })
    })

    test('in the order of their names or not', async () => {
      await client().get(middle, { expressions: low, filterExpression: high })
      expect(
        await rejection(client().get(keys[15] as Key, { expressions: low, filterExpression: high })),
      ).toMatchObject(FILTERED_OUT)
    })

    test('the defaults of a client, and of one kind of call', async () => {
      const picky = await kind.connect({ ...both, policies: { write: { expressions: high } } })
      await picky.get(middle)
      expect(await rejection(picky.get(outside))).toMatchObject(FILTERED_OUT)
      expect(await rejection(picky.get(keys[15] as Key))).toMatchObject(FILTERED_OUT)
      // A kind's own replaces those at the top, and a call's those of the client.
      await picky.put(keys[15] as Key, { seen: 1 })
      expect(await rejection(picky.put(outside, { seen: 1 }))).toMatchObject(FILTERED_OUT)
      await picky.get(outside, { filterExpression: low })
      await picky.close()
    })
  })

  describe('batches', () => {
    const both = { filterExpression: high, expressions: low }
    const codes = (rows: Iterable<{ resultCode: number }>) =>
      [...rows].flatMap(({ resultCode }, row) => (resultCode === 0 ? [row] : []))

    test('both in the policy of the batch', async () => {
      expect(codes(await client().batchRead(keys, null, both))).toEqual(MIDDLE)
      expect(codes(await client().batchOperate(keys, [op.write('seen', 1)], both))).toEqual(MIDDLE)
      const columns = await client().batchReadColumns(keys, { n: 'i32' }, both)
      expect(codes([...columns.resultCodes].map(resultCode => ({ resultCode })))).toEqual(MIDDLE)
      expect(codes(await client().batchRemove(keys, both))).toEqual(MIDDLE)
    })

    test('one in the policy of the batch, others in those of rows', async () => {
      const policies = [{ filterExpression: low }, { expressions: low.bytes }]
      for (const policy of policies) {
        const rows = [
          keys.map(key => batchRow.read(key, null, policy)),
          keys.map(key => batchRow.write(key, { seen: 1 }, null, policy)),
          keys.map(key => batchRow.operate(key, [op.read('n')], null, policy)),
          keys.map(key => batchRow.operate(key, [op.write('seen', 1)], null, policy)),
        ]
        for (const batch of rows) {
          expect(codes(await client().batch(batch, { filterExpression: high }))).toEqual(MIDDLE)
          expect(codes(await client().batch(batch, { filterExpression: high, expressions: even }))).toEqual(EVEN_MIDDLE)
          // Rows without one have the batch's alone.
          const [first] = batch
          const mixed = [...keys.map(key => batchRow.read(key)), ...(first === undefined ? [] : [first])]
          expect(codes(await client().batch(mixed, { filterExpression: even }))).toEqual([
            0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20,
          ])
        }
      }
      const removed = keys.map(key => batchRow.remove(key, null, { filterExpression: low, expressions: even }))
      expect(codes(await client().batch(removed, { filterExpression: high }))).toEqual(EVEN_MIDDLE)
    })

    test('rows of one filter each, without any of the batch', async () => {
      const rows = keys.map((key, row) => batchRow.read(key, null, { filterExpression: row % 2 === 0 ? high : low }))
      expect(codes(await client().batch(rows))).toEqual([1, 3, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18])
    })
  })
})
