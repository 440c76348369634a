// The main process of the test: makes the checks, and calls the client from a window. Ends with code 0 if all is right.
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { connect } from 'aerospike-napi'
import { app, BrowserWindow } from 'electron'
import { serveNotes } from '../src/notes.js'
import { checkClient } from './checks.js'

/** Makes the checks in this process, and from a window. */
async function check(hosts: string): Promise<void> {
  const client = await connect({ hosts, totalTimeout: 20_000 })
  await checkClient(client, hosts)
  serveNotes(client)
  const preload = fileURLToPath(new URL('../src/preload.cjs', import.meta.url))
  const window = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true, contextIsolation: true } })
  await window.loadURL('data:text/html,<h1>Notes</h1>')
  const inWindow = (code: string): Promise<unknown> => window.webContents.executeJavaScript(code)
  const note = await inWindow(`notes.put('check', 'a note').then(() => notes.get('check'))`)
  assert.equal(note, 'a note')
  assert.equal(await inWindow(`notes.remove('check').then(() => notes.get('check'))`), undefined)
  await assert.rejects(inWindow('notes.put(5, 6)'), /a text is needed/)
  window.destroy()
  await client.close()
}

app.on('window-all-closed', () => {
  // The test ends the process.
})
app.disableHardwareAcceleration()
await app.whenReady()
try {
  await check(process.env.AEROSPIKE_HOSTS ?? '')
  console.log(`checks passed in Electron ${process.versions.electron}`)
  app.exit(0)
} catch (error) {
  console.error(error)
  app.exit(1)
}
