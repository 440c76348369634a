/**
 * Commands about the cluster rather than its records, for `ClientSync`: secondary indexes, modules of functions, truncation, facts by info.
 */

import {
  type BinIndex,
  type IndexInfo,
  type IndexOptions,
  indexWatch,
  removalWatch,
  type SetIndex,
} from '../cluster/indexes'
import type { SetInfo } from '../cluster/info'
import { type ClusterNode, clusterNode, FACTS, nodeFailure } from '../cluster/nodes'
import {
  compileError,
  loadModuleSync,
  moduleFile,
  moduleWatch,
  type UdfInfo,
  type UdfSource,
  udfPutPolicy,
} from '../cluster/udf'
import * as commands from '../commands'
import type { AdminPolicy } from '../options/policy'
import { type BlockingTaskPolicy, beginning, type TaskStatus, TaskSync, waiting } from '../tasks/task'
import type { ClientStats } from '../telemetry/stats'
import { BatchesSync } from './batches-sync'

/** How a task is looked after. */
interface Watch {
  readonly request: string
  readonly read: (answers: readonly commands.InfoResult[]) => TaskStatus
}

/** The part of `ClientSync` that is not about records. */
export abstract class ManagementSync extends BatchesSync {
  /** @internal */
  abstract stats(): ClientStats

  /**
   * The nodes that the client knows, in the order of their names: address, version, racks and connections. It asks each of them; one that does
   * not answer is there with its `error`.
   * @throws ClientError when the client is not connected
   */
  nodes(policy?: AdminPolicy): ClusterNode[] {
    return this.stats().nodes.map(stats => {
      try {
        const [build, racks] = FACTS.map(fact => this.run(commands.infoNode, [fact, stats.name, policy]))
        return clusterNode(stats, [build ?? '', racks ?? ''])
      } catch (error) {
        return clusterNode(stats, nodeFailure(error))
      }
    })
  }

