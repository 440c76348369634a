// docs/README.md lists all guides in reading order. The sidebar and llms.txt are made from it.
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { COPIED } from './links.mts'
import { docs } from './paths.mts'

export interface Guide {
  title: string
  /** The page, relative to docs/. */
  page: string
  description: string
}

export interface Section {
  title: string
  guides: Guide[]
}

const ITEM = /^- \[(?<title>[^\]]+)\]\((?<path>[^)]+\.md)\)(?:: (?<description>.*))?$/

/** The sections of docs/README.md. */
export function sections(): Section[] {
  const found: Section[] = []
  for (const line of readFileSync(join(docs, 'README.md'), 'utf8')
    .replace(/\n {2}(?=\S)/g, ' ')
    .split('\n')) {
    if (line.startsWith('## ')) found.push({ title: line.slice(3), guides: [] })
    const { title, path, description = '' } = ITEM.exec(line)?.groups ?? {}
    if (title === undefined || path === undefined) continue
    const source = posix.join('docs', path)
    const page = COPIED[source] ?? source.replace(/^docs\//, '')
    found.at(-1)?.guides.push({ title, page, description })
  }
  return found
}

const link = (page: string) => `/${page.replace(/\.md$/, '')}`

export function guideSidebar(): DefaultTheme.SidebarItem[] {
  return sections().map(({ title, guides }, index) => ({
    text: title,
    collapsed: index > 1,
    items: guides.map(({ title, page }) => ({ text: title, link: link(page) })),
  }))
}

/** The kinds of declarations that the sidebar lists. Each page has its sidebar, so it leaves out the many types. */
const LISTED = new Set(['Classes', 'Functions', 'Variables'])

/**
 * The entry points of the API reference by the names under which programs import them, from the sidebar that TypeDoc writes.
 * Empty if there is no API reference.
 */
export function apiSidebar(): DefaultTheme.SidebarItem[] {
  const file = join(docs, 'api', 'typedoc-sidebar.json')
  if (!existsSync(file)) return []
  const entries: DefaultTheme.SidebarItem[] = JSON.parse(readFileSync(file, 'utf8'))
  const isMain = ({ text }: DefaultTheme.SidebarItem) => text === 'index'
  return [...entries.filter(isMain), ...entries.filter(entry => !isMain(entry))].map(({ text, link, items = [] }) => ({
    text: text === 'index' ? 'aerospike-napi' : `aerospike-napi/${text}`,
    ...(link !== undefined && { link }),
    collapsed: text !== 'index',
    items: items.filter(({ text }) => LISTED.has(text ?? '')).map(sorted),
  }))
}

/** A group of the sidebar with its declarations in alphabetical order. */
function sorted(group: DefaultTheme.SidebarItem): DefaultTheme.SidebarItem {
  const items = [...(group.items ?? [])].sort((a, b) => (a.text ?? '').localeCompare(b.text ?? ''))
  return { ...group, items }
}
