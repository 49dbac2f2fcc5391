// The scripts of this folder: every runtime starts here, runs `web`, and leaves nothing behind.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { privileged } from '../helpers/ksys.js'
import { startPod } from './pod.js'
import { freePort, Runtime, type RuntimeName } from './runtimes.js'

const get = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`)).text()

/** Asks until the server has begun to listen. */
async function served(port: number): Promise<string> {
  for (let tries = 0; ; tries++)
    try {
      return await get(port)
    } catch (e) {
      if (tries > 100) throw e
      await new Promise((done) => setTimeout(done, 50))
    }
}

describe.skipIf(!privileged())('a real runtime', () => {
  for (const name of ['docker', 'podman', 'containerd'] as const satisfies readonly RuntimeName[])
    test(`${name} runs web and leaves nothing behind`, async () => {
      const runtime = Runtime.up(name)
      try {
        const port = await freePort()
        const id = runtime.web('web', port)
        expect(id).toMatch(name === 'containerd' ? /^web$/ : /^[0-9a-f]{64}$/)
        expect(await served(port)).toBe('hello\n')
        if (name === 'containerd') {
          const podPort = await freePort()
          const pod = await startPod(runtime.socket, podPort)
          expect(pod.container).toMatch(/^[0-9a-f]{64}$/)
          expect(await served(podPort)).toBe('hello\n')
          await pod.remove()
        }
      } finally {
        runtime.down()
      }
      expect(existsSync(runtime.dir)).toBe(false)
      expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(runtime.dir)
    })
})
