// The configuration of the documentation site. `make docs` builds it, with the API reference that TypeDoc has written to
// docs/api; SITE_GUIDES_ONLY=1 leaves that out. SITE_BASE is the path at which the site is served, such as
// `/aerospike-napi/` on GitHub Pages. The URL of the repository comes from scripts/package-links.json; while it is empty,
// what links to the repository is plain text.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitepress'
import { apiSidebar, guideSidebar } from './guides.mts'
import { anchorOf, linkTo } from './links.mts'
import { writeTexts } from './llms.mts'
import { root, site } from './paths.mts'

const json = (...path: string[]) => JSON.parse(readFileSync(join(root, ...path), 'utf8')) as Record<string, string>
const { name = '', version = '', description = '' } = json('package.json')
const { repository = '' } = json('scripts', 'package-links.json')
const base = process.env.SITE_BASE || '/'
const api = process.env.SITE_GUIDES_ONLY ? [] : apiSidebar()
const hasApi = api.length > 0
/** Languages of code blocks that Shiki does not know. */
const HIGHLIGHTED_AS_TEXT = new Set(['promql'])

export default defineConfig({
  title: name,
  description,
  lang: 'en',
  base,
  outDir: site,
  cacheDir: join(root, '.cache', 'vitepress'),
  srcExclude: ['node_modules/**', ...(hasApi ? [] : ['api/**'])],
  // Without an API reference, only the guides are built.
  ignoreDeadLinks: hasApi ? false : [/^\/api\//],
  rewrites: { 'README.md': 'guides.md' },
  metaChunk: true,
  head: [['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }]],
  markdown: {
    // GitHub's anchors, so that a link works there and here.
    anchor: { slugify: anchorOf },
    config(markdown) {
      markdown.core.ruler.push('languages', state => {
        for (const token of state.tokens) if (HIGHLIGHTED_AS_TEXT.has(token.info)) token.info = 'txt'
      })
      markdown.core.ruler.push('repository-links', state => {
        const { relativePath } = state.env as { relativePath: string }
        const page = relativePath === 'guides.md' ? 'README.md' : relativePath
        for (const { children } of state.tokens) {
          let unlinked = false
          for (const token of children ?? []) {
            if (token.type === 'link_open') {
              const target = linkTo(token.attrGet('href') ?? '', page, repository)
              unlinked = target === undefined
              if (target !== undefined) token.attrSet('href', target)
              else Object.assign(token, { tag: 'span', attrs: null })
            } else if (token.type === 'link_close' && unlinked) token.tag = 'span'
          }
        }
      })
    },
  },
  vite: { build: { chunkSizeWarningLimit: 5000 } }, // in kB; the index of the search is the largest
  buildEnd({ pages, outDir }) {
    writeTexts(pages, outDir, base, name, description)
  },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/getting-started', activeMatch: '^/(?!api/|project/examples|$)' },
      { text: 'Examples', link: '/project/examples' },
      ...(hasApi ? [{ text: 'API', link: '/api/', activeMatch: '^/api/' }] : []),
      {
        text: version,
        items: [
          { text: 'Changelog', link: '/project/changelog' },
          { text: 'Contributing', link: '/project/contributing' },
          { text: 'Security policy', link: '/project/security-policy' },
          { text: 'Code of conduct', link: '/project/code-of-conduct' },
        ],
      },
    ],
    sidebar: { '/': guideSidebar(), '/api/': api },
    logo: '/icon.svg',
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // The index needs the words of the code, not their colours.
        _render(source, env, markdown) {
          const { highlight } = markdown.options
          markdown.options.highlight = null
          const html = markdown.render(source, env)
          markdown.options.highlight = highlight
          return html
        },
      },
    },
    ...(repository !== '' && { socialLinks: [{ icon: 'github', link: repository }] }),
    footer: { message: 'Released under the Apache License 2.0.' },
  },
})
