import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder `docs`. */
export const docs = dirname(dirname(fileURLToPath(import.meta.url)))

/** The root of the repository. */
export const root = dirname(docs)

/** Where `make docs` writes the site. */
export const site = `${root}/.cache/site`
