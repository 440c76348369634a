// Servers that break the protocol. Each process makes calls of every kind while the answers are changed; a crash, a hang or a
// wrong record afterwards is a failure. `make test-extra` tries more mutations.
import { inject, test } from 'vitest'
import { expectHarmless } from '../helpers/hostile.js'

test('a hundred mutations of its answers end no process, leave no call unsettled, and harm no later call', async () => {
  await expectHarmless(inject('aerospike').address, 1, 100)
})
