// A real Prometheus server: Debian's package, which is installed where it lacks and that is possible.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until'

const runs = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

/** Finds Prometheus, or installs it. */
export function havePrometheus(): void {
  if (runs('prometheus') && runs('promtool')) return
  const apt = ['apt-get', '-qq', '-o=DPkg::Lock::Timeout=120']
  const asRoot = process.getuid?.() === 0 ? apt : ['sudo', '-n', ...apt]
  const get = (...args: string[]): void => {
    const [program = '', ...rest] = [...asRoot, ...args]
    execFileSync(program, rest, { stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  }
  try {
    get('update')
    get('install', '-y', '--no-install-recommends', 'prometheus')
  } catch (cause) {
    throw new Error('Prometheus is not installed, and could not be: install the package `prometheus`', { cause })
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

/** One value of an answer to a query. */
export interface Result {
  metric: Record<string, string>
  value: [time: number, value: string]
}

export class Prometheus implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'aerospike-napi-prometheus-'))
  readonly #url: string
  readonly #ended: Promise<void>
  readonly #child
  #output = ''

  private constructor(port: number, target: string) {
    this.#url = `http://127.0.0.1:${port}`
    const config = join(this.#folder, 'prometheus.yml')
    const scrape = {
      job_name: 'aerospike',
      scrape_interval: '500ms',
      scrape_timeout: '400ms',
      static_configs: [{ targets: [target] }],
    }
    writeFileSync(config, JSON.stringify({ scrape_configs: [scrape] }))
    const data = join(this.#folder, 'data')
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=127.0.0.1:${port}`]
    this.#child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
    })
    this.#ended = new Promise(resolve => this.#child.once('close', () => resolve()))
  }

  /** Starts one that scrapes `target`, a host and port. */
  static async scraping(target: string): Promise<Prometheus> {
    const prometheus = new Prometheus(await freePort(), target)
    const ready = (): Promise<boolean> =>
      fetch(`${prometheus.#url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    await until(ready, { timeout: 20_000, interval: 100 }).catch(cause => {
      throw new Error(`Prometheus is not ready:\n${prometheus.#output}`, { cause })
    })
    return prometheus
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/v1/${path}`)
    const { data, error } = (await response.json()) as { data: unknown; error?: string }
    if (error !== undefined) throw new Error(error)
    return data
  }

  /** What a query gives. */
  async query(query: string): Promise<Result[]> {
    const { result } = (await this.#get(`query?query=${encodeURIComponent(query)}`)) as { result: Result[] }
    return result
  }

  /** Whether its target is up, and what the last scrape failed with. */
  async target(): Promise<{ health: string; lastError: string }> {
    const { activeTargets } = (await this.#get('targets')) as { activeTargets: { health: string; lastError: string }[] }
    return activeTargets[0]!
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    await this.#ended
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** What promtool has to say of a text: nothing, if all is well. */
export function lint(text: string): string {
  const { stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  return `${stdout}${stderr}`.trim()
}
