/**
 * Info requests: one command sent to all nodes, to one node by name, or to any node.
 */

import { type IndexInfo, readIndexes } from '../cluster/indexes'
import { addUpSets, checkAnswer, type InfoResult, infoName, lowerBuild, mayChange, type SetInfo } from '../cluster/info'
import { moduleFile, readModules, readSource, type UdfInfo } from '../cluster/udf'
import { describe } from '../common/describe'
import { invalidArgument, refusedWrite, toError } from '../common/errors'
import { allOf, type Condition } from '../expressions/conditions'
import { type AdminPolicy, writePolicy } from '../options/policy'
import { writeText } from '../values/value'
import { readFailure } from '../wire/failure'
import type { Reader, Writer } from '../wire/wire'
import { define, type Maybe } from './define'

/** The effect of a call with an info command of the caller. */
interface Asked {
  readonly writes: boolean
}

const write = ({ writes }: Asked): boolean => writes

/** Writes an info command of the caller. */
function writeAsked(writer: Writer, command: string, node: string, policy: Maybe<AdminPolicy>): Asked {
  writeInfo(writer, command, node, policy)
  return { writes: mayChange(command) }
}

function writeInfo(writer: Writer, command: string, node: string, policy: Maybe<AdminPolicy>): void {
  if (typeof command !== 'string' || command === '') {
    throw invalidArgument(
      `command: an info command is needed, not ${command === '' ? 'an empty string' : describe(command)}`,
    )
  }
  writeText(writer, command, 'command')
  writeText(writer, node, 'node')
  writePolicy(writer, 'admin', policy)
}

function readResults(reader: Reader, name: string): InfoResult[] {
  const count = reader.u32()
  const results: InfoResult[] = []
  for (let index = 0; index < count; index++) {
    const node = reader.text()
    if (reader.u8() !== 0) results.push({ node, response: reader.text(), error: null })
    else results.push({ node, response: '', error: toError(readFailure(reader), name) })
  }
  return results
}

/** Returns the response of every node; throws the error of a node that failed. */
function readAll(reader: Reader, name: string): string[] {
  return readResults(reader, name).map(({ response, error }) => {
    if (error !== null) throw error
    return checkAnswer(response, name)
  })
}

function unique(lists: readonly string[]): string[] {
  return [...new Set(lists.flatMap(list => list.split(';')))].filter(item => item !== '')
}

/** Sends an info command to every node. */
export const infoAll = define({
  name: 'infoAll',
  kind: 'admin',
  policy: 1,
  write,
  encode: (writer, [command, policy]: readonly [string, Maybe<AdminPolicy>]) => writeAsked(writer, command, '', policy),
  decode: ({ reader }): InfoResult[] => readResults(reader, 'infoAll'),
})

/** Sends an info command to the named node. */
export const infoNode = define({
  name: 'infoNode',
  kind: 'admin',
  policy: 2,
  encode: (writer, [command, node, policy]: readonly [string, string, Maybe<AdminPolicy>]) => {
    if (typeof node !== 'string' || node === '') {
      throw invalidArgument(`node: a node's name is needed, not ${node === '' ? 'an empty string' : describe(node)}`)
    }
    return writeAsked(writer, command, node, policy)
  },
  write,
  decode: ({ reader }): string => reader.text(),
})

/** Sends an info command to any node. */
export const infoRandomNode = define({
  name: 'infoRandomNode',
  kind: 'admin',
  policy: 1,
  write,
  encode: (writer, [command, policy]: readonly [string, Maybe<AdminPolicy>]) => writeAsked(writer, command, '', policy),
  decode: ({ reader }): string => reader.text(),
})

/** Sets or removes the filter of the records that are shipped to another datacenter. */
export const setXdrFilter = define({
  name: 'setXdrFilter',
  kind: 'admin',
  policy: 3,
  encode: (writer, [datacenter, namespace, filter, policy]: XdrFilterArgs) => {
    const dc = infoName(datacenter, 'setXdrFilter: datacenter')
    const ns = infoName(namespace, 'setXdrFilter: namespace')
    const exp = filter === null ? 'null' : xdrFilter(filter)
    writeInfo(writer, `xdr-set-filter:dc=${dc};namespace=${ns};exp=${exp}`, '', policy)
  },
  decode: ({ reader }): void => {
    checkAnswer(reader.text(), 'setXdrFilter', refusedWrite)
  },
  answersRefusals: true,
})

