// Runs the programs of the documentation in a process of their own, and compares what they do with what the pages promise.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { LocalServer } from 'aerospike-napi/testing'
import { root } from './packed.js'
import { compile, filesOf, type Snippet } from './snippets.js'

interface Run {
  source: string
  failed?: { name: string; stack: string; line: number | null }
  logged: { line: number | null; text: string }[]
  ms: number
}

/** What the programs did, by their source. */
export type Runs = ReadonlyMap<string, Run>

/**
 * Runs the programs one after the other against a server of their own.
 *
 * @param snippets the programs; those that cannot run are left out
 * @param meanwhile called while they run, for example to check their types
 */
export async function runSnippets(snippets: readonly Snippet[], meanwhile: () => void): Promise<Runs> {
  const runnable = snippets.filter(snippet => snippet.skipped === undefined)
  await using server = await LocalServer.start()
  compile(runnable, server.address)
  const folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-snippets-'))
  try {
    const pages = new Set(snippets.map(({ page }) => page))
    for (const { name, text: content } of [...pages].flatMap(filesOf)) writeFileSync(join(folder, name), content)
    const runner = join(root, '__test__', 'helpers', 'run-snippets.mjs')
    const child = spawn(process.execPath, ['--enable-source-maps', runner, server.address], { cwd: folder })
    child.stdin.end(JSON.stringify(runnable.map(({ source, compiled }) => ({ source, compiled }))))
    const ended = Promise.all([text(child.stdout), text(child.stderr)])
    meanwhile()
    const [out, err] = await ended
    const runs = out
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line) as Run)
    if (runs.length < runnable.length) throw new Error(`the programs have ended early: ${err}`)
    return new Map(runs.map(run => [run.source, run]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const lineOf = (snippet: Snippet, line: number | null | undefined) => snippet.lines[(line ?? 0) - 1] ?? snippet.line

/** Where the programs of a page did something other than the page promises. */
export function problemsOf(page: string, snippets: readonly Snippet[], runs: Runs): string[] {
  const problems: string[] = []
  for (const snippet of snippets.filter(one => one.page === page && one.skipped === undefined)) {
    const run = runs.get(snippet.source) as Run
    if (run.failed?.name !== snippet.throws) {
      const line = lineOf(snippet, run.failed?.line)
      problems.push(`${page}:${line}: ${run.failed?.stack ?? `did not throw ${snippet.throws}`}`)
    }
    for (const { line, text: promised } of snippet.outputs) {
      const printed = run.logged
        .filter(log => lineOf(snippet, log.line) === line)
        .map(log => log.text.replace(/\s+/g, ' '))
      if (!printed.includes(promised)) problems.push(`${page}:${line}: prints ${printed.join(' | ')}, not ${promised}`)
    }
  }
  return problems
}
