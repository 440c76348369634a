// Generated from lib/methods/aerospike-py.ts by `make types`. Do not edit.

/** Methods of `ClientSync` for code written for aerospike-py: they take other arguments than their counterparts. */

import { type UdfSource, udfPutPolicy } from '../cluster/udf'
import { type BlockingTaskPolicy, type TaskSync, waiting } from '../tasks/task'
import type { Integer } from '../values/value'
import { AdminSync } from './admin-sync'

/** Methods of `ClientSync` with the names and arguments of aerospike-py. */
export abstract class AerospikePySync<out I extends Integer = number | bigint> extends AdminSync<I> {
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
  indexIntegerCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync {
    return this.createIntegerIndex({ namespace, set, bin, index }, waiting(policy))
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
  indexStringCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync {
    return this.createStringIndex({ namespace, set, bin, index }, waiting(policy))
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
  indexBlobCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync {
    return this.createBlobIndex({ namespace, set, bin, index }, waiting(policy))
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
  indexGeo2dsphereCreate(
    namespace: string,
    set: string | null,
    bin: string,
    index: string,
    policy?: BlockingTaskPolicy,
  ): TaskSync {
    return this.createGeo2DSphereIndex({ namespace, set, bin, index }, waiting(policy))
  }

  /**
   * `udfRegister` under aerospike-py's name. Waits for the module unless `policy.wait` is false.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, policy?: BlockingTaskPolicy | null): TaskSync
  /**
   * `udfPut` with aerospike-py's arguments.
   *
   * @param module - path or URL of a `.lua` file, or `{ name: 'x.lua', source }`
   * @param udfType - aerospike-py's constant for Lua, the only language: 0
   * @param policy - as for `udfRegister`, with `wait` true by default
   * @returns the task
   * @throws UDFError if the module does not compile; InvalidArgError
   */
  udfPut(module: UdfSource, udfType: 0, policy?: BlockingTaskPolicy | null): TaskSync
  udfPut(module: UdfSource, first?: BlockingTaskPolicy | 0 | null, second?: BlockingTaskPolicy | null): TaskSync {
    return this.udfRegister(module, waiting(udfPutPolicy(first, second)))
  }
}
