// An object store with the interface of S3 on this machine: moto, of Debian's packages. It accepts any credentials, and none.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { freePort } from '../container/runtimes.js'

export interface ObjectStore {
  /** its URL, such as http://127.0.0.1:5000 */
  readonly endpoint: string
  /** Stores an object, and creates the bucket, which is the first part of its path. */
  put(path: string, content: Uint8Array): Promise<void>
  stop(): Promise<void>
}

/** ms between attempts to reach the store after its start */
const AGAIN = 100

/** Starts an empty store. */
export async function startMoto(): Promise<ObjectStore> {
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  const server = spawn('/usr/bin/python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  })
  const ended = once(server, 'exit')
  while (
    !(await fetch(endpoint).then(
      () => true,
      () => false,
    ))
  ) {
    if (server.exitCode !== null) throw new Error(`moto ended with exit code ${server.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, AGAIN))
  }
  const send = async (path: string, body?: Uint8Array) => {
    const { ok, status } = await fetch(`${endpoint}/${path}`, {
      method: 'PUT',
      ...(body && { body: Buffer.from(body) }),
    })
    if (!ok) throw new Error(`moto: ${path}: status ${status}`)
  }
  return {
    endpoint,
    async put(path, content) {
      await send(path.split('/')[0] as string)
      await send(path, content)
    },
    async stop() {
      server.kill('SIGKILL')
      await ended
    },
  }
}
