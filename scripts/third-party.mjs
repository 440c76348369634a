// Writes THIRD_PARTY.md: the software that the published packages contain, with its licences. The Rust crates come from
// Cargo.lock (through `cargo metadata`, for the targets of package.json), the npm packages from package-lock.json.
//
//   node scripts/third-party.mjs            writes the file
//   node scripts/third-party.mjs --check    fails if it is out of date
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { compare, shippedCrates } from './crates.mjs'
import { root } from './entries.mjs'

const FILE = 'THIRD_PARTY.md'

/**
 * The licences under which a crate is used, for each licence expression that occurs. A new expression is an error: decide
 * here which licence applies, and whether `deny.toml` allows it.
 */
const CHOICES = {
  'Apache-2.0': ['Apache-2.0'],
  'MIT OR Apache-2.0': ['Apache-2.0'],
  'Apache-2.0 OR MIT': ['Apache-2.0'],
  'MIT/Apache-2.0': ['Apache-2.0'],
  'Apache-2.0 / MIT': ['Apache-2.0'],
  'Apache-2.0 OR ISC OR MIT': ['Apache-2.0'],
  'BSD-2-Clause OR Apache-2.0 OR MIT': ['Apache-2.0'],
  'MIT OR Zlib OR Apache-2.0': ['Apache-2.0'],
  '0BSD OR MIT OR Apache-2.0': ['Apache-2.0'],
  'Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT': ['Apache-2.0'],
  'MIT OR Apache-2.0 OR LGPL-2.1-or-later': ['Apache-2.0'],
  'Apache-2.0 AND ISC': ['Apache-2.0', 'ISC'],
  MIT: ['MIT'],
  'Unlicense OR MIT': ['MIT'],
  ISC: ['ISC'],
  'BSD-3-Clause': ['BSD-3-Clause'],
  Zlib: ['Zlib'],
}

/** Sources inside a crate with a licence of their own: the file, relative to the crate, and the part with the licence. */
const INSIDE = [
  { name: 'Lua', crate: 'lua-src', file: 'lua-5.4.8/lua.h', part: /^\* (Copyright \(C\)[\s\S]*?)\n\*{5,}/m },
  { name: 'mimalloc', crate: 'libmimalloc-sys', file: 'c_src/mimalloc/v2/LICENSE' },
  { name: 'BoringSSL', crate: 'ring', file: 'LICENSE-BoringSSL' },
  { name: 'ring, and fiat-crypto', crate: 'ring', file: 'LICENSE-other-bits' },
]

/** What the text of a licence contains, to find it among the files of a crate. */
const MARKS = {
  MIT: /permission is hereby granted, free of charge/i,
  ISC: /permission to use, copy, modify, and\/or distribute this software|permission to use, copy, modify, and distribute/i,
  'BSD-3-Clause': /redistribution and use in source and binary forms/i,
  Zlib: /this software is provided 'as-is'/i,
}

/** The title of a licence, which the heading of its section repeats. */
const TITLE = /^#* *(?:the )?(?:MIT|ISC|Zlib|BSD 3-Clause) licen[cs]e(?: \(.*\))?[:.]?$/im

const manifest = JSON.parse(read('package.json'))
const { crates } = shippedCrates()
const text = render()

if (process.argv.includes('--check')) {
  if (existsSync(join(root, FILE)) && read(FILE) === text) process.exit(0)
  console.error(`${FILE} is out of date: run \`make third-party\` and commit it`)
  process.exit(1)
}
writeFileSync(join(root, FILE), text)
console.log(`${FILE}: ${crates.length} crates`)

function render() {
  const used = new Map() // licence -> text -> names
  const add = (licence, body, name) => {
    const texts = used.get(licence) ?? used.set(licence, new Map()).get(licence)
    const names = texts.get(body) ?? texts.set(body, []).get(body)
    names.push(name)
  }
  const notices = []
  for (const crate of crates) {
    const name = `${crate.name} ${crate.version}`
    for (const licence of choiceOf(crate))
      add(licence, licence === 'Apache-2.0' ? '' : licenceText(crate, licence), name)
    for (const file of filesOf(crate, /^notice/i)) notices.push({ name, body: tidy(readFileSync(file, 'utf8')) })
  }
  const inside = INSIDE.map(({ name, crate: parent, file, part }) => {
    const crate = crates.find(one => one.name === parent)
    if (crate === undefined) throw new Error(`${parent} is not used any more: remove it from INSIDE`)
    const whole = readFileSync(join(dirname(crate.manifest_path), file), 'utf8')
    const body = part === undefined ? whole : part.exec(whole)?.[1]?.replace(/^\* ?/gm, '')
    if (body === undefined) throw new Error(`${parent}: ${file} has no licence`)
    return { name: `${name}, in ${parent} ${crate.version}`, body: withoutApache(tidy(body)) }
  })

  const licences = [...used.keys()].sort(compare)
  return `<!-- Generated from Cargo.lock and package-lock.json by scripts/third-party.mjs. -->

# Third-party software

${manifest.name} itself is licensed under the Apache License 2.0: [LICENSE](LICENSE). The packages that are published contain the software
listed here. Of several licences that a crate offers, the one named here is the one under which it is used.

## npm packages

${npmSection()}

## Rust crates

Compiled into the addon or into \`aerospike-local\`, on at least one platform, from crates.io. The binaries also contain
Rust's standard library, which is licensed under MIT or the Apache License 2.0.

| crate | licence | offered as |
| --- | --- | --- |
${crates.map(crate => `| ${crate.name} ${crate.version} | ${choiceOf(crate).join(', ')} | ${crate.license} |`).join('\n')}

${licences.map(licence => section(licence, used.get(licence))).join('\n\n')}

## Parts of crates with licences of their own

${listed(inside)}
${notices.length === 0 ? '' : `\n## Notices\n\n${listed(notices)}\n`}`
}

