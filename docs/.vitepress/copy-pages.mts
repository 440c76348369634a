// Copies the pages of the repository that are outside docs/ to docs/project, for the build of the site.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COPIED } from './links.mts'
import { docs, root } from './paths.mts'

rmSync(join(docs, 'project'), { recursive: true, force: true })
for (const [source, page] of Object.entries(COPIED)) {
  mkdirSync(dirname(join(docs, page)), { recursive: true })
  copyFileSync(join(root, source), join(docs, page))
}
