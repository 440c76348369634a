/** The child process of one job: `child.ts <job as JSON>`. Prints results as lines of JSON after RESULT. */
import { createInterface } from 'node:readline'
import { rss } from '../suites/rss'
import { type Job, type MeasureJob, RESULT } from './job'
import { prepare } from './measure'
import { load, unload } from './records'

function print(result: unknown): void {
  process.stdout.write(`${RESULT}${JSON.stringify(result ?? null)}\n`)
}

/** Measures a round for each line of standard input, until it ends. */
async function measureRounds(job: MeasureJob): Promise<void> {
  const measurable = await prepare(job)
  print('ready')
  for await (const _ of createInterface(process.stdin)) print(await measurable.round())
  await measurable.close()
}

async function run(job: Job): Promise<void> {
  switch (job.kind) {
    case 'measure':
      return measureRounds(job)
    case 'rss':
      return print(await rss(job))
    case 'load':
      return print(await load(job.target, job.queryRows))
    case 'unload':
      return print(await unload(job.target, job.queryRows))
  }
}

run(JSON.parse(process.argv[2] ?? '') as Job).then(
  // Exit explicitly: a client that keeps the process alive must not delay the runner.
  () => process.stdout.write('', () => process.exit(0)),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
