import { expect, test } from 'vitest'
import { anchorOf, linkTo } from '../../docs/.vitepress/links.mjs'

const REPOSITORY = 'https://example.com/owner/project'

test.each([
  ['errors.md', 'tuning.md', '/errors.md'],
  ['errors.md#retrying', 'tuning.md', '/errors.md#retrying'],
  ['../tuning.md#bursts', 'integrations/docker.md', '/tuning.md#bursts'],
  ['integrations/docker.md', 'faq.md', '/integrations/docker.md'],
  ['../CONTRIBUTING.md', 'architecture.md', '/project/contributing.md'],
  ['../../examples/README.md', 'integrations/express.md', '/project/examples.md'],
  ['README.md', 'faq.md', '/guides.md'],
  ['docs/errors.md', 'project/contributing.md', '/errors.md'],
  ['server/README.md', 'project/contributing.md', '/project/server.md'],
])('the link %s of %s leads to the page %s', (href, page, target) => {
  expect(linkTo(href, page, '')).toBe(target)
})

test.each([
  ['../lib/values/value.ts', 'values.md', 'lib/values/value.ts'],
  ['user-crud/user-crud.mts', 'project/examples.md', 'examples/user-crud/user-crud.mts'],
  ['../README.md#install', 'faq.md', 'README.md#install'],
])('the link %s of %s leads to the file %s of the repository', (href, page, file) => {
  expect(linkTo(href, page, REPOSITORY)).toBe(`${REPOSITORY}/blob/HEAD/${file}`)
  expect(linkTo(href, page, '')).toBeUndefined()
})

test.each(['https://example.com/a.md', 'mailto:a@example.com', '#anchor', '/errors'])('%s stays as it is', href => {
  expect(linkTo(href, 'errors.md', '')).toBe(href)
})

test('anchors are those of GitHub', () => {
  expect(anchorOf('What a loop can rely on')).toBe('what-a-loop-can-rely-on')
  expect(anchorOf('`read`, write & batch')).toBe('read-write--batch')
  expect(anchorOf("The application's SDK (beta)")).toBe('the-applications-sdk-beta')
})
