/**
 * A node of aerospike-local, for tests that stop and start it, or that make its responses fail.
 */
import { addressOf } from '../common/address'
import { integerOption } from '../common/options'

/** Sends one command to the server, and waits until it has taken effect. */
export type Control = (command: string) => Promise<void>

const MILLISECONDS = integerOption(0, 3_600_000)
const BYTES = integerOption(0)
const TIMES = integerOption(1)
const RESULT_CODE = integerOption(0, 255)

/**
 * A node of a {@link LocalServer}. Every method resolves once its effect is in force. It rejects with ClientError if
 * the server has ended, or if the node would have to run but does not.
 *
 * Faults (late, missing and truncated responses, rejected requests) let you test how your program handles them. They
 * apply to requests about records, batches and queries, not to the requests by which clients discover the cluster. A
 * request whose response is late, missing or truncated is still executed. A node has at most one fault at a time, and
 * none after a start.
 */
export class LocalNode {
  readonly #index: number
  readonly #control: Control
  #running = true

  /** @internal */
  constructor(
    index: number,
    control: Control,
    /** Name of the node in the cluster, as `getNodeNames` returns it, and as errors and batch rows have it in `node`. */
    readonly name: string,
    /** Address that the node listens on. */
    readonly host: string,
    /** Port that the node listens on. It keeps the port while it is stopped. */
    readonly port: number,
    /** Port that the node listens on for TLS, if the server has TLS. */
    readonly tlsPort: number | undefined,
  ) {
    this.#index = index
    this.#control = control
  }

  /** Address of the node, as `host:port`; an IPv6 address is in brackets. */
  get address(): string {
    return addressOf(this.host, this.port)
  }

  /** Whether the node runs: from the start of the server, and after each `start`, until it is stopped. */
  get running(): boolean {
    return this.#running
  }

  /**
   * Ends the node as if its process was killed: closes its connections at once, whatever they wait for, and refuses new
   * ones.
   *
   * The other nodes take over its partitions, and clients learn of it. No data is lost as long as another node has a copy
   * (`replicationFactor`); records without another copy are lost, such as all records of a single node. Calling it
   * again has no effect.
   *
   * @param options - `noticedAfter`: milliseconds until the other nodes notice, as in a real cluster. Until then they
   *   still name the node to clients, and do not answer writes that it has a copy of. Default 0
   * @throws InvalidArgError if `noticedAfter` is invalid
   * @example
   * ```ts
   * await using server = await LocalServer.start({ nodes: 3 })
   * await server.nodes[0]?.stop({ noticedAfter: 500 })
   * ```
   */
  async stop({ noticedAfter = 0 }: { noticedAfter?: number | undefined } = {}): Promise<void> {
    await this.#tell('stop', MILLISECONDS(noticedAfter, 'stop: noticedAfter'))
    this.#running = false
  }

  /** Starts the node again, at the same address and with the same name. It gets its partitions back. */
  async start(): Promise<void> {
    await this.#tell('start')
    this.#running = true
  }

  /**
   * Makes the node hang: it accepts connections and requests, but neither executes nor answers them. The other nodes do
   * not answer writes of single records that it has a copy of.
   */
  pause(): Promise<void> {
    return this.#tell('pause')
  }

  /** Resumes a paused node. It executes the requests that have arrived in the meantime. */
  resume(): Promise<void> {
    return this.#tell('resume')
  }

  /**
   * Delays responses.
   *
   * @param ms - delay in milliseconds
   * @param times - number of responses. Default: all from now on
   * @throws InvalidArgError if an argument is invalid
   */
  async delayAnswers(ms: number, times?: number): Promise<void> {
    await this.#tell('delay', MILLISECONDS(ms, 'delayAnswers: ms'), timesOf(times, 'delayAnswers'))
  }

  /**
   * Executes requests without sending responses; connections stay open.
   *
   * @param times - number of responses. Default: all from now on
   * @throws InvalidArgError if `times` is invalid
   */
  async dropAnswers(times?: number): Promise<void> {
    await this.#tell('drop', timesOf(times, 'dropAnswers'))
  }

  /**
   * Closes connections in the middle of a response.
   *
   * @param bytes - number of bytes of the response to send first
   * @param times - number of responses. Default: all from now on
   * @throws InvalidArgError if an argument is invalid
   */
  async cutAnswers(bytes: number, times?: number): Promise<void> {
    await this.#tell('cut', BYTES(bytes, 'cutAnswers: bytes'), timesOf(times, 'cutAnswers'))
  }

  /**
   * Rejects requests: executes nothing, and responds with a result code. `refuseRequests(11)` behaves like a node that
   * has just started and has no partitions yet.
   *
   * @param resultCode - the result code, 0 to 255
   * @param times - number of requests. Default: all from now on
   * @throws InvalidArgError if an argument is invalid
   */
  async refuseRequests(resultCode: number, times?: number): Promise<void> {
    const code = RESULT_CODE(resultCode, 'refuseRequests: resultCode')
    await this.#tell('refuse', code, timesOf(times, 'refuseRequests'))
  }

  /** Removes the node's fault. Responses that are already delayed remain delayed. */
  clearFaults(): Promise<void> {
    return this.#tell('clear')
  }

  #tell(command: string, ...values: (number | undefined)[]): Promise<void> {
    const words = [command, this.#index, ...values.filter(value => value !== undefined)]
    return this.#control(words.join(' '))
  }
}

function timesOf(times: number | undefined, method: string): number | undefined {
  return times === undefined ? undefined : TIMES(times, `${method}: times`)
}
