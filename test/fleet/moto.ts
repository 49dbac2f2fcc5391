// An S3 server of this machine, in memory: moto, of Debian's package python3-moto.
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Moto {
  /** such as http://127.0.0.1:PORT; a bucket is a folder below it, and any credentials are accepted */
  readonly endpoint: string
  /** Ends the server, with all that was stored. */
  readonly stop: () => Promise<void>
}

/** ms within which it must listen */
const LIMIT = 60_000

/** Starts the server on a free port of 127.0.0.1. Throws if it does not listen, with what it printed. */
export async function startMoto(): Promise<Moto> {
  const dir = mkdtempSync(join(tmpdir(), 'ksys-moto-'))
  // a file: nobody reads a pipe while a query blocks this process, and the server would wait for a reader
  const log = join(dir, 'log')
  const fd = openSync(log, 'w')
  // another python3 of the PATH does not have Debian's packages
  const child = spawn('/usr/bin/python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', fd, fd],
  })
  closeSync(fd)
  let ended = false
  const closed = new Promise<void>((resolve) => {
    for (const event of ['close', 'error']) child.once(event, () => resolve())
  }).then(() => {
    ended = true
  })
  const stop = async () => {
    child.kill('SIGKILL')
    await closed
    rmSync(dir, { recursive: true, force: true })
  }
  for (const end = Date.now() + LIMIT; !ended && Date.now() < end; await new Promise((r) => setTimeout(r, 50))) {
    const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(readFileSync(log, 'utf8'))?.[1]
    if (endpoint !== undefined) return { endpoint, stop }
  }
  const printed = readFileSync(log, 'utf8')
  await stop()
  throw new Error(`moto does not listen; npm run fleet installs it.\nPrinted:\n${printed}`)
}
