// A reporter of vitest: writes the errors that belong to no test, such as a rejected promise that nobody handled, to
// the file that VITEST_ERRORS names. `scripts/test.mjs` reports them, because the JSON report leaves them out.
import { writeFileSync } from 'node:fs'

export default class UnhandledErrors {
  onTestRunEnd(_modules, errors) {
    const facts = errors.map(({ type, name, message, stack, VITEST_TEST_PATH, VITEST_TEST_NAME }) => ({
      type,
      message: `${name ?? 'Error'}: ${message}`,
      stack,
      path: VITEST_TEST_PATH,
      test: VITEST_TEST_NAME,
    }))
    writeFileSync(process.env.VITEST_ERRORS, JSON.stringify(facts))
  }
}
