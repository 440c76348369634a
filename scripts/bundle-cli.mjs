// Bundles cli/ with the packages that it needs into .cache/cli/main.mjs, one ES module. Writes the licences of those packages
// to .cache/cli/THIRD_PARTY.md, and their names and versions to .cache/cli/packages.json, for the bill of materials. Only aerospike-napi and apache-arrow stay outside: they are dependencies of the
// package aerospike-napi-cli.
//
//   node scripts/bundle-cli.mjs
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { CLI_BUNDLE, root } from './entries.mjs'

const bundle = await rolldown({
  input: { main: join(root, 'cli', 'main.mts') },
  platform: 'node',
  transform: { target: 'node20' },
  tsconfig: join(root, 'cli', 'tsconfig.json'),
  external: /^(?:aerospike-napi|apache-arrow)(?:\/|$)/,
  onLog(level, log) {
    if (level !== 'info') throw new Error(log.message)
  },
})
const { output } = await bundle.generate({
  format: 'es',
  banner: '#!/usr/bin/env node',
  comments: { legal: true, annotation: true, jsdoc: false },
  entryFileNames: '[name].mjs',
})
await bundle.close()
if (output.length !== 1) throw new Error(`the bundler wrote ${output.map(({ fileName }) => fileName)}`)
mkdirSync(CLI_BUNDLE, { recursive: true })
write('main.mjs', output[0].code, 0o755)
const packages = bundled(output[0].moduleIds)
write('THIRD_PARTY.md', licences(packages), 0o644)
write('packages.json', `${JSON.stringify(packages.map(({ name, version }) => `${name}@${version}`))}\n`, 0o644)

/** Replaces a file at once: tests of several processes can need it at the same time. */
function write(name, text, mode) {
  const temporary = join(CLI_BUNDLE, `${name}.${process.pid}.tmp`)
  writeFileSync(temporary, text, { mode })
  renameSync(temporary, join(CLI_BUNDLE, name))
}

/** The packages of the bundled modules, with the texts of their licences. */
function bundled(modules) {
  const folders = modules.flatMap(
    id => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'))?.[1] ?? [],
  )
  const packages = [...new Set(folders)].map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    if (license !== 'MIT' && license !== 'ISC') throw new Error(`${name}: decide about the licence ${license}`)
    const file = readdirSync(folder).find(name => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(name))
    if (file === undefined) throw new Error(`${name} has no text of its licence`)
    return { name, version, license, text: readFileSync(join(folder, file), 'utf8').trim() }
  })
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function licences(packages) {
  const sections = packages.map(
    ({ name, version, license, text }) => `## ${name} ${version} (${license})\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  )
  return `# Third-party software\n\nThis package contains these npm packages.\n\n${sections.join('\n')}`
}