type XdrFilterArgs = readonly [string, string, Condition | null, Maybe<AdminPolicy>]

/** Returns a filter in base64. */
function xdrFilter(filter: Condition): string {
  if (filter === undefined) {
    throw invalidArgument('setXdrFilter: filter: an expression is needed, or null to remove the filter')
  }
  const packed = allOf([{ condition: filter, where: 'setXdrFilter: filter' }])
  if (packed.length === 0) throw invalidArgument('setXdrFilter: filter: the expression is empty')
  return Buffer.from(packed).toString('base64')
}

type InfoArgs = readonly [Maybe<AdminPolicy>]

/** Lists the namespaces of the cluster. */
export const namespaces = define({
  name: 'namespaces',
  kind: 'admin',
  policy: 0,
  encode: (writer, [policy]: InfoArgs) => writeInfo(writer, 'namespaces', '', policy),
  decode: ({ reader }): string[] => unique(readAll(reader, 'namespaces')),
})

/** Lists the sets of one namespace, or of all. */
export const sets = define({
  name: 'sets',
  kind: 'admin',
  policy: 1,
  encode: (writer, [namespace, policy]: readonly [Maybe<string>, Maybe<AdminPolicy>]) => {
    const all = namespace === undefined || namespace === null
    writeInfo(writer, all ? 'sets' : `sets/${infoName(namespace, 'sets: namespace')}`, '', policy)
  },
  decode: ({ reader }): SetInfo[] => addUpSets(readAll(reader, 'sets')),
})

/** Returns the lowest server build among the nodes. */
export const build = define({
  name: 'build',
  kind: 'admin',
  policy: 0,
  encode: (writer, [policy]: InfoArgs) => writeInfo(writer, 'build', '', policy),
  decode: ({ reader }): string => readAll(reader, 'build').reduce(lowerBuild),
})

/** Lists the features that every node supports. */
export const features = define({
  name: 'features',
  kind: 'admin',
  policy: 0,
  encode: (writer, [policy]: InfoArgs) => writeInfo(writer, 'features', '', policy),
  decode: ({ reader }): string[] => {
    const nodes = readAll(reader, 'features').map(list => new Set(list.split(';')))
    return [...(nodes[0] ?? [])].filter(feature => feature !== '' && nodes.every(node => node.has(feature)))
  },
})

/** Lists the secondary indexes of one namespace, or of all. */
export const indexList = define({
  name: 'indexList',
  kind: 'admin',
  policy: 1,
  encode: (writer, [namespace, policy]: readonly [Maybe<string>, Maybe<AdminPolicy>]) => {
    const all = namespace === undefined || namespace === null
    writeInfo(
      writer,
      all ? 'sindex-list' : `sindex-list:namespace=${infoName(namespace, 'indexList: namespace')}`,
      '',
      policy,
    )
  },
  decode: ({ reader }): IndexInfo[] => readIndexes(reader.text()),
})

/** Lists the registered modules. */
export const udfList = define({
  name: 'udfList',
  kind: 'admin',
  policy: 0,
  encode: (writer, [policy]: InfoArgs) => writeInfo(writer, 'udf-list', '', policy),
  decode: ({ reader }): UdfInfo[] => readModules(checkAnswer(reader.text(), 'udfList')),
})

/** Returns the source of a module. */
export const udfGet = define({
  name: 'udfGet',
  kind: 'admin',
  policy: 1,
  encode: (writer, [module, policy]: readonly [string, Maybe<AdminPolicy>]) => {
    const name = moduleFile(module, 'udfGet: module')
    writeInfo(writer, `udf-get:filename=${name}`, '', policy)
    return name
  },
  decode: ({ reader }, name): string => readSource(reader.text(), name),
})
