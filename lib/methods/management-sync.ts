// Generated from lib/methods/management.ts by `make types`. Do not edit.

/** Cluster commands of `ClientSync`: secondary indexes, UDF modules, truncation and info. */

import {
  type BinIndex,
  type IndexInfo,
  type IndexOptions,
  indexIn,
  indexWatch,
  removalWatch,
  type SetIndex,
} from '../cluster/indexes'
import type { InfoResult, SetInfo } from '../cluster/info'
import { type ClusterNode, clusterNode, FACTS, nodeFailure } from '../cluster/nodes'
import { compileError, loadModuleSync, moduleFile, moduleWatch, type UdfInfo, type UdfSource } from '../cluster/udf'
import type { Poll, Watch } from '../cluster/watch'
import * as commands from '../commands'
import type { Condition } from '../expressions/conditions'
import type { AdminPolicy } from '../options/policy'
import { type BlockingTaskPolicy, beginningBlocking, TaskSync } from '../tasks/task'
import type { ClientStats } from '../telemetry/stats'
import type { Integer } from '../values/value'
import { BatchesSync } from './batches-sync'

/** The cluster methods of `ClientSync`. */
export abstract class ManagementSync<out I extends Integer = number | bigint> extends BatchesSync<I> {
  /** @internal */
  abstract stats(): ClientStats

  /**
   * Returns the nodes that the client knows, sorted by name, with address, version, racks and connections. Sends info
   * requests to each node.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the nodes; a node that does not answer is included, with its `error`
   * @throws ClientError if the client is not connected
   * @example
   * ```ts
   * for (const { name, address, version, connections } of client.nodes()) {
   *   console.log(name, address, version, connections)
   * }
   * ```
   */
  nodes(policy?: AdminPolicy): ClusterNode[] {
    return this.stats().nodes.map(stats => {
      try {
        const [build = '', racks = ''] = FACTS.map(fact => this.run(commands.infoNode, [fact, stats.name, policy]))
        return clusterNode(stats, [build, racks])
      } catch (error) {
        return clusterNode(stats, nodeFailure(error))
      }
    })
  }

