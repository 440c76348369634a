// Writes npm/: the packages with the binaries, one per target of `napi.targets` in package.json for the addon
// (npm/<platform>) and one for aerospike-local (npm/aerospike-local-<platform>), and the manifests of aerospike-local and
// aerospike-napi-cli, whose other files are not generated.
//
//   node scripts/platform-packages.mjs            writes changed files
//   node scripts/platform-packages.mjs --check    fails if they are outdated or a version differs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseTriple } from '@napi-rs/cli'
import ts from 'typescript'
import { root } from './entries.mjs'

const check = process.argv.includes('--check')
const main = JSON.parse(read('package.json'))
const local = 'aerospike-local'
const cli = 'aerospike-napi-cli'
const problems = []

const targets = main.napi.targets.map(triple => ({ triple, ...parseTriple(triple) }))
for (const { triple, platform, arch, abi, platformArchABI } of targets) {
  const addon = `${main.napi.binaryName}.${platformArchABI}.node`
  const server = platform === 'win32' ? `${local}.exe` : local
  const libc = { gnu: ['glibc'], musl: ['musl'] }[abi]
  const common = { license: main.license, engines: main.engines, os: [platform], cpu: [arch], ...(libc && { libc }) }
  writePackage(
    platformArchABI,
    {
      name: `${main.napi.packageName}-${platformArchABI}`,
      version: main.version,
      description: `The addon of ${main.name} for ${triple}`,
      main: addon,
      files: [addon],
      ...common,
    },
    `The addon of ${link(main.name)} for \`${triple}\`. Install \`${main.name}\`, which brings the right one of these packages
with it.`,
  )
  writePackage(
    `${local}-${platformArchABI}`,
    {
      name: `${local}-${platformArchABI}`,
      version: main.version,
      description: `The program ${local} for ${triple}`,
      files: [server],
      // Yarn's Plug'n'Play keeps packages in archives unless they ask for files: a program must be a file to run.
      preferUnplugged: true,
      ...common,
    },
    `The program ${link(local)} for \`${triple}\`. Install \`${local}\`, which brings the right one of these packages with it.`,
  )
}

write(
  `npm/${local}/package.json`,
  json({
    name: local,
    version: main.version,
    description: 'A small in-memory server that speaks the Aerospike protocol, for development, tests and CI',
    keywords: ['aerospike', 'server', 'in-memory', 'testing'],
    license: main.license,
    type: 'commonjs',
    main: './index.js',
    types: './index.d.ts',
    bin: { [local]: 'bin.js' },
    files: ['bin.js', 'index.js', 'index.d.ts', 'platform.js'],
    engines: main.engines,
    optionalDependencies: Object.fromEntries(
      targets.map(({ platformArchABI }) => [`${local}-${platformArchABI}`, main.version]),
    ),
  }),
)
write(
  `npm/${cli}/package.json`,
  json({
    name: cli,
    version: main.version,
    description:
      'The command line of aerospike-napi: read, write, query, import and export records of an Aerospike cluster',
    keywords: ['aerospike', 'cli', 'import', 'export', 'csv', 'arrow'],
    license: main.license,
    type: 'module',
    // A name of its own: two packages with the same command would overwrite each other's. The main package has `aerospike-napi`.
    bin: { [cli]: 'dist/main.mjs' },
    files: ['dist'],
    engines: main.engines,
    dependencies: { [main.name]: main.version },
    // Only for Arrow files.
    optionalDependencies: { 'apache-arrow': main.devDependencies['apache-arrow'] },
    // Only for the command chaos.
    peerDependencies: { [local]: `^${main.version}` },
    peerDependenciesMeta: { [local]: { optional: true } },
  }),
)
const { outputText } = ts.transpileModule(read('lib/native/platform.ts'), {
  compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, removeComments: true },
})
write(
  `npm/${local}/platform.js`,
  `// Generated from lib/native/platform.ts by \`make types\`. Do not edit.\n${outputText}`,
)

const crates = /\[workspace\.package\][^[]*?version = "([^"]+)"/.exec(read('Cargo.toml'))?.[1]
if (crates !== main.version) {
  problems.push(`package.json says version ${main.version}, Cargo.toml ${crates}: the addon would refuse to be loaded`)
}
if (main.peerDependencies[local] !== `^${main.version}`) {
  problems.push(`package.json: peerDependencies.${local} must be ^${main.version}`)
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0

function link(name) {
  return `[${name}](https://www.npmjs.com/package/${name})`
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`
}

function writePackage(folder, manifest, text) {
  write(`npm/${folder}/package.json`, json(manifest))
  write(`npm/${folder}/README.md`, `# ${manifest.name}\n\n${text}\n`)
}

function write(file, text) {
  const path = join(root, file)
  if (existsSync(path) && read(file) === text) return
  if (check) {
    problems.push(`${file} is out of date: run \`make types\` and commit it`)
    return
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(`${file} written`)
}

function read(file) {
  return readFileSync(join(root, file), 'utf8')
}
