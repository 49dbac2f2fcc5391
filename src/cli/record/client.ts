// Client side of `ksys dump`: finds the user's recorders, verifies which user runs them and waits for a reply.
import { connect, type Socket } from 'node:net'
import { reason, systemCode } from '../../source/reason.js'
import { type Answers, answerOf, type Refusal, type Request } from './messages.js'
import { type Place, peerUser, remove, sockets } from './run-folder.js'

/** maximum characters of a reply */
const MAX_CHARS = 65_536
/** ms for a recorder to report its status; it needs 10 s to find that its capture is dead */
const STATUS_TIMEOUT = 15_000
/** ms without a keep-alive from a recorder that is writing a file */
const DUMP_TIMEOUT = 15_000

/** A recorder that listens. If there is no connection to it, `connection` is the reason, as a clause. */
export interface RunningRecorder {
  readonly pid: number
  readonly connection: Socket | string
}

/** Why there is no reply, as a clause about the recorder. */
interface Unanswered {
  readonly unanswered: string
}

type Outcome<K extends keyof Answers> = Answers[K] | Refusal | Unanswered

/** The user's recorders, or the one with this process id. Removes the sockets of killed recorders. */
export async function recorders(pid: number | undefined): Promise<RunningRecorder[]> {
  const places = sockets().filter((place) => pid === undefined || place.pid === pid)
  const found = await Promise.all(places.map(async (place) => ({ pid: place.pid, connection: await connectTo(place) })))
  return found.filter((f): f is RunningRecorder => f.connection !== undefined)
}

/** Sends a request and waits for the reply; closes the connection. */
export async function send<K extends keyof Answers>(
  { connection }: RunningRecorder,
  request: Request & { readonly ask: K },
): Promise<Outcome<K>> {
  if (typeof connection === 'string') return { unanswered: `cannot be reached: ${connection}` }
  const line = await replyLine(connection, request)
  if (line === TIMED_OUT) return { unanswered: 'does not respond; it may be stopped or hung' }
  const answer = answerOf<K>(line, request.ask)
  return answer ?? { unanswered: 'exited or sent an invalid response; check its files' }
}

/** A connection, or why there is none; undefined: no process listens. */
function connectTo({ path }: Place): Promise<Socket | string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      const user = peerUser(socket)
      if (user === 0 || user === process.geteuid?.()) return resolve(socket)
      socket.destroy()
      resolve(`another user (${user}) listens on ${path}`)
    })
    socket.on('error', (e) => {
      const code = systemCode(e)
      if (code === 'ECONNREFUSED') remove(path)
      resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? undefined : `${path}: ${reason(e)}`)
    })
  })
}

const TIMED_OUT = Symbol()

/** The first line that is not empty. If the recorder exits before its end, the part received; '' if it is too long. */
function replyLine(socket: Socket, request: Request): Promise<string | typeof TIMED_OUT> {
  return new Promise((resolve) => {
    let text = ''
    const settle = (line: string | typeof TIMED_OUT) => {
      clearTimeout(timeout)
      socket.destroy()
      resolve(line)
    }
    const timeout = setTimeout(() => settle(TIMED_OUT), request.ask === 'dump' ? DUMP_TIMEOUT : STATUS_TIMEOUT)
    socket.setEncoding('utf8')
    socket.on('data', (more: string) => {
      const rest = (text + more).replace(/^\n+/, '')
      if (text === '' && rest === '' && request.ask === 'dump') timeout.refresh()
      text = rest
      const end = text.indexOf('\n')
      if (end >= 0) settle(text.slice(0, end))
      else if (text.length > MAX_CHARS) settle('')
    })
    socket.on('close', () => settle(text))
    socket.write(`${JSON.stringify(request)}\n`)
  })
}