  /** Runs the call that begins a task, and waits for the task where the policy says so. */
  #begin(name: string, given: BlockingTaskPolicy | undefined, run: (policy: AdminPolicy | null | undefined) => Watch) {
    const { policy, wait } = beginning(given, name, true)
    const { request, read } = run(policy)
    // The policy's signal was for the call that began it.
    const { timeout } = policy ?? {}
    const patience = timeout === undefined ? {} : { timeout }
    const task = new TaskSync(name, () => read(this.run(commands.infoAll, [request, patience])))
    if (wait !== undefined) task.wait(wait)
    return task
  }

  /**
   * Begins a secondary index on a bin or on what an expression gives (8.1 and later). Queries can use it when the task has
   * ended; with `{ wait: true }` the call returns only then. An index of this name that exists already is refused, whatever
   * its definition.
   * @throws IndexFoundError, InvalidArgError
   */
  createIndex(options: IndexOptions, policy?: BlockingTaskPolicy): TaskSync {
    return this.#begin(`createIndex ${options?.index}`, policy, begun => {
      this.run(commands.createIndex, [options, begun])
      return indexWatch(options.ns, options.index)
    })
  }

  /**
   * Begins an index on integers; see `createIndex`.
   * @throws IndexFoundError
   */
  createIntegerIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'integer' }, policy)
  }

  /**
   * Begins an index on strings; see `createIndex`.
   * @throws IndexFoundError
   */
  createStringIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'string' }, policy)
  }

  /**
   * Begins an index on blobs (7.0 and later); see `createIndex`.
   * @throws IndexFoundError
   */
  createBlobIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'blob' }, policy)
  }

  /**
   * Begins an index on GeoJSON; see `createIndex`.
   * @throws IndexFoundError
   */
  createGeo2DSphereIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'geo2dsphere' }, policy)
  }

  /**
   * Begins an index of a set's records, which makes scans of a small set in a large namespace fast (8.1.2 and later).
   * @throws IndexFoundError
   */
  createSetIndex(options: SetIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.#begin(`createSetIndex ${options?.index}`, policy, begun => {
      this.run(commands.createSetIndex, [options, begun])
      return indexWatch(options.ns, options.index)
    })
  }

  /** `createIntegerIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexIntegerCreate(
    ns: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync {
    return this.createIntegerIndex({ ns, set, bin, index }, waiting(policy))
  }

  /** `createStringIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexStringCreate(ns: string, set: string | null, bin: string, index: string, policy?: BlockingTaskPolicy): TaskSync {
    return this.createStringIndex({ ns, set, bin, index }, waiting(policy))
  }

  /** `createBlobIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexBlobCreate(ns: string, set: string | null, bin: string, index: string, policy?: BlockingTaskPolicy): TaskSync {
    return this.createBlobIndex({ ns, set, bin, index }, waiting(policy))
  }

  /** `createGeo2DSphereIndex` by aerospike-py's name and order of arguments. Waits for the index, unless `policy.wait` is false. */
  indexGeo2dsphereCreate(
    ns: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync {
    return this.createGeo2DSphereIndex({ ns, set, bin, index }, waiting(policy))
  }

  /**
   * Removes a secondary index; the task ends when every node has forgotten it.
   * @throws IndexNotFound
   */
  indexRemove(ns: string, index: string, policy?: BlockingTaskPolicy): TaskSync {
    return this.#begin(`indexRemove ${index}`, policy, begun => {
      this.run(commands.indexRemove, [ns, index, begun])
      return removalWatch(ns, index)
    })
  }

  /** The secondary indexes of a namespace; of all without one. */
  indexList(ns?: string | null, policy?: AdminPolicy): IndexInfo[] {
    return this.run(commands.indexList, [ns, policy])
  }

  /**
   * Registers a module of Lua functions: a file by its path or URL, or `{ name: 'x.lua', source }`. One of the same name is
   * replaced. The task ends when every node has it.
   * @throws UDFError when it does not compile, with line and reason; InvalidArgError
   */
  udfRegister(module: UdfSource, policy?: BlockingTaskPolicy): TaskSync {
    const loaded = loadModuleSync(module)
    return this.#begin(`udfRegister ${loaded.name}`, policy, begun => {
      try {
        this.run(commands.udfRegister, [loaded, begun])
      } catch (error) {
        throw compileError(error, loaded.name)
      }
      return moduleWatch(loaded.name, true)
    })
  }

  /** `udfRegister` by aerospike-py's name. Waits for the module, unless `policy.wait` is false. */
  udfPut(module: UdfSource, policy?: BlockingTaskPolicy | null): TaskSync
  /** The same with aerospike-py's arguments: 0 is its number for Lua, the only language. */
  udfPut(module: UdfSource, udfType: 0, policy?: BlockingTaskPolicy | null): TaskSync
  udfPut(module: UdfSource, first?: BlockingTaskPolicy | 0 | null, second?: BlockingTaskPolicy | null): TaskSync {
    return this.udfRegister(module, waiting(udfPutPolicy(first, second)))
  }

  /** Removes a module, by its name with or without `.lua`. One that is not there is no error, as on the server. */
  udfRemove(module: string, policy?: BlockingTaskPolicy): TaskSync {
    const name = moduleFile(module, 'udfRemove: module')
    return this.#begin(`udfRemove ${name}`, policy, begun => {
      this.run(commands.udfRemove, [module, begun])
      return moduleWatch(name, false)
    })
  }

  /** The registered modules. */
  udfList(policy?: AdminPolicy): UdfInfo[] {
    return this.run(commands.udfList, [policy])
  }

  /**
   * The source of a module.
   * @throws UDFError when there is none of this name
   */
  udfGet(module: string, policy?: AdminPolicy): string {
    return this.run(commands.udfGet, [module, policy])
  }

  /**
   * Removes all records of a set, or of the whole namespace where the set is null. The server does so at once and without
   * tombstones. A set that it does not know is no error.
   * @param before - only those written before this moment: nanoseconds since 1970, or a Date; 0 means now. Default: now
   * @throws InvalidArgError, for a moment in the future too
   */
  truncate(ns: string, set: string | null, before?: bigint | 0 | Date | null, policy?: AdminPolicy): void {
    return this.run(commands.truncate, [ns, set, before, policy])
  }

  /** The names of the namespaces. */
  namespaces(policy?: AdminPolicy): string[] {
    return this.run(commands.namespaces, [policy])
  }

  /** The sets of a namespace, of all without one, with their records over all nodes. */
  sets(ns?: string | null, policy?: AdminPolicy): SetInfo[] {
    return this.run(commands.sets, [ns, policy])
  }

  /** The servers' build, such as `8.1.2.0`; the lowest where they differ. */
  build(policy?: AdminPolicy): string {
    return this.run(commands.build, [policy])
  }

  /** What every node can do, such as `pquery`. */
  features(policy?: AdminPolicy): string[] {
    return this.run(commands.features, [policy])
  }
}
