// A recorder's socket: clients can request a file or the status.
import { chmodSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { reason, systemCode } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'
import { type Answer, KEEP_ALIVE_EVERY, lineOf, type Request, requestOf } from './messages.js'
import { type Place, peerUser, remove, removeLater, socketPath, sockets } from './run-folder.js'

/** maximum characters of a request, and maximum number of clients */
const MAX_CHARS = 4096
const MAX_CLIENTS = 64
/** ms to receive a request, and to send its reply */
const TIMEOUT = 5000

type RequestHandler = (request: Request) => Promise<Answer>

export class RecorderServer {
  private readonly connected = new Set<Socket>()
  /** replies that have not been sent yet */
  private readonly pending = new Set<Promise<void>>()
  /** the user who started the recorder, even if it changes its user later */
  private readonly owner = process.geteuid?.()

  private constructor(
    private readonly server: Server,
    private readonly removeSocket: () => Promise<void>,
    private readonly handle: RequestHandler,
  ) {
    server.on('connection', (socket) => this.serve(socket))
  }

  /** Listens on the socket of this process. Throws CliError if it cannot. */
  static async open(handle: RequestHandler): Promise<RecorderServer> {
    const path = socketPath(process.pid)
    remove(path)
    await Promise.all(sockets().map(removeAbandoned))
    const server = createServer()
    server.maxConnections = MAX_CLIENTS
    const recorderServer = new RecorderServer(server, removeLater(path), handle)
    await new Promise<void>((resolve, reject) => {
      // later errors mean that a client was not accepted because too many files were open
      server.on('error', (e) =>
        reject(new CliError(EXIT.failure, `cannot create the recorder's socket ${path}: ${reason(e)}`)),
      )
      server.listen(path, resolve)
    })
    chmodSync(path, 0o600)
    // the socket must not keep the process alive
    server.unref()
    return recorderServer
  }

  /** Accepts no more requests; fulfilled once all pending ones are answered. */
  async close(): Promise<void> {
    await this.removeSocket()
    this.server.close()
    await Promise.all(this.pending)
    for (const socket of this.connected) socket.destroySoon()
  }

  private serve(socket: Socket): void {
    this.connected.add(socket)
    socket.on('close', () => this.connected.delete(socket))
    // the client may disconnect before the reply is sent
    socket.on('error', () => socket.destroy())
    socket.setTimeout(TIMEOUT, () => socket.destroy())
    const user = peerUser(socket)
    if (user !== 0 && user !== this.owner) {
      socket.destroy()
      return
    }
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (more: string) => {
      text += more
      const end = text.indexOf('\n')
      if (text.length > MAX_CHARS && (end < 0 || end > MAX_CHARS)) socket.destroy()
      else if (end >= 0) {
        socket.removeAllListeners('data').resume()
        this.reply(socket, text.slice(0, end))
      }
    })
  }

  private reply(socket: Socket, line: string): void {
    const request = requestOf(line)
    socket.setTimeout(0)
    const keepAlive = setInterval(() => {
      if (socket.writable && !socket.writableNeedDrain) socket.write('\n')
    }, KEEP_ALIVE_EVERY).unref()
    const sent = (request === undefined ? Promise.resolve({ error: 'invalid request' }) : this.handle(request))
      .catch((e: unknown) => ({ error: reason(e) }))
      .then((a) => {
        clearInterval(keepAlive)
        socket.setTimeout(TIMEOUT)
        socket.end(lineOf(a))
        this.pending.delete(sent)
      })
    this.pending.add(sent)
  }
}

/** Removes a socket if no process listens on it: its recorder was killed. */
function removeAbandoned({ path }: Place): Promise<void> {
  return new Promise((done) => {
    const socket = connect(path, () => {
      socket.destroy()
      done()
    })
    socket.on('error', (e) => {
      if (systemCode(e) === 'ECONNREFUSED') remove(path)
      done()
    })
  })
}
