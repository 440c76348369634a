/**
 * The subject of a request: what its body starts with, for the command itself, metrics and traces. The counterpart of
 * `crate/src/requests/subject.rs`; `lib/catalog/commands.ts` lists the commands that have one.
 */
import { invalidArgument } from '../common/errors'
import { quote } from '../common/shorten'
import { MalformedTextError, type Writer } from '../wire/wire'

function writeName(writer: Writer, name: string, where: string): void {
  try {
    writer.name(name)
  } catch (error) {
    if (!(error instanceof MalformedTextError)) throw error
    throw invalidArgument(`${where}: ${quote(name)} contains a lone surrogate, which UTF-8 cannot encode`)
  }
}

/** Writes namespace and set, an empty string for none. The caller has checked their lengths. */
export function writeSpace(writer: Writer, namespace: string, set: string, where: string): void {
  writeName(writer, namespace, where)
  writeName(writer, set, where)
}

/** Writes the subject of a call on rows: the namespace and set of the first row, if there is one, and their number. */
export function writeRowsSubject(
  writer: Writer,
  first: { readonly namespace: string; readonly set: string } | undefined,
  rows: number,
): void {
  writeSpace(writer, first?.namespace ?? '', first?.set ?? '', 'key')
  writer.u32(rows)
}
