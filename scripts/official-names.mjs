// Writes the public names of the official client (npm `aerospike`) to scripts/client-names.json: by owner, such as a
// class, an interface or an object of builders. Run it when a new version appears. The names come from its types and from
// what it exports at run time, so it needs an installation whose addon loads.
//
//   node scripts/official-names.mjs benchmark/node_modules/aerospike            writes the names
//   node scripts/official-names.mjs benchmark/node_modules/aerospike --check    fails if they are outdated
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { clientNames } from './doc-tables.mjs'
import { root } from './entries.mjs'
import { formattedJson, writeGenerated } from './generated.mjs'

const folder = resolve(process.argv[2] ?? '')
const load = createRequire(join(folder, 'package.json'))
const runtime = load(folder)
const { version } = load('./package.json')

const path = join(folder, 'lib', 'aerospike.d.ts')
const program = ts.createProgram([path], { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] })
const checker = program.getTypeChecker()
const file = program.getSourceFile(path)

/** Whether a symbol is declared by the package, and not by Node.js, such as the members of an event emitter. */
const own = symbol => symbol.declarations?.every(declaration => declaration.getSourceFile() === file) ?? false
/** Names that are internal to the client, although its types list them. */
const isInternal = name => name.startsWith('_') || name.startsWith('__') || name === 'prototype'

/** owner -> names */
const owners = new Map()
function add(owner, names) {
  const known = owners.get(owner) ?? new Set()
  for (const name of names) if (!isInternal(name)) known.add(name)
  if (known.size > 0) owners.set(owner, known)
}

/** Names of what a symbol stands for: fields and methods of classes and interfaces, members of enums and namespaces. */
function readSymbol(name, symbol) {
  const { flags } = symbol
  if (flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) {
    const type = checker.getDeclaredTypeOfSymbol(symbol)
    const inherited = new Set(type.getBaseTypes()?.flatMap(base => base.getProperties().map(({ name }) => name)))
    const members = type.getProperties().filter(own)
    add(
      name,
      members.map(member => member.name).filter(member => !(isPolicy(name) && inherited.has(member))),
    )
    if (flags & ts.SymbolFlags.Class) {
      add(
        name,
        checker
          .getTypeOfSymbol(symbol)
          .getProperties()
          .filter(own)
          .map(member => `${name}.${member.name}`),
      )
    }
  }
  if (flags & (ts.SymbolFlags.Enum | ts.SymbolFlags.Namespace)) {
    for (const member of checker.getExportsOfModule(symbol)) {
      if (member.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) continue
      // The classes of operations are types only: at run time the module has just the functions.
      const isClass = (member.flags & ts.SymbolFlags.Class) !== 0
      if (!isClass || member.name in (runtime[name] ?? {})) add(name, [member.name.replace(/^_var$/, 'var')])
      if (!owners.has(member.name)) readSymbol(isClass ? member.name : `${name}.${member.name}`, member)
    }
  }
}

const isPolicy = name => /Policy(Options)?$/.test(name) && !name.startsWith('BasePolicy')

/** Adds what exists at run time and is missing in the types. */
function readObject(name, value, seen = new Set()) {
  if (typeof value !== 'object' || value === null || seen.has(value)) return
  seen.add(value)
  add(name, Object.keys(value))
  for (const [key, member] of Object.entries(value))
    if (member?.constructor === Object) readObject(`${name}.${key}`, member, seen)
}

const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file))
for (const symbol of exported) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  readSymbol(symbol.name, target)
}
for (const [name, value] of Object.entries(runtime)) if (value?.constructor === Object) readObject(name, value)

// The types declare the context of nested values as an interface.
add(
  'Context',
  Object.getOwnPropertyNames(runtime.cdt.Context.prototype).filter(name => name !== 'constructor'),
)

// `FooOptions` has the fields of the class `Foo`; `AEROSPIKE_FOO` is `FOO`; the classes of `policy` are exports, too.
for (const owner of [...owners.keys()]) {
  const of = owners.get(owner.replace(/Options$/, ''))
  if (owner.endsWith('Options') && of !== undefined) {
    for (const name of owners.get(owner)) of.add(name)
    owners.delete(owner)
  }
}
const status = owners.get('status')
for (const name of status) if (name.startsWith('AEROSPIKE_') && status.has(name.slice(10))) status.delete(name)
const numbers = Object.fromEntries(
  [...status].filter(name => typeof runtime.status[name] === 'number').map(name => [name, runtime.status[name]]),
)
add('module', Object.keys(runtime))
add(
  'types',
  exported.filter(({ flags }) => flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)).map(({ name }) => name),
)

const byName = (a, b) => (a < b ? -1 : 1)
const official = Object.fromEntries(
  [...owners].sort(([a], [b]) => byName(a, b)).map(([name, names]) => [name, [...names].sort(byName)]),
)
const count = [...owners.values()].reduce((sum, names) => sum + names.size, 0)
console.log(`aerospike ${version} has ${count} public names`)
const updated = { ...clientNames, officialVersion: version, officialStatus: numbers, official }
writeGenerated('scripts/client-names.json', formattedJson(updated))
