// What a window may do: these functions, and nothing else of Node.js.
import electron = require('electron')

const { contextBridge, ipcRenderer } = electron

contextBridge.exposeInMainWorld('notes', {
  get: (id: string): Promise<string | undefined> => ipcRenderer.invoke('notes:get', id),
  put: (id: string, text: string): Promise<void> => ipcRenderer.invoke('notes:put', id, text),
  remove: (id: string): Promise<void> => ipcRenderer.invoke('notes:remove', id),
})
