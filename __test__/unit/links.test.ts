// Links between the pages of the documentation lead to files and headings that exist.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { guides } from '../helpers/doc-pages.js'
import { root } from '../helpers/packed.js'

const docs = guides()
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CODE_OF_CONDUCT.md',
  'server/README.md',
  'npm/aerospike-local/README.md',
  'npm/aerospike-napi-cli/README.md',
  'examples/README.md',
  ...docs.map(name => `docs/${name}`),
]

const prose = (page: string) => readFileSync(join(root, page), 'utf8').replace(/^```.*?^```$/gms, '')

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(page: string): Set<string> {
  const headings = prose(page).matchAll(/^#+ (.+)$/gm)
  const names = [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return new Set(names)
}

test.each(pages)('%s', page => {
  const broken: string[] = []
  for (const [, link = ''] of prose(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(link)) continue
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, target))) broken.push(link)
    else if (anchor !== undefined && target.endsWith('.md') && !anchors(target).has(anchor)) broken.push(link)
  }
  expect(broken).toEqual([])
})

test('docs/README.md lists every guide, each in a line with its title and description: the sidebar is made from it', () => {
  const listed = new Set(
    [...prose('docs/README.md').matchAll(/^- \[[^\]]+\]\(([\w/-]+\.md)\): \S/gm)].map(([, name]) => name),
  )
  expect(docs.filter(name => name !== 'README.md' && name !== 'index.md' && !listed.has(name))).toEqual([])
})
