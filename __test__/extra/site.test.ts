// The documentation site: every page can be reached from the sidebar, links and anchors lead somewhere, and nothing comes
// from other hosts. Builds the guides. SITE_DIR names a site that `make docs` has built, with the API reference.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { guides } from '../helpers/doc-pages.js'
import { root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'

const BASE = '/docs-base/'
const given = process.env.SITE_DIR
const site = given ?? mkdtempSync(join(tmpdir(), 'aerospike-napi-site-'))
const docs = join(root, 'docs')
let files: Set<string>
let pages: Page[]

interface Page {
  name: string
  html: string
  anchors: Set<string>
}

async function build(): Promise<void> {
  const env = { ...process.env, SITE_BASE: BASE, SITE_GUIDES_ONLY: '1' }
  const options = { cwd: docs, shell: process.platform === 'win32', env }
  if (!existsSync(join(docs, 'node_modules'))) {
    await runFile('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], options)
  }
  await runFile('npm', ['run', 'build', '--', '--outDir', site], { ...options, maxBuffer: 10_000_000 })
}

beforeAll(async () => {
  if (given === undefined) await build()
  const found = readdirSync(site, { recursive: true, encoding: 'utf8' }).map(name => name.replaceAll('\\', '/'))
  files = new Set(found)
  pages = found
    .filter(name => name.endsWith('.html') && name !== '404.html')
    .map(name => {
      const html = readFileSync(join(site, name), 'utf8')
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => unescapeHtml(id))
      return { name, html, anchors: new Set(ids) }
    })
})

afterAll(() => {
  if (given === undefined) rmSync(site, { recursive: true, force: true })
})

const unescapeHtml = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")

/** The links and sources of a page. */
const targets = (html: string, attribute: string) =>
  [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, link = '']) => unescapeHtml(link))

/** The file of the site at a path of a URL. */
function fileAt(path: string): string {
  const base = given === undefined ? BASE : process.env.SITE_BASE || '/'
  const file = decodeURI(path.startsWith(base) ? path.slice(base.length) : path)
  return file === '' || file.endsWith('/') ? `${file}index.html` : file
}

const htmlOf = (guide: string) => (guide === 'README.md' ? 'guides.html' : guide.replace(/\.md$/, '.html'))

test('each guide is a page of the site', () => {
  expect(guides().length).toBeGreaterThan(30)
  expect(guides().filter(guide => !files.has(htmlOf(guide)))).toEqual([])
})

test('each guide is in the sidebar, and the sidebar on each guide', () => {
  const sidebar = (page: string) => {
    const html = pages.find(({ name }) => name === page)?.html ?? ''
    return new Set(targets(/<aside class="VPSidebar".*?<\/aside>/s.exec(html)?.[0] ?? '', 'href').map(fileAt))
  }
  const wanted = guides().filter(guide => guide !== 'index.md' && guide !== 'README.md')
  const listed = sidebar('getting-started.html')
  expect(wanted.filter(guide => !listed.has(htmlOf(guide)))).toEqual([])
  expect(wanted.filter(guide => sidebar(htmlOf(guide)).size !== listed.size)).toEqual([])
})

test('each link leads to a page of the site, and to an anchor of that page', () => {
  const anchors = new Map(pages.map(page => [page.name, page.anchors]))
  const broken: string[] = []
  for (const { name, html } of pages) {
    for (const link of targets(html, 'href')) {
      if (/^[a-z]+:/.test(link)) continue
      const [path = '', anchor = ''] = link.split('#')
      const file = path === '' ? name : path.startsWith('/') ? fileAt(path) : posix.join(posix.dirname(name), path)
      if (!files.has(file)) broken.push(`${name}: ${link}`)
      else if (anchor !== '' && anchors.get(file)?.has(decodeURIComponent(anchor)) !== true)
        broken.push(`${name}: ${link}`)
    }
  }
  expect(broken).toEqual([])
})

test('no page loads anything from another host', () => {
  const loaded = pages.flatMap(({ name, html }) => [
    ...targets(html, 'src').map(source => `${name}: ${source}`),
    ...[...html.matchAll(/<link\s[^>]*href="([^"]*)"/g)].map(([, source]) => `${name}: ${source}`),
  ])
  expect(loaded.length).toBeGreaterThan(pages.length)
  expect(loaded.filter(source => /: (?:https?:)?\/\//.test(source))).toEqual([])
})

test('llms.txt lists all pages, and their Markdown is part of the site', () => {
  const text = readFileSync(join(site, 'llms.txt'), 'utf8')
  const listed = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => fileAt(link))
  expect(listed.filter(page => !files.has(page))).toEqual([])
  const all = pages
    .map(({ name }) => name.replace(/\.html$/, '.md'))
    .filter(name => !/^(?:index|guides)\.md$/.test(name))
  expect(all.filter(page => !listed.includes(page))).toEqual([])
  expect(readFileSync(join(site, 'llms-full.txt'), 'utf8').length).toBeGreaterThan(100_000)
})
