// Waits for a server that was started.
import { connect } from 'node:net'
import { sleep } from '../../tracer.js'
import type { Running } from '../processes.js'

const connects = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => done(false))
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
  })

/** Resolves once the server accepts connections at a port of 127.0.0.1. Throws what it printed if it ends. */
export async function listens(server: Running, port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await connects(port)) return
    if (server.hasEnded()) break
    await sleep(100)
  }
  await server.end()
  const { stdout, stderr } = server.output()
  throw new Error(`${server.child.spawnfile} does not accept connections:\n${stdout}${stderr}`)
}
