// The main process has the client, and windows call it through the functions of preload.cts.
// To run it: `npm ci && npm start`, with AEROSPIKE_HOSTS=host:port.
import { fileURLToPath } from 'node:url'
import { connect } from 'aerospike-napi'
import { app, BrowserWindow } from 'electron'
import { serveNotes } from './notes.js'

const PAGE = `data:text/html,<h1>Notes</h1><textarea id=note></textarea><script>
  note.onchange = () => notes.put('first', note.value)
  notes.get('first').then(text => { note.value = text ?? '' })
</script>`

await app.whenReady()
// Without a server, the application starts nevertheless: calls fail until the client has reached a node.
const client = await connect({ totalTimeout: 2000, failIfNotConnected: false })
serveNotes(client)

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
