import { Argument, type Command } from 'commander'
import { completionScript, SHELLS, type Shell } from '../completion.mjs'
import { stdout } from '../output.mjs'
import { runs } from './command.mjs'

/** `completion`: prints the completion script of a shell. */
export function completionCommand(program: Command): Command {
  const command = program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
  return runs(command, async ([shell]) => {
    await stdout.write(completionScript(program, shell as Shell))
    return undefined
  })
}
