// Writes npm/<platform>/: the packages with the binaries, one per target of `napi.targets` in package.json. Each
// contains both binaries: the addon and aerospike-local, which the `./testing` entry starts.
//
//   node scripts/platform-packages.mjs            writes changed files
//   node scripts/platform-packages.mjs --check    fails if they are outdated or a version differs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseTriple } from '@napi-rs/cli'
import { root } from './entries.mjs'

const check = process.argv.includes('--check')
const main = JSON.parse(read('package.json'))
const problems = []

for (const triple of main.napi.targets) {
  const { platform, arch, abi, platformArchABI } = parseTriple(triple)
  const addon = `${main.napi.binaryName}.${platformArchABI}.node`
  const server = platform === 'win32' ? 'aerospike-local.exe' : 'aerospike-local'
  const libc = { gnu: ['glibc'], musl: ['musl'] }[abi]
  const manifest = {
    name: `${main.napi.packageName}-${platformArchABI}`,
    version: main.version,
    description: `The binaries of ${main.name} for ${triple}`,
    license: main.license,
    main: addon,
    files: [addon, server, 'THIRD_PARTY.md'],
    engines: main.engines,
    os: [platform],
    cpu: [arch],
    ...(libc && { libc }),
  }
  write(`npm/${platformArchABI}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`)
  write(
    `npm/${platformArchABI}/README.md`,
    `# ${manifest.name}

The binaries of [${main.name}](https://www.npmjs.com/package/${main.name}) for \`${triple}\`: the addon and, for tests,
the server \`aerospike-local\`. Install \`${main.name}\`, which brings the right one of these packages with it.
`,
  )
}

const crates = /\[workspace\.package\][^[]*?version = "([^"]+)"/.exec(read('Cargo.toml'))?.[1]
if (crates !== main.version) {
  problems.push(`package.json says version ${main.version}, Cargo.toml ${crates}: the addon would refuse to be loaded`)
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0

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
