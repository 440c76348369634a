/** Why a target was not reached, by its id. Written by hand, from measurements; docs/performance.md prints them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const EXPLANATIONS = JSON.parse(readFileSync(join(__dirname, '..', 'explanations.json'), 'utf8')) as {
  readonly [id: string]: string
}
