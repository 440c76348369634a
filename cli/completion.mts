/**
 * Completion scripts for shells, generated from the commands and their options.
 */
import type { Command, Option } from 'commander'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** A command, as far as completion needs it. */
interface Node {
  /** The words that name it, such as `indexes create`; empty for the program. */
  readonly path: string
  readonly description: string
  readonly options: readonly Option[]
  readonly subcommands: readonly { readonly name: string; readonly description: string }[]
}

function nodesOf(program: Command): Node[] {
  const nodes: Node[] = []
  const visit = (command: Command, path: string, inherited: readonly Option[]): void => {
    const own = [...command.createHelp().visibleOptions(command)]
    const options = [...own, ...inherited.filter(option => !own.some(each => each.long === option.long))]
    const subcommands = command.commands.map(each => ({ name: each.name(), description: each.description() }))
    nodes.push({ path, description: command.description(), options, subcommands })
    for (const each of command.commands) visit(each, `${path} ${each.name()}`.trim(), options)
  }
  visit(program, '', [])
  return nodes
}

const flagsOf = (option: Option): string[] =>
  [option.short, option.long].filter(flag => flag !== undefined && flag !== null) as string[]

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Options whose value is the path of a file. */
const takesFile = (option: Option): boolean => /<file>|<program>/.test(option.flags)

const takesValue = (option: Option): boolean => option.required || option.optional

/** Returns the completion script of a shell. */
export function completionScript(program: Command, shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash(program)
    case 'zsh':
      return zsh(program)
    case 'fish':
      return fish(program)
  }
}

function bash(program: Command): string {
  const nodes = nodesOf(program)
  const words = nodes.map(({ path, options, subcommands }) => {
    const all = [...subcommands.map(({ name }) => name), ...options.flatMap(flagsOf)]
    return `    ${quoted(path)}) words=${quoted(all.join(' '))} ;;`
  })
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => quoted(path))
  const values = new Map<string, string>()
  for (const option of nodes.flatMap(({ options }) => options)) {
    const flags = flagsOf(option).join('|')
    if (option.argChoices !== undefined) {
      values.set(
        flags,
        `    ${flags}) COMPREPLY=($(compgen -W ${quoted(option.argChoices.join(' '))} -- "$current")); return ;;`,
      )
    } else if (takesValue(option) && takesFile(option)) {
      values.set(flags, `    ${flags}) COMPREPLY=($(compgen -f -- "$current")); return ;;`)
    } else if (takesValue(option)) values.set(flags, `    ${flags}) return ;;`)
  }
  const name = program.name()
  return `# Completion of ${name} for bash: eval "$(${name} completion bash)"
_aerospike_napi() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' word words=''
  COMPREPLY=()
  case $previous in
${[...values.values()].join('\n')}
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case $path in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}
complete -o filenames -F _aerospike_napi ${name}
`
}

function zsh(program: Command): string {
  const nodes = nodesOf(program)
  const escaped = (text: string): string => text.replace(/[\\:[\]]/g, '\\$&')
  const cases = nodes.map(({ path, options, subcommands }) => {
    const commands = subcommands.map(({ name, description }) => quoted(`${name}:${escaped(description)}`))
    const flags = options.flatMap(option => {
      const value = !takesValue(option)
        ? ''
        : option.argChoices !== undefined
          ? `:value:(${option.argChoices.join(' ')})`
          : `:value:${takesFile(option) ? '_files' : ' '}`
      return flagsOf(option).map(flag => quoted(`${flag}[${escaped(option.description)}]${value}`))
    })
    return `    ${quoted(path)})
      commands=(${commands.join(' ')})
      options=(${flags.join(' ')}) ;;`
  })
  const paths = nodes.filter(({ path }) => path !== '').map(({ path }) => quoted(path))
  const name = program.name()
  return `#compdef ${name}
# Completion of ${name} for zsh: source <(${name} completion zsh)
_aerospike_napi() {
  local word path=''
  local -a commands options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${path:+$path }$word" in
      ${paths.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case $path in
${cases.join('\n')}
  esac
  if (( \${#commands} )) && [[ $words[CURRENT] != -* ]]; then
    _describe command commands
  else
    _arguments -s $options '*:file:_files'
  fi
}
compdef _aerospike_napi ${name}
`
}

function fish(program: Command): string {
  const name = program.name()
  const lines = nodesOf(program).flatMap(({ path, options, subcommands }) => {
    const here = quoted(`__aerospike_napi_at ${quoted(path).slice(1, -1)}`)
    const commands = subcommands.map(
      ({ name: each, description }) => `complete -c ${name} -n ${here} -f -a ${each} -d ${quoted(description)}`,
    )
    const flags = options.map(option => {
      const short = option.short ? ` -s ${option.short.slice(1)}` : ''
      const long = option.long ? ` -l ${option.long.slice(2)}` : ''
      const choices = option.argChoices === undefined ? '' : ` -f -a ${quoted(option.argChoices.join(' '))}`
      const value = takesValue(option) ? ` -r${choices}${choices === '' && !takesFile(option) ? ' -f' : ''}` : ''
      return `complete -c ${name} -n ${here}${short}${long}${value} -d ${quoted(option.description)}`
    })
    return [...commands, ...flags]
  })
  const paths = nodesOf(program)
    .filter(({ path }) => path !== '')
    .map(({ path }) => quoted(path))
  return `# Completion of ${name} for fish: ${name} completion fish | source
function __aerospike_napi_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$path $word")
    contains -- $next ${paths.join(' ')}; and set path $next
  end
  test "$path" = "$argv"
end
${lines.join('\n')}
`
}
