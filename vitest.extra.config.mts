import { defineConfig } from 'vitest/config'

/** What `make test-extra` runs: tests that fetch what they need, so they are no part of `make test`. */
export default defineConfig({
  test: {
    name: 'extra',
    include: ['__test__/extra/**/*.test.ts'],
    // The tests of a site that is already built run where nothing else is.
    globalSetup: process.env.SITE_DIR ? [] : './__test__/helpers/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2, // each file installs into a folder of its own
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // As in vitest.config.mts: shared CI machines stall for seconds.
    retry: process.env.CI ? 1 : 0,
  },
})
