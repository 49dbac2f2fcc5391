// A recorder's socket: who may connect asks for a file, or how it stands.
import { chmodSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { reason, systemCode } from '../../source/reason.js'
import { CliError, EXIT } from '../errors/exit.js'
import { type Answer, lineOf, type Request, requestOf, SIGN_OF_LIFE } from './messages.js'
import { peerUser } from './peer-user.js'
import { type Place, remove, removeLater, socketPath, sockets } from './run-folder.js'

/** bytes of a request at most, and those who may ask at the same time */
const MOST = 4096
const ASKING = 64
/** ms for a request to come, and for its answer to be taken */
const PATIENCE = 5000

type Answering = (request: Request) => Promise<Answer>

export class Control {
  private readonly connected = new Set<Socket>()
  private readonly answers = new Set<Promise<void>>()
  /** the user who began the recorder, whichever it runs as later */
  private readonly owner = process.geteuid?.()

  private constructor(
    private readonly server: Server,
    private readonly removeSocket: () => Promise<void>,
    private readonly answer: Answering,
  ) {
    server.on('connection', (socket) => this.serve(socket))
  }

  /** Listens for this process. Throws CliError where it cannot. */
  static async open(answer: Answering): Promise<Control> {
    const path = socketPath(process.pid)
    remove(path)
    await Promise.all(sockets().map(removeUnheard))
    const server = createServer()
    server.maxConnections = ASKING
    const control = new Control(server, removeLater(path), answer)
    await new Promise<void>((resolve, reject) => {
      // later ones are about who could not be let in, as too many files were open
      server.on('error', (e) =>
        reject(new CliError(EXIT.failure, `${path} cannot be made, where the recorder is asked: ${reason(e)}`)),
      )
      server.listen(path, resolve)
    })
    chmodSync(path, 0o600)
    // a socket alone keeps no recorder running
    server.unref()
    return control
  }

  /** Takes no more requests; fulfilled once those that came are answered. */
  async close(): Promise<void> {
    await this.removeSocket()
    this.server.close()
    await Promise.all(this.answers)
    for (const socket of this.connected) socket.destroySoon()
  }

  private serve(socket: Socket): void {
    this.connected.add(socket)
    socket.on('close', () => this.connected.delete(socket))
    // who asks may go before the answer comes
    socket.on('error', () => socket.destroy())
    socket.setTimeout(PATIENCE, () => socket.destroy())
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
      if (text.length > MOST && (end < 0 || end > MOST)) socket.destroy()
      else if (end >= 0) {
        socket.removeAllListeners('data').resume()
        this.reply(socket, text.slice(0, end))
      }
    })
  }

  private reply(socket: Socket, line: string): void {
    const request = requestOf(line)
    socket.setTimeout(0)
    const working = setInterval(() => {
      if (socket.writable && !socket.writableNeedDrain) socket.write('\n')
    }, SIGN_OF_LIFE).unref()
    const answered = (request === undefined ? Promise.resolve({ error: 'that is no request' }) : this.answer(request))
      .catch((e: unknown) => ({ error: reason(e) }))
      .then((a) => {
        clearInterval(working)
        socket.setTimeout(PATIENCE)
        socket.end(lineOf(a))
        this.answers.delete(answered)
      })
    this.answers.add(answered)
  }
}

/** Removes a socket that a recorder which was killed has left behind: nobody listens there. */
function removeUnheard({ path }: Place): Promise<void> {
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
