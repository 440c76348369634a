// The code blocks of docs/integrations compile with the frameworks that they use; those that can run do, and print what
// they promise. Installs the frameworks. The files for Docker and Kubernetes fit the programs of their pages.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../helpers/packed.js'
import { runFile } from '../helpers/run-file.js'
import { problemsOf, type Runs, runSnippets } from '../helpers/run-snippets.js'
import { checkTypes, clear, integrationPages, snippetsOf } from '../helpers/snippets.js'

clear(integrationPages())
const snippets = integrationPages().flatMap(snippetsOf)
let errors: Map<string, string[]>
let runs: Runs

beforeAll(async () => {
  const options = { cwd: join(root, 'docs', 'integrations'), shell: process.platform === 'win32' }
  const args = ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await runFile('npm', args, options)
  runs = await runSnippets(snippets, () => {
    errors = checkTypes(snippets)
  })
})

test('most of the code blocks run', () => {
  expect(runs.size).toBeGreaterThan(6)
})

describe.each(integrationPages())('%s', name => {
  test('compiles', () => {
    expect(errors.get(name) ?? []).toEqual([])
  })

  test('runs', () => {
    expect(problemsOf(name, snippets, runs)).toEqual([])
  })
})

/** The first code block of a page whose first line is a comment with this name. */
function fileOf(page: string, name: string): string {
  const text = readFileSync(join(root, 'docs', 'integrations', page), 'utf8')
  const found = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].find(([, code]) => code?.startsWith(`# ${name}\n`))
  if (found?.[1] === undefined) throw new Error(`${page} has no block that begins with # ${name}`)
  return found[1]
}

interface Yaml {
  parseDocument(text: string): { errors: Error[]; warnings: Error[]; toJS(): unknown }
}

function parsed<T>(page: string, name: string): T {
  const yaml = createRequire(join(root, 'docs/integrations/package.json'))('yaml') as Yaml
  const document = yaml.parseDocument(fileOf(page, name))
  expect([...document.errors, ...document.warnings]).toEqual([])
  return document.toJS() as T
}

describe('the files for Docker', () => {
  test('build an image from the lock file, without root, on one C library', () => {
    const lines = fileOf('docker.md', 'Dockerfile').split('\n')
    const images = lines.flatMap(line => /^FROM (\S+)/.exec(line)?.[1] ?? [])
    expect([images.length, new Set(images).size]).toEqual([2, 1])
    const stage = lines.slice(lines.findLastIndex(line => line.startsWith('FROM ')))
    expect(lines.indexOf('COPY package.json package-lock.json ./')).toBeLessThan(lines.indexOf('RUN npm ci'))
    expect(stage).toContain('USER 1000')
    expect(stage.at(-2)).toMatch(/^CMD \[("[^"]+"(, )?)+\]$/)
    expect(fileOf('docker.md', '.dockerignore').split('\n')).toContain('node_modules')
  })

  test('start services that exist', () => {
    interface Service {
      environment: { [name: string]: string }
      depends_on?: string[]
    }
    const { services } = parsed<{ services: { [name: string]: Service } }>('docker.md', 'compose.yaml')
    expect(services.app?.depends_on?.filter(name => services[name] === undefined)).toEqual([])
    expect(services.app?.environment.AEROSPIKE_HOSTS).toMatch(/^aerospike:\d+$/)
  })
})

describe('the deployment of Kubernetes', () => {
  interface Probe {
    httpGet: { path: string; port: string }
  }
  interface Container {
    env: { name: string }[]
    ports: { name: string; containerPort: number }[]
    startupProbe: Probe
    livenessProbe: Probe
    readinessProbe: Probe
  }
  interface Pod {
    securityContext: { runAsUser?: number }
    containers: Container[]
  }

  test('has probes that call routes of the page, by the names of its ports', () => {
    const { spec } = parsed<{ spec: { template: { spec: Pod } } }>('kubernetes.md', 'deployment.yaml')
    const { securityContext, containers } = spec.template.spec
    const page = readFileSync(join(root, 'docs/integrations/kubernetes.md'), 'utf8')
    expect(containers).toHaveLength(1)
    for (const { startupProbe, livenessProbe, readinessProbe, ports, env } of containers) {
      for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe]) {
        expect(page).toMatch(new RegExp(`request\\.url [!=]== '${httpGet.path}'`))
        const port = ports.find(({ name }) => name === httpGet.port)?.containerPort
        expect(page).toContain(`process.env.PROBE_PORT ?? ${port}`)
      }
      expect(env.map(({ name }) => name)).toEqual(['AEROSPIKE_HOSTS', 'AEROSPIKE_USER', 'AEROSPIKE_PASSWORD'])
    }
    // The user `node` of the images of Node.js.
    expect(securityContext.runAsUser).toBe(1000)
  })
})
