/**
 * Methods of `Client` for code written for aerospike-py: they take other arguments than their counterparts.
 */

import { type UdfSource, udfPutPolicy } from '../cluster/udf'
import { type Task, type TaskPolicy, waiting } from '../tasks/task'
import type { Integer } from '../values/value'
import { Admin } from './admin'

/** Methods of `Client` with the names and arguments of aerospike-py. */
export abstract class AerospikePy<out I extends Integer = number | bigint> extends Admin<I> {
  /**
   * `createIntegerIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  async indexIntegerCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: TaskPolicy,
  ): Promise<Task> {
    return await this.createIntegerIndex({ namespace, set, bin, index }, waiting(policy))
  }

  /**
   * `createStringIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  async indexStringCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: TaskPolicy,
  ): Promise<Task> {
    return await this.createStringIndex({ namespace, set, bin, index }, waiting(policy))
  }

  /**
   * `createBlobIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  async indexBlobCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: TaskPolicy,
  ): Promise<Task> {
    return await this.createBlobIndex({ namespace, set, bin, index }, waiting(policy))
  }

  /**
   * `createGeo2DSphereIndex` under aerospike-py's name and argument order. Waits for the index unless `policy.wait` is
   * false.
   *
   * @param namespace - namespace
   * @param set - set; null for all sets
   * @param bin - name of the bin
   * @param index - name of the index
   * @param policy - as for `createIndex`, with `wait` true by default
   * @returns the task
   * @throws IndexExistsError if an index of this name exists
   */
  async indexGeo2dsphereCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: TaskPolicy,
  ): Promise<Task> {
    return await this.createGeo2DSphereIndex({ namespace, set, bin, index }, waiting(policy))
  }

  /**
   * `udfRegister` under aerospike-py's name. Waits for the module unless `policy.wait` is false.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, policy?: TaskPolicy | null): Promise<Task>
  /**
   * `udfPut` with aerospike-py's arguments.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param udfType - aerospike-py's constant for Lua, the only language: 0
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, udfType: 0, policy?: TaskPolicy | null): Promise<Task>
  async udfPut(module: UdfSource, first?: TaskPolicy | 0 | null, second?: TaskPolicy | null): Promise<Task> {
    return await this.udfRegister(module, waiting(udfPutPolicy(first, second)))
  }
}
