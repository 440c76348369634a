// Links of the pages. In the sources they are relative paths in the repository, as GitHub follows them.
import { posix } from 'node:path'

/** Pages of the repository outside docs/ that are part of the site, with their place in it. `prepare.mts` copies them. */
export const COPIED: { readonly [source: string]: string } = {
  'CHANGELOG.md': 'project/changelog.md',
  'CODE_OF_CONDUCT.md': 'project/code-of-conduct.md',
  'CONTRIBUTING.md': 'project/contributing.md',
  'SECURITY.md': 'project/security-policy.md',
  'benchmark/README.md': 'project/benchmark.md',
  'examples/README.md': 'project/examples.md',
  'server/CONFORMANCE.md': 'project/server-conformance.md',
  'server/README.md': 'project/server.md',
}

const SOURCES = new Map(Object.entries(COPIED).map(([source, page]) => [page, source]))

/** The path in the repository of a page of docs/. */
export function sourceOf(page: string): string {
  return SOURCES.get(page) ?? `docs/${page}`
}

/** The page of docs/ at a path in the repository, or undefined if it is not part of the site. */
function pageAt(source: string): string | undefined {
  if (source === 'docs/README.md') return 'guides.md'
  if (source.startsWith('docs/')) return source.slice('docs/'.length)
  return COPIED[source]
}

/**
 * What a link of a page becomes in the site: a page of the site, or a file in the repository. Undefined if the URL of the
 * repository is not known.
 *
 * @param href the link in the source
 * @param page the page, relative to docs/
 * @param repository URL of the repository, or an empty string
 */
export function linkTo(href: string, page: string, repository: string): string | undefined {
  if (/^(?:[a-z]+:|#|\/)/i.test(href)) return href
  const [path = '', anchor] = href.split('#')
  const target = posix.join(posix.dirname(sourceOf(page)), path)
  const hash = anchor === undefined ? '' : `#${anchor}`
  const found = pageAt(target)
  if (found !== undefined) return `/${found}${hash}`
  return repository === '' ? undefined : `${repository}/blob/HEAD/${target}${hash}`
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
