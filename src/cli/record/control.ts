// A recorder's socket: who may connect asks for a file, or how it stands. A request and its answer are a line of JSON each.
import { chmodSync, unlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { native } from '../../source/native.js'
import { reason } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Dumped } from './dumps.js'
import { socketPath } from './run-folder.js'

/** bytes of a request at most */
const MOST = 4096

export type Request =
  /** after: ns of capture time that go into the file behind this moment; undefined: as the recorder was told */
  { readonly ask: 'dump'; readonly after?: number | undefined } | { readonly ask: 'status' }

/** How a recorder stands. */
export interface Status {
  readonly pid: number
  /** s of capture time in memory */
  readonly seconds: number
  /** bytes in memory, and at most */
  readonly bytes: number
  readonly most: number
  /** files that were written, and whether one is being written */
  readonly files: number
  readonly writing: boolean
  /** where they are written */
  readonly to: string
}

export type Answer = { readonly dumped: Dumped } | { readonly status: Status } | { readonly error: string }

export class Control {
  private constructor(
    private readonly server: Server,
    private readonly path: string,
    private readonly connected: Set<Socket>,
  ) {}

  /** Listens for this process. Throws CliError where it cannot. */
  static async open(answer: (request: Request) => Promise<Answer>): Promise<Control> {
    const path = socketPath(process.pid)
    remove(path)
    const connected = new Set<Socket>()
    const server = createServer((socket) => {
      connected.add(socket)
      socket.on('close', () => connected.delete(socket))
      serve(socket, answer)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', (e) =>
        reject(new CliError(EXIT.failure, `${path} cannot be made, where the recorder is asked: ${reason(e)}`)),
      )
      server.listen(path, resolve)
    })
    chmodSync(path, 0o600)
    // a socket alone keeps no recorder running
    server.unref()
    return new Control(server, path, connected)
  }

  /** Takes no more requests. */
  close(): void {
    this.server.close()
    for (const socket of this.connected) socket.end()
    remove(this.path)
  }
}

function serve(socket: Socket, answer: (request: Request) => Promise<Answer>): void {
  // who asks may go before the answer comes
  socket.on('error', () => socket.destroy())
  const own = process.geteuid?.()
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
  const user = native().peerUser(fd)
  if (user !== 0 && user !== own) {
    socket.destroy()
    return
  }
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (more: string) => {
    text += more
    const end = text.indexOf('\n')
    if (end < 0 && text.length > MOST) socket.destroy()
    if (end < 0) return
    socket.removeAllListeners('data')
    const request = requestOf(text.slice(0, end))
    const answered = request === undefined ? Promise.resolve({ error: 'that is no request' }) : answer(request)
    void answered.then((a) => socket.end(`${JSON.stringify(a)}\n`))
  })
}

function requestOf(line: string): Request | undefined {
  try {
    const { ask, after } = JSON.parse(line) as Record<string, unknown>
    if (ask === 'status') return { ask }
    if (ask !== 'dump') return undefined
    return { ask, after: typeof after === 'number' && after >= 0 ? after : undefined }
  } catch {
    return undefined
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // it is gone
  }
}
