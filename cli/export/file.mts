/**
 * The file of an export. Rows go to `<file>.partial`, which gets the name of the file when it is complete.
 */
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { CliError, usageError } from '../exit-codes.mjs'
import { type Sink, writeFailure } from '../output.mjs'

/** A file to which rows are written. */
export interface ExportFile extends Sink {
  /** Number of bytes in the file. */
  readonly size: number
  /** Makes sure that the bytes are on the disk. */
  sync(): Promise<void>
  /** Closes the file, and gives it its name if it is complete. */
  close(complete: boolean): Promise<void>
}

/** Whether a path is something else than a regular file or a missing one, such as a device or a named pipe. */
export async function isSpecialFile(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isDirectory() === true) throw usageError(`${path} is a directory`)
  return stats !== undefined && !stats.isFile()
}

/** Throws if there is a file which must not be replaced. */
export async function checkFree(path: string, force: boolean): Promise<void> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile() === true && !force) throw usageError(`${path} exists; use --force to replace it`)
}

/**
 * Opens the file of an export.
 *
 * @param path - path of the complete file
 * @param keep - number of bytes of an earlier run to keep; undefined for a new file
 */
export async function openExportFile(path: string, keep: number | undefined): Promise<ExportFile> {
  const special = await isSpecialFile(path)
  const written = special ? path : `${path}.partial`
  let handle: FileHandle
  let size = 0
  try {
    handle = await open(written, keep === undefined ? 'w' : 'r+')
    if (keep !== undefined) {
      const stats = await handle.stat()
      if (stats.size < keep) throw new Error('it is shorter than when the export was interrupted')
      await handle.truncate(keep)
      size = keep
    }
  } catch (error) {
    throw new CliError(`${written} cannot be written: ${(error as Error).message}`, undefined, { cause: error })
  }
  const guarded = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      throw writeFailure(error as NodeJS.ErrnoException, written)
    }
  }
  return {
    get size() {
      return size
    },
    async write(text) {
      const bytes = typeof text === 'string' ? Buffer.from(text) : text
      await guarded(async () => {
        let at = 0
        while (at < bytes.length) {
          const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, special ? null : size + at)
          at += bytesWritten
        }
      })
      size += bytes.length
    },
    sync: () => guarded(() => (special ? Promise.resolve() : handle.sync())),
    async close(complete) {
      await guarded(() => handle.close())
      if (complete && !special) await guarded(() => rename(written, path))
    },
  }
}
