/**
 * The encoding of a configuration: each option as its number (`lib/catalog/client-options.ts`) and its value.
 * Counterpart: `crate/src/policy/client.rs`.
 */

import { CLIENT_ID_OPTION, CLIENT_OPTIONS, END_OF_OPTIONS, SAME_CREDENTIALS_OPTION } from '../catalog/client-options'
import { describe } from '../common/describe'
import { invalidArgument } from '../common/errors'
import { optionsObject, stringOption } from '../common/options'
import { quote } from '../common/shorten'
import type { Writer } from '../wire/wire'
import type { AutoBatchPolicy, Settings } from './config'
import { COUNT, numberOfOption, optionalString, TEXT_OPTIONS } from './config-fields'
import type { Login } from './credentials'
import { POLICY_KINDS, writePolicy } from './policy'
import type { Seed } from './seeds'
import { type LoadedTls, writeTls } from './tls'

/**
 * Writes a validated configuration.
 * @param login - the credentials; undefined for those of the client that connects again
 */
export function writeConfig(writer: Writer, settings: Settings, login?: Login, tls?: LoadedTls): void {
  const { given, numbers } = settings
  writeSeeds(writer, settings.seeds)
  for (const name of TEXT_OPTIONS) writeText(writer, numberOfOption(name), optionalString(given, name))
  writeText(writer, CLIENT_ID_OPTION, `node-${process.versions.node}`)
  for (const [name, value] of Object.entries(numbers)) writeNumber(writer, numberOfOption(name), value)
  writeLogin(writer, login)
  if (tls !== undefined) {
    writer.u8(CLIENT_OPTIONS.tls.id)
    writeTls(writer, tls)
  }
  writeRacks(writer, given.rackIds)
  writeIpMap(writer, given.ipMap)
  writeAutoBatch(writer, settings.autoBatch)
  writer.u8(CLIENT_OPTIONS.policies.id)
  for (const kind of POLICY_KINDS) writePolicy(writer, kind, settings.policies[kind])
  writer.u8(END_OF_OPTIONS)
}

/** Writes an option, unless it has no number: then only JavaScript uses it. */
function writeNumber(writer: Writer, id: number | undefined, value: number): void {
  if (id === undefined) return
  writer.u8(id)
  writer.u32(value)
}

function writeText(writer: Writer, id: number | undefined, text: string | undefined): void {
  if (id === undefined || text === undefined) return
  writer.u8(id)
  writer.text(text)
}

function writeSeeds(writer: Writer, seeds: readonly Seed[]): void {
  writer.u8(CLIENT_OPTIONS.hosts.id)
  writer.u16(seeds.length)
  for (const { name, port, tlsName } of seeds) {
    writer.text(name)
    writer.u16(port)
    writer.u8(tlsName === undefined ? 0 : 1)
    if (tlsName !== undefined) writer.text(tlsName)
  }
}

function writeLogin(writer: Writer, login: Login | undefined): void {
  if (login === undefined) {
    writeNumber(writer, SAME_CREDENTIALS_OPTION, 1)
    return
  }
  login.reveal((user, password) => {
    writeText(writer, CLIENT_OPTIONS.user.id, user)
    writeText(writer, CLIENT_OPTIONS.password.id, password)
  })
  if (login.isProvided) writeNumber(writer, CLIENT_OPTIONS.credentials.id, 1)
}

function writeRacks(writer: Writer, racks: unknown): void {
  if (racks === undefined) return
  if (!Array.isArray(racks) || racks.length === 0) {
    throw invalidArgument(`config.rackIds: a list of rack numbers is needed, not ${describe(racks)}`)
  }
  writer.u8(CLIENT_OPTIONS.rackIds.id)
  writer.u16(racks.length)
  for (const rack of racks) writer.u32(COUNT(rack, 'config.rackIds'))
}

function writeIpMap(writer: Writer, map: unknown): void {
  const entries = map === undefined ? [] : Object.entries(optionsObject(map, 'config.ipMap'))
  if (entries.length === 0) return
  writer.u8(CLIENT_OPTIONS.ipMap.id)
  writer.u16(entries.length)
  for (const [from, to] of entries) {
    writer.text(from)
    writer.text(stringOption(to, `config.ipMap[${quote(from)}]`))
  }
}

function writeAutoBatch(writer: Writer, policy: AutoBatchPolicy | undefined): void {
  if (policy === undefined) return
  writer.u8(CLIENT_OPTIONS.autoBatch.id)
  writer.u8(policy.reads ? 1 : 0)
  writer.u8(policy.writes ? 1 : 0)
  writer.u32(policy.maxSize)
}
