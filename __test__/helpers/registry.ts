// A registry of npm packages on this machine, with what a release publishes: the packages of this platform as packed, and
// those of the other platforms with the manifests of the release and files that are no binaries.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { type PackedPackages, root } from './packed.js'

interface Manifest {
  name: string
  version: string
  files: string[]
}

interface Published {
  manifest: Manifest
  tarball: Buffer
  file: string
}

export interface Registry {
  url: string
  /** The names of the packages whose tarballs were requested. */
  downloaded: Set<string>
  close: () => Promise<void>
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/** The optional dependency of the command line, without the packages that it needs. */
function arrowManifest(): Manifest {
  const { version } = manifestIn(join(root, 'node_modules', 'apache-arrow'))
  return { name: 'apache-arrow', version, files: ['stub.js'] }
}

/** Packs a manifest, and files in place of the package's own, such as the binary of another platform. */
function packStub(manifest: Manifest, work: string): Published {
  const parent = join(work, manifest.name)
  mkdirSync(join(parent, 'package'), { recursive: true })
  writeFileSync(join(parent, 'package', 'package.json'), JSON.stringify(manifest))
  for (const file of manifest.files) writeFileSync(join(parent, 'package', file), 'not a binary')
  const file = `${manifest.name}-${manifest.version}.tgz`
  execFileSync('tar', ['-czf', file, 'package'], { cwd: parent })
  return { manifest, tarball: readFileSync(join(parent, file)), file }
}

function published(packed: PackedPackages): Published[] {
  const own = [packed.main, packed.platform, packed.local, packed.localPlatform, packed.cli].map(
    ({ name, tarball }) => ({
      manifest: manifestIn(join(packed.folder, 'staged', name)),
      tarball: readFileSync(tarball),
      file: basename(tarball),
    }),
  )
  const names = new Set(own.map(({ manifest }) => manifest.name))
  const others = readdirSync(join(root, 'npm'))
    .map(name => join(root, 'npm', name))
    .filter(folder => !names.has(manifestIn(folder).name))
  const stubs = others.map(folder => packStub(manifestIn(folder), join(packed.folder, 'stubs')))
  return [...own, ...stubs, packStub(arrowManifest(), join(packed.folder, 'stubs'))]
}

function packument({ manifest, tarball, file }: Published, url: string): object {
  const { name, version } = manifest
  const dist = {
    tarball: `${url}/${name}/-/${file}`,
    shasum: createHash('sha1').update(tarball).digest('hex'),
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
  }
  const time = {
    created: '2020-01-01T00:00:00.000Z',
    modified: '2020-01-01T00:00:00.000Z',
    [version]: '2020-01-01T00:00:00.000Z',
  }
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } }, time }
}

/** Starts a registry; it answers requests for other packages with 404. */
export async function startRegistry(packed: PackedPackages): Promise<Registry> {
  const packages = new Map(published(packed).map(each => [each.manifest.name, each]))
  const downloaded = new Set<string>()
  const server = createServer((request, response) => {
    const [name = '', separator] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/')
    const found = packages.get(name)
    if (found === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
    } else if (separator === '-') {
      downloaded.add(name)
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.tarball)
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument(found, url)))
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    downloaded,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
