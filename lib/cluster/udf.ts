/**
 * User-defined functions: loading Lua modules, and parsing the server's responses about them.
 */
import { promises, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isUint8Array } from 'node:util/types'
import { checkBytes } from '../common/bytes'
import { describe } from '../common/describe'
import { invalidArgument, serverError } from '../common/errors'
import { checkOptions, optionsObject } from '../common/options'
import { quote } from '../common/shorten'
import type { TaskStatus } from '../tasks/task'
import { writeText, writeValue } from '../values/value'
import type { Writer } from '../wire/wire'
import type { InfoResult } from './info'
import { infoName } from './info'
import type { Watch } from './watch'

/** A module with its source. */
export interface UdfModule {
  /** Name of the module on the server, with the extension `.lua`. */
  name: string
  /** Source of the module, as text or UTF-8 bytes. */
  source: string | Uint8Array
}

/** A module: the path of a file, a file URL, or name and source. */
export type UdfSource = string | URL | UdfModule

/**
 * Finds the policy in the last arguments of `udfPut`: the policy alone, or after aerospike-py's number of the language.
 */
export function udfPutPolicy<P extends object>(
  first: P | 0 | null | undefined,
  second: P | null | undefined,
): P | null | undefined {
  if (typeof first !== 'number') return first
  if (first === 0) return second
  throw invalidArgument(`udfPut: udfType: 0 is needed, which is Lua, the only language; not ${describe(first)}`)
}

/** A registered module. */
export interface UdfInfo {
  /** Name of the module on the server, with the extension `.lua`. */
  readonly name: string
  /** Hash of the source. */
  readonly hash: string
  /** Language: `LUA`. */
  readonly type: string
}

/** A module that was read and validated. */
export interface LoadedModule {
  readonly name: string
  readonly source: Buffer
}

/** Validates the name of a module on the server. */
function checkedName(name: unknown, where: string): string {
  const text = infoName(name, where)
  if (!text.endsWith('.lua') || text === '.lua') {
    throw invalidArgument(
      `${where}: the name of a Lua module ends in .lua, which is the only language; not ${quote(text)}`,
    )
  }
  return text
}

/** Returns the name of a module with its extension, which the caller may omit. */
export function moduleFile(name: unknown, where: string): string {
  const text = infoName(name, where)
  return text.endsWith('.lua') ? text : `${text}.lua`
}

/** Returns the name of a module without its extension, as calls of its functions need it. */
export function moduleName(name: unknown, where: string): string {
  if (typeof name !== 'string' || name === '') {
    throw invalidArgument(
      `${where}: the name of a module is needed, not ${name === '' ? 'an empty string' : describe(name)}`,
    )
  }
  return name.endsWith('.lua') ? name.slice(0, -4) : name
}

/** Writes a function call. `where` is the prefix of error messages: the command's name, or empty for a batch row. */
export function writeCall(writer: Writer, module: unknown, fn: unknown, args: unknown, where: string): void {
  writeText(writer, moduleName(module, `${where}module`), 'module')
  if (typeof fn !== 'string' || fn === '') {
    const what = fn === '' ? 'an empty string' : describe(fn)
    throw invalidArgument(`${where}fn: the name of a function is needed, not ${what}`)
  }
  writeText(writer, fn, 'fn')
  const given = args ?? []
  if (!Array.isArray(given)) throw invalidArgument(`${where}args: a list of values is needed, not ${describe(args)}`)
  if (given.length > 0xffff)
    throw invalidArgument(`${where}args: ${given.length} arguments are more than a call can have`)
  writer.u16(given.length)
  for (const [index, value] of given.entries()) writeValue(writer, value, `${where}args[${index}]`)
}

function pathOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source
  return source instanceof URL ? fileURLToPath(source) : undefined
}

function given(source: UdfSource): LoadedModule {
  const module = optionsObject(source, 'udfRegister: the module')
  const { name, source: text } = module
  checkOptions(module, 'udfRegister: the module', ['name', 'source'])
  if (typeof text !== 'string' && !isUint8Array(text)) {
    throw invalidArgument(`udfRegister: module.source: a string or bytes are needed, not ${describe(text)}`)
  }
  const where = 'udfRegister: module.source'
  return checked(name, typeof text === 'string' ? Buffer.from(text) : Buffer.from(checkBytes(text, where)))
}

function checked(name: unknown, source: Buffer): LoadedModule {
  const file = checkedName(name, 'udfRegister: module.name')
  if (source.length === 0) throw invalidArgument(`udfRegister: the module ${file} is empty`)
  return { name: file, source }
}

function unreadableFile(path: string, cause: unknown): Error {
  return invalidArgument(`udfRegister: ${path} cannot be read: ${(cause as Error).message}`, cause)
}

/** Reads and validates a module. */
export async function loadModule(source: UdfSource): Promise<LoadedModule> {
  const path = pathOf(source)
  if (path === undefined) return given(source)
  const name = checkedName(basename(path), 'udfRegister: the file')
  const text = await promises.readFile(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause)
  })
  return checked(name, text)
}

/** Reads and validates a module; blocks the thread. */
export function loadModuleSync(source: UdfSource): LoadedModule {
  const path = pathOf(source)
  if (path === undefined) return given(source)
  const name = checkedName(basename(path), 'udfRegister: the file')
  let text: Buffer
  try {
    text = readFileSync(path)
  } catch (cause) {
    throw unreadableFile(path, cause)
  }
  return checked(name, text)
}

/** Splits `a=1;b=2` or `a=1,b=2`. */
function pairs(text: string, separator: string): Map<string, string> {
  const fields = text.split(separator).filter(field => field.includes('='))
  return new Map(fields.map(field => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]))
}

function fromBase64(text: string | undefined): string {
  return text === undefined ? '' : Buffer.from(text, 'base64').toString('utf8')
}

/** Turns the server's answer to a module that does not compile into a readable error with line and reason. */
export function compileError(error: unknown, name: string): unknown {
  const told = /compile_error;(?<fields>\S*)/.exec((error as Error).message)?.groups?.fields
  if (told === undefined) return error
  const fields = pairs(told, ';')
  const line = fields.get('line')
  const place = line === undefined ? name : `${name}:${line}`
  return serverError(
    100,
    `${place}: ${fromBase64(fields.get('message')) || 'it does not compile'}`,
    'udfRegister',
    error,
  )
}

/** Parses a node's list of modules. */
export function readModules(response: string): UdfInfo[] {
  return response
    .split(';')
    .filter(row => row !== '')
    .map(row => {
      // A name may contain commas and equals signs; the fields after it do not.
      const {
        name = '',
        hash = '',
        type = '',
      } = /^filename=(?<name>.*),hash=(?<hash>[^,]*),type=(?<type>[^,]*)$/s.exec(row)?.groups ?? {}
      return { name, hash, type }
    })
}

/** Parses the source of a module. */
export function readSource(response: string, name: string): string {
  const fields = pairs(response, ';')
  const content = fields.get('content')
  if (content !== undefined) return fromBase64(content)
  throw serverError(100, `there is no module ${name}: ${response}`, 'udfGet')
}

/** How to poll until all nodes have a module, or no node has it any more. */
export function moduleWatch(name: string, there: boolean): Watch {
  const read = (answers: readonly InfoResult[]): TaskStatus => {
    const as = answers.filter(({ response, error }) => {
      if (error !== null) throw error
      return readModules(response).some(module => module.name === name) === there
    })
    const progress = answers.length === 0 ? 0 : Math.floor((100 * as.length) / answers.length)
    return { done: progress === 100, progress }
  }
  return { request: 'udf-list', read }
}
