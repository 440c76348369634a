// Servers that break the protocol: thousands of mutations, those of other seeds each day.
import { inject, test } from 'vitest'
import { expectHarmless } from '../helpers/hostile.js'

/** Number of mutations; HOSTILE_MUTATIONS=N sets another. */
const COUNT = Number(process.env.HOSTILE_MUTATIONS ?? 2000)
const DAY = Math.floor(Date.now() / 86_400_000)

test(`${COUNT} mutations of its answers end no process, leave no call unsettled, and harm no later call`, async () => {
  await expectHarmless(inject('aerospike').address, DAY * 100_000, COUNT)
})
