/**
 * Lists of plain rows, as a table or as JSON.
 */
import type { Command } from 'commander'
import type { ConnectionOptions } from '../connection.mjs'
import { tableText } from '../formats/table.mjs'
import { stdout } from '../output.mjs'
import { hasColors, widthOf } from '../terminal.mjs'

export interface ListOptions extends ConnectionOptions {
  readonly json?: boolean
}

export function addListFormats(command: Command): Command {
  return command.option('--json', 'as JSON')
}

type Plain = { readonly [column: string]: string | number | null }

/** Writes a list. */
export async function writeList(rows: readonly Plain[], options: { readonly json?: boolean }): Promise<void> {
  if (options.json === true) {
    await stdout.write(`${JSON.stringify(rows)}\n`)
    return
  }
  const cells = rows.map(
    row =>
      new Map(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : (value ?? '')]),
      ),
  )
  await stdout.write(tableText(cells, { width: widthOf(process.stdout), colors: hasColors(process.stdout) }))
}
