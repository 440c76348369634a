// What stands for each public name of the other clients here.
//
// scripts/client-names.json lists their public names by owner: a class, an interface, or an object such as
// `policy.exists`. scripts/official-names.mjs writes those of the official client.
//
// scripts/counterparts.json, the table, has sections for them. A section covers the names of the owners in `of`. Its
// `names` are those that differ; every other one has the same name in `here`, the object that corresponds to the owner
// ("" for the exports of the package). An entry is a target, or [target, note]; the target null means that there is no
// counterpart, and the note says why. Targets are paths such as `Client.getMeta`, separated by commas if there are
// several. `path:'value'` is a value that a property or type accepts, `code:NAME` the code of an error, and `=` the same
// name. `none` says why no name of the section has a counterpart. A section without a title continues the one before it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { aliases } from './alias-table.mjs'
import { camel, clientNames } from './doc-tables.mjs'
import { root } from './entries.mjs'

/** @typedef {{ title: string, of: string[], here?: string, note?: string, none?: string, names?: object }} Section */

/** @type {{ [client: string]: Section[] }} */
export const counterparts = JSON.parse(readFileSync(join(root, 'scripts', 'counterparts.json'), 'utf8'))

/** The public names of a client, by owner. */
export const namesOf = client => clientNames[client === 'official client' ? 'official' : client]

/** The result codes: `code` of an error -> number and class. */
export const resultCodes = await readResultCodes()

/**
 * The names of a section with their counterparts. `same` is set if it has the same name, `targets` is empty if there is
 * none.
 */
export function rowsOf(client, section) {
  const { of, here, none, names = {} } = section
  return of.flatMap(owner =>
    (namesOf(client)[owner] ?? []).map(name => {
      const entry = Object.hasOwn(names, name) ? names[name] : undefined
      const [target, note = ''] = Array.isArray(entry) ? entry : [entry ?? '=']
      if (none !== undefined) return { owner, name, targets: [], note: none, same: false }
      if (target === null) return { owner, name, targets: [], note, same: false }
      if (target !== '=') return { owner, name, targets: target.split(', '), note, same: false }
      return { owner, name, targets: [sameName(client, owner, name, here)], note, same: true }
    }),
  )
}

/** The path of the same name here: `put` of `Client` is `Client.put`. */
function sameName(client, owner, name, here) {
  if (name.startsWith(`${owner}.`)) return `${here}.${name.slice(owner.length + 1)}`
  const plain = client === 'aerospike-py' ? ours(owner, name) : name
  return here === '' ? plain : `${here}.${plain}`
}

/** aerospike-py's operations have a prefix, such as `list_`. Its constants and classes have the same names here. */
const ours = (owner, name) => {
  if (/^[A-Z]/.test(name)) return name
  return camel(OPERATIONS.has(owner) ? name.replace(/^(?:list|map|bit|hll)_/, '') : name)
}
const OPERATIONS = new Set(['lists', 'maps', 'bits', 'hll'])

/** The alias that a path names, if it is not a main name. */
export function aliasOf(path) {
  const parts = path.split('.')
  const [on, name] = parts.length === 1 ? ['exports', path] : [parts.slice(0, -1).join('.'), parts.at(-1)]
  const places = { ReadPolicy: 'policies', WritePolicy: 'policies', BatchPolicy: 'policies', QueryPolicy: 'policies' }
  return aliases.find(alias => alias.on === (places[on] ?? on) && alias.name === name)
}

/**
 * What is wrong with the table of a client: names without a section, entries for unknown names, targets that do not
 * exist, and result codes with other numbers.
 *
 * @param {string} client `official client` or `aerospike-py`
 * @param {Section[]} [sections] the table
 * @returns {string[]} one line for each problem
 */
export function problemsOf(client, sections = counterparts[client]) {
  const problems = []
  const names = namesOf(client)
  const covered = sections.flatMap(({ of }) => of)
  for (const owner of Object.keys(names)) {
    const times = covered.filter(other => other === owner).length
    if (times !== 1) problems.push(`${owner}: in ${times} sections`)
  }
  for (const section of sections) {
    const known = new Set(section.of.flatMap(owner => names[owner] ?? []))
    for (const owner of section.of)
      if (names[owner] === undefined) problems.push(`${owner}: the client has no such owner`)
    for (const name of Object.keys(section.names ?? {})) {
      if (!known.has(name)) problems.push(`${section.of}.${name}: the client has no such name`)
    }
    for (const { owner, name, targets, note } of rowsOf(client, section)) {
      if (targets.length === 0 && note === '') problems.push(`${owner}.${name}: no reason`)
      for (const target of targets) {
        if (!resolver().exists(target)) problems.push(`${owner}.${name}: there is no ${target}`)
        const number = clientNames.officialStatus[name]
        const code = target.startsWith('code:') ? resultCodes[target.slice(5)] : undefined
        if (code !== undefined && code.id !== number) problems.push(`${owner}.${name}: ${number} is not ${target}`)
      }
    }
  }
  return problems
}

/** The value of a constant that is a string, such as `POLICY_GEN_EQ`; undefined for everything else. */
export const stringOf = path => resolver().stringOf(path)

let created
/** Looks targets up in index.d.ts. */
function resolver() {
  created ??= createResolver()
  return created
}

function createResolver() {
  const file = join(root, 'index.d.ts')
  const program = ts.createProgram([file], {
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    strict: true,
    skipLibCheck: true,
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const exported = new Map(
    checker.getExportsOfModule(checker.getSymbolAtLocation(source)).map(symbol => {
      return [symbol.name, symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol]
    }),
  )
  const isType = ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias

  /** The types that an export stands for: that of its instances, and that of the value. */
  function typesOf(symbol) {
    const types = []
    if (symbol.flags & isType) types.push(checker.getDeclaredTypeOfSymbol(symbol))
    if (symbol.flags & ts.SymbolFlags.Value) types.push(checker.getTypeOfSymbol(symbol))
    return types
  }

  function find(path) {
    const [first, ...members] = path.split('.')
    const symbol = exported.get(first)
    if (symbol === undefined) return []
    let types = typesOf(symbol)
    for (const member of members) {
      const found = types.map(type => checker.getNonNullableType(type)).flatMap(type => type.getProperty(member) ?? [])
      types = found.map(property => checker.getTypeOfSymbol(property))
    }
    return types
  }

  return {
    exists(target) {
      if (target.startsWith('code:')) return resultCodes[target.slice(5)] !== undefined
      const [path, literal] = target.split(':')
      const types = find(path)
      if (literal === undefined) return types.length > 0
      const values = types.flatMap(type => (type.isUnion() ? type.types : [type]))
      return values.some(type => type.isStringLiteral() && `'${type.value}'` === literal)
    },
    stringOf(path) {
      const [type] = find(path)
      return /[A-Z]$/.test(path) && type?.isStringLiteral() ? type.value : undefined
    },
  }
}

/** The server's result codes of lib/catalog: `RECORD_NOT_FOUND` -> `{ id: 2, error: 'RecordNotFoundError' }`. */
async function readResultCodes() {
  const source = readFileSync(join(root, 'lib', 'catalog', 'result-codes.ts'), 'utf8')
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext } })
  const module = await import(`data:text/javascript,${encodeURIComponent(outputText)}`)
  return module.RESULT_CODES
}
