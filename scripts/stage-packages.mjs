// Puts the packages together as they are published, each in a folder of its own: the main package, aerospike-local, their
// platform packages, and aerospike-napi-cli. The release and the tests of the package use it.
//
// The main package has 1.17 MB unpacked and 0.28 MB as a download, next to 10 MB of the addon:
//
//   code      0.62 MB   of which aerospike-napi.js 0.54; minified completely, 0.42
//   types     0.51 MB   without their documentation, 0.17
//   papers    0.03 MB   README, LICENSE, package.json
//
// The code keeps its names and lines, so that stack traces and debuggers show readable code, and the types keep the
// documentation that editors show. Without both, 0.62 MB would remain. What repeats is little: documentation that two
// classes share has 19 kB, the methods of ClientSync 11 kB. What only readers of the repository need is left out: source maps, the
// changelog, guides, and the licences of the crates, which are in the packages that contain the crates.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, posix, relative } from 'node:path'
import { CLI_BUNDLE, root } from './entries.mjs'

/** The licences of the software that a package contains; in the packages that contain some. */
const THIRD_PARTY = 'THIRD_PARTY.md'

/**
 * @typedef {object} Links
 * @property {string} repository URL of the repository: https://host/owner/name
 * @property {string} homepage
 * @property {string} bugs URL of the issues
 */

/** The links of scripts/package-links.json, the place where the owner of the project enters them. */
export function packageLinks() {
  return JSON.parse(readFileSync(join(root, 'scripts', 'package-links.json'), 'utf8'))
}

/** What is wrong with the links: those that are empty, or have a form from which the manifests and READMEs cannot be made. */
export function linkProblems(links) {
  const empty = ['repository', 'homepage', 'bugs'].filter(name => !links[name])
  const problems = empty.length > 0 ? [`${empty.join(', ')} must not be empty`] : []
  if (links.repository && !/^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+(?<!\.git)$/.test(links.repository)) {
    problems.push(`repository is ${links.repository}, not of the form https://<host>/<owner>/<name>`)
  }
  for (const name of ['homepage', 'bugs']) {
    if (links[name] && !/^https:\/\/\S+$/.test(links[name]))
      problems.push(`${name} is ${links[name]}, not an https URL`)
  }
  return problems
}

/** The platforms of the packages, such as `linux-x64-gnu`. */
export function platforms() {
  return readdirSync(join(root, 'npm')).filter(name => !name.startsWith('aerospike-'))
}

/**
 * Writes the packages to folders of `out`, the platform packages first.
 *
 * @param {string} out
 * @param {Links} links
 * @param {{ [platform: string]: { addon: string, server: string } }} binaries paths of the binaries of each platform
 * @returns {string[]} the folders, in the order in which they are to be published
 */
