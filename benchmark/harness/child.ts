/** The child process of one job: `child.ts <job as JSON>`. Prints its result as one line of JSON. */
import { rss } from '../suites/rss'
import type { Job } from './job'
import { measure } from './measure'
import { load, unload } from './records'

async function run(job: Job): Promise<unknown> {
  switch (job.kind) {
    case 'measure':
      return measure(job)
    case 'rss':
      return rss(job)
    case 'load':
      return load(job.target, job.queryRows)
    case 'unload':
      return unload(job.target, job.queryRows)
  }
}

run(JSON.parse(process.argv[2] ?? '') as Job).then(
  // Exit explicitly: a client that keeps the process alive must not delay the runner.
  result => process.stdout.write(`${JSON.stringify(result ?? null)}\n`, () => process.exit(0)),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
