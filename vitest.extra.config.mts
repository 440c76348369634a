import { defineConfig } from 'vitest/config'

/** What `make test-extra` runs: tests that fetch what they need, so they are no part of `make test`. */
export default defineConfig({
  test: {
    name: 'extra',
    include: ['__test__/extra/**/*.test.ts'],
    globalSetup: './__test__/helpers/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2, // each file installs into a folder of its own
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
})