export function stagePackages(out, links, binaries) {
  const staged = []
  for (const [platform, { addon, server }] of Object.entries(binaries)) {
    staged.push(stage(platform, `aerospike-napi-${platform}`, [addon]))
    staged.push(stage(`aerospike-local-${platform}`, `aerospike-local-${platform}`, [server]))
  }
  staged.push(stage('aerospike-local', 'aerospike-local', []))
  staged.push(stageMain())
  staged.push(stageCli())
  return staged

  function stage(source, name, files) {
    const from = join(root, 'npm', source)
    const to = join(out, name)
    mkdirSync(to, { recursive: true })
    const manifest = readManifest(from)
    writeReadme(from, to, manifest)
    for (const file of manifest.files.filter(file => existsSync(join(from, file)))) {
      if (!files.some(path => basename(path) === file)) copyFileSync(join(from, file), join(to, file))
    }
    for (const path of files) {
      const copy = join(to, basename(path))
      copyFileSync(path, copy)
      if (!path.endsWith('.node')) chmodSync(copy, 0o755) // artifacts do not preserve the executable permission
    }
    const missing = manifest.files.filter(file => !existsSync(join(to, file)))
    if (missing.length > 0) throw new Error(`${name}: ${missing.join(', ')} is missing`)
    const licences = files.length > 0 ? join(root, THIRD_PARTY) : undefined
    finish(to, { ...manifest, ...linkFields(links, join('npm', source)) }, licences)
    return to
  }

  function stageMain() {
    const { devDependencies: _, overrides: __, scripts: ___, napi: ____, ...manifest } = readManifest(root)
    const to = join(out, manifest.name)
    mkdirSync(to, { recursive: true })
    const types = readdirSync(root).filter(file => /\.d\.m?ts$/.test(file))
    for (const file of [...types, 'bin.js']) copyFileSync(join(root, file), join(to, file))
    copyCode(join(root, 'dist'), join(to, 'dist'))
    writeReadme(root, to, manifest)
    finish(to, {
      ...manifest,
      ...linkFields(links),
      optionalDependencies: Object.fromEntries(platforms().map(name => [`${manifest.name}-${name}`, manifest.version])),
    })
    return to
  }

  function stageCli() {
    const from = join(root, 'npm', 'aerospike-napi-cli')
    const manifest = readManifest(from)
    const to = join(out, manifest.name)
    mkdirSync(to, { recursive: true })
    writeReadme(from, to, manifest)
    cpSync(join(CLI_BUNDLE, 'main.mjs'), join(to, 'dist', 'main.mjs'))
    const licences = join(CLI_BUNDLE, THIRD_PARTY)
    finish(to, { ...manifest, ...linkFields(links, join('npm', manifest.name)) }, licences)
    return to
  }

  function writeReadme(from, to, { version }) {
    const readme = readFileSync(join(from, 'README.md'), 'utf8')
    const base = `${links.repository}/blob/v${version}`
    const directory = relative(root, from).replaceAll('\\', '/')
    writeFileSync(join(to, 'README.md'), links.repository === '' ? readme : absoluteLinks(readme, base, directory))
  }

  function finish(folder, manifest, licences) {
    copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
    if (licences !== undefined) copyFileSync(licences, join(folder, THIRD_PARTY))
    const files = [...manifest.files, ...(licences === undefined ? [] : [THIRD_PARTY])]
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, files }, null, 2)}\n`)
  }
}

/** Copies the code without its source maps, which are as large as the code and of no use without the sources. */
function copyCode(from, to) {
  mkdirSync(to)
  for (const file of readdirSync(from).filter(file => !file.endsWith('.map'))) {
    const code = readFileSync(join(from, file), 'utf8')
    writeFileSync(join(to, file), code.replace(/^\/\/# sourceMappingURL=.*\n?/m, ''))
  }
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** The fields of a manifest that state where the project is. Empty links are left out. */
export function linkFields({ repository, homepage, bugs }, directory) {
  const url = `git+${repository}.git`
  return {
    ...(repository && { repository: { type: 'git', url, ...(directory && { directory }) } }),
    ...(homepage && { homepage }),
    ...(bugs && { bugs: { url: bugs } }),
  }
}

/**
 * Makes the relative links of a Markdown text absolute, since the package contains no docs.
 *
 * @param {string} markdown
 * @param {string} base URL of the root of the repository
 * @param {string} [directory] the folder of the text, relative to that root
 */
export function absoluteLinks(markdown, base, directory = '') {
  const isRelative = target => !/^(?:[a-z][a-z0-9+.-]*:|#|\/\/)/i.test(target)
  const absolute = target => (isRelative(target) ? `${base}/${posix.join('/', directory, target).slice(1)}` : target)
  // Images need the file itself rather than the page that shows it.
  const image = target => (isRelative(target) ? `${absolute(target)}?raw=true` : target)
  const blocks = markdown.split(/^(```[\s\S]*?^```)/m)
  return blocks
    .map(block =>
      block.startsWith('```')
        ? block
        : block
            .replace(/(!\[[^\]]*\]\()([^)\s]+)/g, (_, start, target) => start + image(target))
            .replace(/(\]\()([^)\s]+)/g, (_, start, target) => start + absolute(target))
            .replace(/^(\[[^\]]+\]:\s+)(\S+)/gm, (_, start, target) => start + absolute(target))
            .replace(/\b((src|srcset|href)=")([^"]+)/g, (_, start, name, target) =>
              name === 'href' ? start + absolute(target) : start + image(target),
            ),
    )
    .join('')
}
