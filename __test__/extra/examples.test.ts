// The larger examples, as `make` runs them; and those that are packages of their own: installs what they need, checks their
// types, and runs their tests. The tests of fastify-service take longer: `make test-service` and CI run them.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'

/** The runner's own variables would make a test runner that it starts behave differently. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:NODE_OPTIONS|NODE_ENV|VITEST.*|NODE_TEST_CONTEXT)$/.test(name)),
)

/** What each prints when it has succeeded. */
const PROGRAMS = {
  demo: /Every value of the \d\d\d,\d\d\d rows equals/,
  export: /rows in \d+ record batches/,
  'feature-store': /All 20,000 articles as \d+ Arrow record batches/,
  metrics: /^ *get .*\n[\s\S]*Connections/m,
  tracing: /(\d+) spans were made, \1 exported, 0 failed, 0 dropped/,
}

test.each(Object.entries(PROGRAMS))('%s', async (name, expected) => {
  const folder = join(root, 'examples')
  const args = [join(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', join(folder, 'tsconfig.json')]
  const { AEROSPIKE_HOST: _, ...own } = env
  const { stdout } = await runFile(process.execPath, [...args, join(folder, name, `${name}.ts`)], { env: own })
  expect(stdout).toMatch(expected)
})

test.concurrent.each([
  ['fastify-provider', '# pass 4'],
  ['nest-provider', '# pass 6'],
  ['web-sessions', '# pass 8'],
  ['electron-app', 'checks passed in Node.js'],
  ['jest-suite', 'Tests:       3 passed, 3 total'],
])(
  '%s',
  async (name, summary) => {
    const options = { cwd: join(root, 'examples', name), env, shell: process.platform === 'win32' }
    const npm = (...args: string[]) => runFile('npm', args, options)
    await npm('ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error')
    const { stdout, stderr } = await npm('test', '--silent')
    // node:test writes a summary to the output, Jest to the other stream.
    expect(`${stdout}${stderr}`.split('\n')).toContain(summary)
  },
  400_000,
)
