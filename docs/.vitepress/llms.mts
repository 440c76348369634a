// llms.txt (https://llmstxt.org): all pages with their descriptions, for programs that read the documentation. The pages
// themselves are beside it as Markdown, and llms-full.txt has all guides in one file.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sections } from './guides.mts'
import { docs } from './paths.mts'

/**
 * Writes the texts to the built site.
 *
 * @param pages all pages, relative to docs/
 * @param site the folder of the built site
 * @param base the path at which the site is served
 */
export function writeTexts(
  pages: readonly string[],
  site: string,
  base: string,
  name: string,
  description: string,
): void {
  const text = (page: string) => readFileSync(join(docs, page), 'utf8')
  const guides = sections()
  const index = [`# ${name}`, '', `> ${description}`]
  for (const { title, guides: listed } of guides) {
    index.push('', `## ${title}`, '')
    for (const { title, page, description } of listed) index.push(`- [${title}](${base}${page}): ${description}`)
  }
  index.push('', '## Optional', '')
  for (const page of pages.filter(page => page.startsWith('api/')).sort()) {
    const [, heading = page] = /^# (.+)$/m.exec(text(page)) ?? []
    index.push(`- [${heading.replaceAll('\\', '')}](${base}${page}): API reference`)
  }
  writeFileSync(join(site, 'llms.txt'), `${index.join('\n')}\n`)
  const all = guides.flatMap(({ guides }) => guides).map(({ page }) => text(page))
  writeFileSync(join(site, 'llms-full.txt'), all.join('\n'))
  for (const page of pages) {
    mkdirSync(dirname(join(site, page)), { recursive: true })
    cpSync(join(docs, page), join(site, page))
  }
}
