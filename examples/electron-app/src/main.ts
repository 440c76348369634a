// The main process has the client. Windows call it through the functions of preload.cts, and never see addresses or
// credentials. To run it: `npm ci && npm start`, with AEROSPIKE_HOSTS=host:port.
import { fileURLToPath } from 'node:url'
import { type Client, connect, RecordNotFoundError } from 'aerospike-napi'
import { app, BrowserWindow, ipcMain } from 'electron'

const PAGE = `data:text/html,<h1>Notes</h1><textarea id=note></textarea><script>
  note.onchange = () => notes.put('first', note.value)
  notes.get('first').then(text => { note.value = text ?? '' })
</script>`

/** Answers the calls of windows. What a window sends is checked, like the input of a web server. */
function serve(client: Client): void {
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

await app.whenReady()
// Without a server, the application starts nevertheless: calls fail until the client has reached a node.
const client = await connect({ totalTimeout: 2000, failIfNotConnected: false })
serve(client)

let closed = false
app.on('will-quit', event => {
  if (closed) return
  // Electron does not wait for promises: quit again when the client is closed.
  event.preventDefault()
  void client.close().finally(() => {
    closed = true
    app.quit()
  })
})
app.on('window-all-closed', () => app.quit())

const preload = fileURLToPath(new URL('preload.cjs', import.meta.url))
const window = new BrowserWindow({ webPreferences: { preload, sandbox: true, contextIsolation: true } })
await window.loadURL(PAGE)
