/**
 * A node of aerospike-local, as tests take hold of it: to stop it, to start it, to let its answers go wrong.
 */
import { integerOption } from '../common/options'

/** Sends one command to the server and waits until it is carried out. */
export type Control = (command: string) => Promise<void>

const MILLISECONDS = integerOption(0, 3_600_000)
const BYTES = integerOption(0)
const TIMES = integerOption(1)
const RESULT_CODE = integerOption(0, 255)

/**
 * A node of a {@link LocalServer}. Every method resolves once what it asks for is in force, and rejects with a
 * ClientError when the server has ended, or when the node does not run and would have to.
 *
 * Faults (late, missing and cut answers, refused requests) are there for tests of what your program does then. They
 * concern requests about records, batches and queries, not the questions by which clients find their way. A request whose
 * answer is late, missing or cut is carried out all the same. A node has one fault at a time, and none after a start.
 */
export class LocalNode {
  readonly #index: number
  readonly #control: Control
  #running = true

  /** @internal */
  constructor(
    index: number,
    control: Control,
    /** Its name in the cluster, as `getNodeNames` of a client and `node` of a batch's row tell it. */
    readonly name: string,
    /** Address that it listens on. */
    readonly host: string,
    /** Port that it listens on; it keeps it while it is stopped. */
    readonly port: number,
  ) {
    this.#index = index
    this.#control = control
  }

  /** `host:port`. */
  get address(): string {
    return `${this.host}:${this.port}`
  }

  /** Whether it runs: from the start on, and after each `start`, until it is stopped. */
  get running(): boolean {
    return this.#running
  }

  /**
   * Ends the node as if its process were killed: its connections are closed at once, whatever they are waiting for, and
   * new ones are refused. The other nodes take its partitions over and tell clients so. Nothing is lost as long as
   * another node has a copy (`replicationFactor`); what none has is gone, as all is of a single node. Calling it again
   * does nothing.
   * @param options - `noticedAfter`: ms until the other nodes notice, as a real cluster takes its time. Until then they name
   * the node to clients, and leave writes that it has a copy of without an answer. Default 0
   * @throws InvalidArgError
   */
  async stop({ noticedAfter = 0 }: { noticedAfter?: number } = {}): Promise<void> {
    await this.#tell('stop', MILLISECONDS(noticedAfter, 'stop: noticedAfter'))
    this.#running = false
  }

  /** Starts the node again, at the same address and with the same name. It gets its partitions back. */
  async start(): Promise<void> {
    await this.#tell('start')
    this.#running = true
  }

  /**
   * Lets the node hang: it accepts connections and requests, and neither carries them out nor answers. The other nodes leave
   * writes of single records that it has a copy of without an answer.
   */
  pause(): Promise<void> {
    return this.#tell('pause')
  }

  /** Lets a node that hangs go on, with what came meanwhile. */
  resume(): Promise<void> {
    return this.#tell('resume')
  }

  /**
   * Lets answers come late.
   * @param ms - by how many milliseconds
   * @param times - how many answers; without it all from now on
   * @throws InvalidArgError
   */
  async delayAnswers(ms: number, times?: number): Promise<void> {
    await this.#tell('delay', MILLISECONDS(ms, 'delayAnswers: ms'), timesOf(times, 'delayAnswers'))
  }

  /**
   * Lets answers never come; the connections stay open.
   * @param times - how many answers; without it all from now on
   * @throws InvalidArgError
   */
  async dropAnswers(times?: number): Promise<void> {
    await this.#tell('drop', timesOf(times, 'dropAnswers'))
  }

  /**
   * Closes connections in the middle of an answer.
   * @param bytes - how many bytes of the answer come before
   * @param times - how many answers; without it all from now on
   * @throws InvalidArgError
   */
  async cutAnswers(bytes: number, times?: number): Promise<void> {
    await this.#tell('cut', BYTES(bytes, 'cutAnswers: bytes'), timesOf(times, 'cutAnswers'))
  }

  /**
   * Refuses requests: nothing is carried out, and the answer is a result code. `refuseRequests(11)` behaves as a node that
   * has just started and has no partitions yet.
   * @param resultCode - what it answers with, 0 to 255
   * @param times - how many requests; without it all from now on
   * @throws InvalidArgError
   */
  async refuseRequests(resultCode: number, times?: number): Promise<void> {
    const code = RESULT_CODE(resultCode, 'refuseRequests: resultCode')
    await this.#tell('refuse', code, timesOf(times, 'refuseRequests'))
  }

  /** Lets answers be right again. What is late already stays late. */
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
