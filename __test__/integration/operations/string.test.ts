import { bits, lists, op, strings } from 'aerospike-napi'
import { describe, expect, test } from 'vitest'
import { CLIENTS } from '../../helpers/clients.js'
import { benchOf, PARAMETER } from '../../helpers/operations.js'

// Servers before 8.2 know none of these: they refuse them, and the connection stays as good as it was.
describe.each(CLIENTS)('strings, on a server before 8.2, $name', kind => {
  const { client, record, refused } = benchOf(kind, 'strings')

  test('each is refused, and nothing is written', async () => {
    const operations = [
      strings.strlen('s'),
      strings.find('s', 'x'),
      strings.regexCompare('s', 'a.*'),
      strings.toString('s'),
      strings.upper('s'),
      strings.concat('s', ['a', 'b']),
      strings.regexReplace('s', 'a', 'b'),
      lists.join('l'),
      bits.b64Encode('b'),
    ]
    for (const operation of operations) {
      const bins = { s: 'abc', l: ['a'], b: Buffer.from('b') }
      expect(await refused(bins, op.write('x', 1), operation)).toMatchObject(PARAMETER)
    }
    const key = await record({ s: 'abc' })
    expect((await client().operate(key, [op.read('s')])).bins).toEqual({ s: 'abc' })
  })
})
