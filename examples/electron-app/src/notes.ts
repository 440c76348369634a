// What windows can do with the client: the handlers of their calls. Windows never see addresses or credentials.
import { type Client, RecordNotFoundError } from 'aerospike-napi'
import { ipcMain } from 'electron'

/** Answers the calls of windows. What a window sends is checked, like the input of a web server. */
export function serveNotes(client: Client): void {
  const notes = client.set<{ text: string }>('test', 'electron-notes')
  ipcMain.handle('notes:get', async (_, id: unknown) => (await notes.getOrNull(text(id)))?.bins.text)
  ipcMain.handle('notes:put', async (_, id: unknown, note: unknown) => {
    await notes.put(text(id), { text: text(note) })
  })
  ipcMain.handle('notes:remove', async (_, id: unknown) => {
    await notes.remove(text(id)).catch(error => {
      if (!(error instanceof RecordNotFoundError)) throw error
    })
  })
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value.length > 10_000) throw new TypeError('a text is needed')
  return value
}
