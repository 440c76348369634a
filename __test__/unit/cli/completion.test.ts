// Completion: the script of each shell knows every command and option, and bash completes with it.
import { execFileSync } from 'node:child_process'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { completionScript, SHELLS } from '../../../cli/completion.mjs'
import { buildProgram } from '../../../cli/program.mjs'

const program = buildProgram()
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)]

describe.each(SHELLS)('the script for %s', shell => {
  const script = completionScript(program, shell)

  test('has every command and option', () => {
    for (const command of all(program)) {
      if (command !== program) expect(script).toContain(command.name())
      for (const { long } of command.options) {
        expect(script).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : (long ?? ''))
      }
    }
  })

  test.skipIf(!isInstalled(shell))('is accepted by the shell', () => {
    expect(execFileSync(shell, ['-n', '-c', script], { encoding: 'utf8' })).toBe('')
  })
})

function isInstalled(shell: string): boolean {
  try {
    execFileSync(shell, ['-c', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(!isInstalled('bash'))('bash', () => {
  /** What bash suggests for the last of the words. */
  function suggestions(...words: string[]): string[] {
    const quoted = words.map(word => `'${word}'`).join(' ')
    const script = `${completionScript(program, 'bash')}
      COMP_WORDS=(aerospike-napi ${quoted}); COMP_CWORD=${words.length}
      _aerospike_napi
      printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: import.meta.dirname })
      .split('\n')
      .filter(Boolean)
  }

  test('completes commands, subcommands, options and their values', () => {
    expect(suggestions('sc')).toEqual(['scan'])
    expect(suggestions('indexes', 'c')).toEqual(['create', expect.stringContaining('completion.test.ts')])
    expect(suggestions('scan', 'test/users', '--wh')).toEqual(['--where'])
    expect(suggestions('--hosts', 'h', 'scan', '--nd')).toEqual(['--ndjson'])
    expect(suggestions('import', '--exists', 'cre')).toEqual(['create-only'])
    expect(suggestions('get', '--key-type', 's')).toEqual(['string'])
    expect(suggestions('import', 'compl')).toEqual(['completion.test.ts'])
    expect(suggestions('scan', '--where', 'a')).toEqual([])
  })
})
