import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const lib = (path: string): string => fileURLToPath(new URL(`./lib/${path}`, import.meta.url))

/** Tests import the package by its name, and get the sources: no build between an edit and its test. */
const alias = [
  { find: /^aerospike-napi$/, replacement: lib('index.ts') },
  { find: /^aerospike-napi\/arrow$/, replacement: lib('arrow.ts') },
  { find: /^aerospike-napi\/opentelemetry$/, replacement: lib('opentelemetry.ts') },
  { find: /^aerospike-napi\/opentelemetry-metrics$/, replacement: lib('opentelemetry-metrics.ts') },
  { find: /^aerospike-napi\/prometheus$/, replacement: lib('prometheus.ts') },
  { find: /^aerospike-napi\/keyv$/, replacement: lib('keyv.ts') },
  { find: /^aerospike-napi\/nestjs$/, replacement: lib('nestjs.ts') },
  { find: /^aerospike-napi\/session$/, replacement: lib('session.ts') },
  { find: /^aerospike-napi\/testing$/, replacement: lib('testing.ts') },
]

const server = './__test__/helpers/global-setup.ts'

// Integration tests wait more than they compute, so one more than there are processors keeps all of them busy.
const maxWorkers = availableParallelism() + 1

export default defineConfig({
  test: {
    // A process of its own for every file: an addon must not be unloaded with a thread, and state must not leak.
    pool: 'forks',
    isolate: true,
    testTimeout: 15_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // Shared CI machines stall for seconds. `scripts/test.mjs` names each test that needed its second attempt.
    retry: process.env.CI ? 1 : 0,
    coverage: { include: ['lib/**'], reportsDirectory: 'coverage' },
    projects: [
      {
        extends: true,
        resolve: { alias },
        test: { name: 'unit', include: ['__test__/unit/**/*.test.ts'], maxWorkers, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        resolve: { alias },
        test: {
          name: 'integration',
          include: ['__test__/integration/**/*.test.ts'],
          // Two I/O threads also where the default is one, so that calls run on several at once. The projects below keep
          // the default.
          env: { AEROSPIKE_RUNTIME_WORKERS: process.env.AEROSPIKE_RUNTIME_WORKERS ?? '2' },
          globalSetup: server,
          maxWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        resolve: { alias },
        test: {
          // Processes that exit, workers that are terminated, loops that are measured: one file at a time.
          name: 'lifecycle',
          include: ['__test__/lifecycle/**/*.test.ts'],
          globalSetup: server,
          fileParallelism: false,
          execArgv: ['--expose-gc'],
          testTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['__test__/package/**/*.test.ts'],
          globalSetup: server,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        resolve: { alias },
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['__test__/types/**/*.test-d.ts'],
            tsconfig: './__test__/tsconfig.json',
          },
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})
