// Bundles lib/ into dist/ with Rolldown:
//
// - dist/<entry>.js, CommonJS: thin files that take what they export from dist/aerospike-napi.js, the code that the entry
//   points share. So each class exists once, whichever entry points a program loads.
// - dist/<entry>.mjs: re-exports the names of <entry>.js, so that a program that uses both module systems has one set of
//   classes and one native instance. Entries in ESM are real ES modules instead.
// - dist/internal.js: what those ES modules need of the shared code.
//
//   node scripts/bundle.mjs
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { entries, root } from './entries.mjs'

/** The file with the shared code. `lib/common/stacks.ts` finds the package's own stack frames by this name. */
const SHARED = 'aerospike-napi'
const INTERNAL = 'internal'
/**
 * Entry points that are built once for each module system. apache-arrow has classes of its own for each: a program in ESM
 * must get the tables of the ESM build, or `table instanceof Table` would be false.
 */
const ESM = ['./arrow']

const lib = join(root, 'lib')
const dist = join(root, 'dist')
const all = entries()
const nameOf = entry => basename(entry.cjs, '.js')
/** The modules that only one entry point uses: lib/<entry>.ts, and what is in lib/<entry>/. */
const ownerOf = path => nameOf(all.find(entry => inEntry(entry, path)) ?? { cjs: `${SHARED}.js` })
const inEntry = (entry, path) => {
  const file = relative(lib, path).replaceAll('\\', '/')
  return file === `${nameOf(entry)}.ts` || file.startsWith(`${nameOf(entry)}/`)
}

const input = {
  platform: 'node',
  tsconfig: join(root, 'tsconfig.json'),
  external: id => id.endsWith('.node') || /^[^./\0]/.test(id.replaceAll('\\', '/').replace(/^[A-Z]:\//, '/')),
  onLog(level, log) {
    if (level !== 'info') throw new Error(log.message)
  },
}
const output = {
  dir: dist,
  sourcemap: true,
  comments: { legal: false, annotation: true, jsdoc: false },
  minifyInternalExports: false,
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
}

/**
 * Some bundlers put CommonJS into an ES module without converting it, which fails at the first `exports` or `require`. The
 * error should state what to do about it.
 */
const INTO_ESM =
  'A bundler has put aerospike-napi, which is CommonJS, into an ES module. Set it to external: aerospike-napi'
const checkExports = `if (typeof exports === "undefined") throw new Error("${INTO_ESM}");`
const checkRequire = `try { require("node:module"); } catch (cause) { if (String(cause).includes("Dynamic require")) throw new Error("${INTO_ESM}", { cause }); }`

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
const internals = new Map()
for (const entry of all.filter(({ subpath }) => ESM.includes(subpath))) await buildModule(entry)
await buildCommonJs()

/** Builds the ES module of an entry point. All that is not its own comes from dist/internal.js. */
async function buildModule(entry) {
  const outside = {
    name: 'outside',
    resolveId(source, importer) {
      if (importer === undefined || !source.startsWith('.')) return null
      const path = resolve(dirname(importer), source)
      return inEntry(entry, `${path}.ts`) ? null : { id: `outside:${path}`, external: true }
    },
  }
  const chunk = await bundle(
    { ...input, input: { [nameOf(entry)]: join(root, entry.source) }, plugins: [outside] },
    'es',
  )
  const code = chunk.code.replace(/^import \{([^}]+)\} from "outside:([^"]+)";$/gm, (_, list, path) => {
    for (const binding of list.split(',')) addInternal(binding.trim().split(' as ')[0], path)
    return `import {${list}} from "./${INTERNAL}.js";`
  })
  if (code.includes('outside:')) throw new Error(`${entry.source}: an import that scripts/bundle.mjs does not expect`)
  write(chunk, code)
}

function addInternal(name, path) {
  if ((internals.get(name) ?? path) !== path) {
    throw new Error(
      `${relative(root, path)} and ${relative(root, internals.get(name))} both export ${name}: rename one`,
    )
  }
  internals.set(name, path)
}