  /** Runs the call that starts a task, and waits for the task if the policy says so. */
  #begin(
    name: string,
    given: BlockingTaskPolicy | undefined,
    run: (policy: AdminPolicy | null | undefined) => Watch,
  ): TaskSync {
    const { policy, wait } = beginningBlocking(given, name)
    const watch = run(policy)
    // Of the policy of the call that starts the task, only the timeout also applies to the polls.
    const { timeout } = policy ?? {}
    const patience = timeout === undefined ? {} : { timeout }
    const look = ({ request, read }: Poll) => read(this.run(commands.infoAll, [request, patience]))
    const task = new TaskSync(name, () => {
      const status = look(watch)
      return status.done && watch.confirm !== undefined ? look(watch.confirm) : status
    })
    if (wait !== undefined) task.wait(wait)
    return task
  }

  /**
   * Starts building a secondary index on a bin, or on the result of an expression (server 8.1 and later). Queries can
   * use the index once the task is done; with `{ wait: true }` the call returns only then.
   *
   * @param options - namespace, set, index name, bin or expression, and data type
   * @param policy - overrides the client's `admin` policy; `wait`: wait for the task (default false)
   * @returns the task, to follow the progress or to wait
   * @throws IndexExistsError if an index of this name exists, whatever its definition; InvalidArgError
   * @example
   * ```ts
   * const task = client.createIndex({ namespace: 'test', set: 'users', bin: 'age', index: 'users_age', datatype: 'integer' })
   * task.wait({ timeout: 60_000 })
   * ```
   */
  createIndex(options: IndexOptions, policy?: BlockingTaskPolicy): TaskSync {
    const { namespace, index } = indexIn(options)
    return this.#begin(`createIndex ${index}`, policy, begun => {
      this.run(commands.createIndex, [options, begun])
      return indexWatch(namespace, index)
    })
  }

  /**
   * Starts building an index on integers; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createIntegerIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'integer' }, policy)
  }

  /**
   * Starts building an index on strings; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createStringIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'string' }, policy)
  }

  /**
   * Starts building an index on blobs (server 7.0 and later); see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createBlobIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'blob' }, policy)
  }

  /**
   * Starts building an index on GeoJSON; see `createIndex`.
   *
   * @param options - namespace, set, index name and bin
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createGeo2DSphereIndex(options: BinIndex, policy?: BlockingTaskPolicy): TaskSync {
    return this.createIndex({ ...options, datatype: 'geo2dsphere' }, policy)
  }

  /**
   * Starts building an index of a set's records, which makes scans of a small set in a large namespace fast (server
   * 8.1.2 and later).
   *
   * @param options - namespace, set and index name
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  createSetIndex(options: SetIndex, policy?: BlockingTaskPolicy): TaskSync {
    const { namespace, index } = indexIn(options)
    return this.#begin(`createSetIndex ${index}`, policy, begun => {
      this.run(commands.createSetIndex, [options, begun])
      return indexWatch(namespace, index)
    })
  }

  /**
   * Drops a secondary index. The task is done when no node has the index any more.
   *
   * @param namespace - namespace
   * @param index - name of the index
   * @param policy - as for `createIndex`
   * @returns the task
   * @throws IndexNotFoundError if there is no such index
   * @example
   * ```ts
   * const task = client.dropIndex('test', 'users_age')
   * task.wait()
   * ```
   */
  dropIndex(namespace: string, index: string, policy?: BlockingTaskPolicy): TaskSync {
    return this.#begin(`dropIndex ${String(index)}`, policy, begun => {
      this.run(commands.dropIndex, [namespace, index, begun])
      return removalWatch(namespace, index)
    })
  }

  /**
   * Lists the secondary indexes of a namespace.
   *
   * @param namespace - namespace. Default: all namespaces
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the indexes, with their definition and state
   */
  indexList(namespace?: string | null, policy?: AdminPolicy): IndexInfo[] {
    return this.run(commands.indexList, [namespace, policy])
  }

  /**
   * Registers a module of Lua functions. It replaces a module of the same name. The task is done when every node has
   * the module.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param policy - overrides the client's `admin` policy; `wait`: wait for the task (default false)
   * @returns the task
   * @throws UDFError if the module does not compile, with line and reason; InvalidArgError if the file cannot be read
   *   or the name does not end in `.lua`
   * @example
   * ```ts
   * const source = 'function add(record, n) record.visits = (record.visits or 0) + n; aerospike:update(record) end'
   * client.udfRegister({ name: 'visits.lua', source }, { wait: true })
   * ```
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

  /**
   * Removes a module. A module that does not exist is not an error, as on the server.
   *
   * @param module - name of the module, with or without `.lua`
   * @param policy - as for `udfRegister`
   * @returns the task; it is done when no node has the module any more
   */
  udfRemove(module: string, policy?: BlockingTaskPolicy): TaskSync {
    const name = moduleFile(module, 'udfRemove: module')
    return this.#begin(`udfRemove ${name}`, policy, begun => {
      this.run(commands.udfRemove, [module, begun])
      return moduleWatch(name, false)
    })
  }

  /**
   * Lists the registered modules.
   *
   * @param policy - overrides the client's `admin` policy for this call
   * @returns name, hash and language of each module
   */
  udfList(policy?: AdminPolicy): UdfInfo[] {
    return this.run(commands.udfList, [policy])
  }

  /**
   * Returns the source of a module.
   *
   * @param module - name of the module, with or without `.lua`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the source text
   * @throws UDFError if there is no module of this name
   */
  udfGet(module: string, policy?: AdminPolicy): string {
    return this.run(commands.udfGet, [module, policy])
  }

  /**
   * Deletes all records of a set or of a whole namespace, immediately and without tombstones. An unknown set is not an
   * error.
   *
   * @param namespace - namespace
   * @param set - set; null for the whole namespace
   * @param before - delete only records last updated before this time: nanoseconds since 1970, or a Date; 0 means now.
   *   Default: now
   * @param policy - overrides the client's `admin` policy for this call
   * @throws InvalidArgError if an argument is invalid, or if `before` is in the future
   * @example
   * ```ts
   * client.truncate('test', 'users', new Date('2026-01-01'))
   * ```
   */
  truncate(namespace: string, set: string | null, before?: bigint | 0 | Date | null, policy?: AdminPolicy): void {
    return this.run(commands.truncate, [namespace, set, before, policy])
  }

  /**
   * Sets which records cross-datacenter replication ships from a namespace to a datacenter (Enterprise). It replaces
   * the filter that was set before, and concerns records that are shipped from now on.
   *
   * @param datacenter - name of the datacenter in the configuration of the servers
   * @param namespace - namespace
   * @param filter - ships only records for which this expression is true; null ships all records
   * @param policy - overrides the client's `admin` policy for this call
   * @throws InvalidArgError if an argument is invalid; ServerError if there is no such datacenter or namespace, or if
   *   the servers have no cross-datacenter replication
   * @example
   * ```ts
   * client.setXdrFilter('west', 'test', exp.eq(exp.binStr('region'), 'west'))
   * ```
   */
  setXdrFilter(datacenter: string, namespace: string, filter: Condition | null, policy?: AdminPolicy): void {
    return this.run(commands.setXdrFilter, [datacenter, namespace, filter, policy])
  }

  /**
   * Returns the names of the namespaces.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  namespaces(policy?: AdminPolicy): string[] {
    return this.run(commands.namespaces, [policy])
  }

  /**
   * Lists the sets of a namespace.
   *
   * @param namespace - namespace. Default: all namespaces
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the sets, with their record counts summed over all nodes
   */
  sets(namespace?: string | null, policy?: AdminPolicy): SetInfo[] {
    return this.run(commands.sets, [namespace, policy])
  }

  /**
   * Returns the build of the servers, such as `8.1.2.0`; if the nodes differ, the lowest.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  build(policy?: AdminPolicy): string {
    return this.run(commands.build, [policy])
  }

  /**
   * Returns the features that all nodes support, such as `pquery`.
   *
   * @param policy - overrides the client's `admin` policy for this call
   */
  features(policy?: AdminPolicy): string[] {
    return this.run(commands.features, [policy])
  }

  /**
   * Sends an info command to every node.
   *
   * @param command - the command, such as `'namespaces'` or `'statistics'`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns one result for each node: `node`, `response`, and `error` if the node did not answer. An error text of the
   *   server, such as `ERROR...`, is a `response`.
   * @throws InvalidArgError if the command is invalid
   * @example
   * ```ts
   * for (const { node, response, error } of client.infoAll('build')) console.log(node, error ?? response)
   * ```
   */
  infoAll(command: string, policy?: AdminPolicy): InfoResult[] {
    return this.run(commands.infoAll, [command, policy])
  }

  /**
   * Sends an info command to one node.
   *
   * @param command - the command
   * @param node - name of the node, as returned by `getNodeNames`
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   * @throws ClusterError if the cluster has no such node
   */
  infoNode(command: string, node: string, policy?: AdminPolicy): string {
    return this.run(commands.infoNode, [command, node, policy])
  }

  /**
   * Sends an info command to any one node.
   *
   * @param command - the command
   * @param policy - overrides the client's `admin` policy for this call
   * @returns the server's text as it is; an unknown command returns a text that begins with `ERROR`
   */
  infoRandomNode(command: string, policy?: AdminPolicy): string {
    return this.run(commands.infoRandomNode, [command, policy])
  }
}