/** The text with single spaces, to compare texts regardless of their line breaks. */
function words(text) {
  return text.replace(/\s+/g, ' ').trim()
}

/** Replaces the text of the Apache License by a reference, because each package has it as LICENSE. */
function withoutApache(body) {
  const apache = words(read('LICENSE'))
  return body.replace(/^ *Apache License\n[\s\S]*?limitations under the License\.$/m, text =>
    words(text) === apache ? 'Apache License, Version 2.0: the text is in LICENSE.' : text,
  )
}

function section(licence, texts) {
  if (licence === 'Apache-2.0') return `## Apache-2.0\n\nThe text of this licence is in [LICENSE](LICENSE).`
  // Most texts differ only in the copyright notice and in their line breaks: each is listed once, after the notices.
  const terms = new Map()
  for (const [body, names] of texts) {
    const start = MARKS[licence].exec(body).index
    const notice = body
      .slice(0, start)
      .replace(TITLE, '')
      .trim()
      .replace(/\n{3,}/g, '\n\n')
    const text = body.slice(start)
    const key = words(text)
    const group = terms.get(key) ?? terms.set(key, { text, notices: [] }).get(key)
    group.notices.push(notice === '' ? names.join(', ') : `${names.join(', ')}:\n${notice}`)
  }
  const blocks = [...terms.values()].map(
    ({ text, notices }) => `\`\`\`text\n${notices.join('\n\n')}\n\n${text}\n\`\`\``,
  )
  return `## ${licence}\n\n${blocks.join('\n\n')}`
}

function listed(texts) {
  return texts.map(({ name, body }) => `${name}:\n\n\`\`\`text\n${body}\n\`\`\``).join('\n\n')
}

function npmSection() {
  const { packages } = JSON.parse(read('package-lock.json'))
  const shipped = Object.entries(packages).filter(
    ([path, one]) => path !== '' && !one.dev && !one.devOptional && !one.peer && !one.optional,
  )
  const others = Object.keys(manifest.peerDependencies).filter(name => name !== 'aerospike-local')
  const peers = others.map(name => {
    const one = packages[`node_modules/${name}`]
    return `\`${name}\` (${one?.license ?? 'unknown'})`
  })
  const needed = shipped.map(
    ([path, one]) => `- ${path.replace(/^.*node_modules\//, '')} ${one.version}: ${one.license}`,
  )
  return `${needed.length === 0 ? 'None: the package has no dependencies, and contains no code of others.' : needed.join('\n')}

Optional peer dependencies, which you install if you use them: ${peers.join(', ')}.`
}

function choiceOf(crate) {
  const choice = CHOICES[crate.license]
  if (choice === undefined)
    throw new Error(`${crate.name} ${crate.version}: decide about the licence '${crate.license}'`)
  return choice
}

function licenceText(crate, licence) {
  const files = filesOf(crate, /^(licen[cs]e|copying|copyright)/i)
  for (const file of files) {
    const body = readFileSync(file, 'utf8')
    if (MARKS[licence].test(body) && !/apache license/i.test(body)) return tidy(body)
  }
  if (licence !== 'MIT') throw new Error(`${crate.name} ${crate.version}: no text of ${licence} among ${files}`)
  return mit(crate)
}

/** The licence of a crate that names MIT in its manifest and does not contain the text. */
function mit(crate) {
  const holders =
    crate.authors.length > 0
      ? crate.authors.map(author => author.replace(/ *<.*>/, '')).join(', ')
      : `the authors of ${crate.name}`
  return tidy(`Copyright (c) ${holders}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`)
}

function filesOf(crate, pattern) {
  const folder = dirname(crate.manifest_path)
  return readdirSync(folder)
    .filter(name => pattern.test(name))
    .sort(compare)
    .map(name => join(folder, name))
}

function tidy(body) {
  const isComment = /^(?:\s*\/\/.*\n?)+$/.test(body)
  return (isComment ? body.replace(/^\s*\/\/ ?/gm, '') : body)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/^\n+|\n+$/g, '')
}

function read(file) {
  return readFileSync(join(root, file), 'utf8')
}
