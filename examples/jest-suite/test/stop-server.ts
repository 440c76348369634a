import { shared } from './server'

async function stopServer(): Promise<void> {
  await shared.server?.stop()
}

export = stopServer