async function buildCommonJs() {
  const virtual = {
    name: INTERNAL,
    resolveId: source => (source === INTERNAL ? `\0${INTERNAL}` : null),
    load: id =>
      id === `\0${INTERNAL}`
        ? [...internals].map(([name, path]) => `export { ${name} } from ${JSON.stringify(path)}`).join('\n')
        : null,
  }
  const build = await rolldown({
    ...input,
    input: { ...Object.fromEntries(all.map(entry => [nameOf(entry), join(root, entry.source)])), [INTERNAL]: INTERNAL },
    plugins: [virtual],
  })
  const { output: chunks } = await build.generate({
    ...output,
    format: 'cjs',
    banner: ({ name }) => (name === SHARED ? `${checkExports}\n${checkRequire}` : checkExports),
    codeSplitting: { groups: [{ name: SHARED, test: id => id.startsWith(lib) && ownerOf(id) === SHARED }] },
  })
  await build.close()
  const expected = [...all.map(nameOf), INTERNAL, SHARED].map(name => `${name}.js`).sort()
  const files = chunks.filter(({ type }) => type === 'chunk')
  const found = files.map(({ fileName }) => fileName).sort()
  if (found.join() !== expected.join()) throw new Error(`the bundler wrote ${found}, not ${expected}`)
  for (const chunk of files) write(chunk, plainExports(chunk))
  for (const entry of all.filter(({ subpath }) => !ESM.includes(subpath))) {
    const names = files.find(({ fileName }) => fileName === basename(entry.cjs)).exports
    if (names.includes('default'))
      throw new Error(`${entry.source} has a default export; this package has named ones only`)
    const list = names.sort().map(name => `  ${name},\n`)
    writeFileSync(
      join(root, entry.esm),
      `// Generated by scripts/bundle.mjs.\nexport {\n${list.join('')}} from './${basename(entry.cjs)}'\n`,
    )
  }
}

/**
 * Exports values instead of getters, which take milliseconds to define and to read. No export of lib/ changes its value. The
 * form of the result is one in which Node.js finds the names for `import`.
 */
function plainExports({ code, name, exports }) {
  const rest = code.split('\n')
  if (name === SHARED) {
    const getter =
      /^Object\.defineProperty\(exports, "(\w+)", \{\n\tenumerable: true,\n\tget: function\(\) \{\n\t\treturn ([\w$]+);\n\t\}\n\}\);\n/gm
    const found = [...code.matchAll(getter)].map(([, exported, local]) => [exported, local])
    const variable = found.find(([, local]) => new RegExp(`^let ${local.replace('$', '\\$')}\\b`, 'm').test(code))
    if (variable !== undefined) throw new Error(`${variable[0]} is exported and changes its value`)
    if (found.length !== exports.length) throw new Error('the bundler exports in a form that is not expected')
    return code.replace(getter, '').replace(/\n*(?=\/\/# sourceMappingURL)|$/, `\n${moduleExports(found)}\n`)
  }
  const line = /^exports\.(\w+) = require_aerospike_napi\.(\w+);$/
  const found = rest.map(text => line.exec(text)).filter(match => match !== null)
  if (found.length < exports.length) return code // It has code of its own.
  const names = new Set(found.map(([, , shared]) => shared))
  return [
    checkExports,
    `const { ${[...names].join(', ')} } = require("./${SHARED}.js");`,
    moduleExports(found.map(([, exported, shared]) => [exported, shared])),
    '',
  ].join('\n')
}

function moduleExports(pairs) {
  const list = pairs.map(([exported, local]) => `\t${exported === local ? exported : `${exported}: ${local}`},\n`)
  return `module.exports = {\n${list.join('')}};`
}

async function bundle(options, format) {
  const build = await rolldown(options)
  const { output: chunks } = await build.generate({ ...output, format, entryFileNames: '[name].mjs' })
  await build.close()
  return chunks[0]
}

function write(chunk, code) {
  // A class that was renamed would show its new name in messages and stack traces.
  const renamed = code.match(/^(?:var|let|const) (\w+\$\d+) = class\b(?! \w+ )|\bclass \w+\$\d+/gm)
  if (renamed !== null) throw new Error(`two classes or a class and a constant share a name: ${renamed.join(', ')}`)
  // The runtime stores text in ASCII in half of the memory, and compiles it faster.
  const ascii = code.replace(/[\u0080-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  writeFileSync(join(dist, chunk.fileName), ascii)
  if (chunk.map) {
    // The package has no sources; the map gives the place in lib/.
    const { sourcesContent: _, ...map } = JSON.parse(chunk.map.toString())
    writeFileSync(join(dist, `${chunk.fileName}.map`), JSON.stringify(map))
  }
}
