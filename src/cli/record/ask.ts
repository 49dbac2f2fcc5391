// The side of `ksys dump`: finds the user's recorders, makes sure of who listens, and waits for an answer as long as there is hope.
import { connect, type Socket } from 'node:net'
import { reason, systemCode } from '../../source/reason.js'
import { type Answers, answerOf, type Refusal, type Request } from './messages.js'
import { peerUser } from './peer-user.js'
import { type Place, remove, sockets } from './run-folder.js'

/** characters of an answer at most */
const MOST = 65_536
/** ms for a recorder to tell how it stands */
const STATUS_TIME = 5000
/** ms without a sign of life from a recorder that makes a file */
const SILENCE = 15_000

/** A recorder that listens; `connection` is a clause that says why it cannot be asked, where that is so. */
export interface Found {
  readonly pid: number
  readonly connection: Socket | string
}

/** Why there is no answer: what the recorder does, as a clause. */
export interface Unanswered {
  readonly unanswered: string
}

type Outcome<K extends keyof Answers> = Answers[K] | Refusal | Unanswered

/** The user's recorders, or the one with this process id. Sockets that killed recorders have left are removed. */
export async function recorders(pid: number | undefined): Promise<Found[]> {
  const places = sockets().filter((place) => pid === undefined || place.pid === pid)
  const found = await Promise.all(places.map(async (place) => ({ pid: place.pid, connection: await connected(place) })))
  return found.filter((f): f is Found => f.connection !== undefined)
}

/** Has it answer; the connection is closed afterwards. */
export async function ask<K extends keyof Answers>(
  { connection }: Found,
  request: Request & { readonly ask: K },
): Promise<Outcome<K>> {
  if (typeof connection === 'string') return { unanswered: `cannot be asked: ${connection}` }
  const line = await lineFrom(connection, request)
  if (line === SILENT) return { unanswered: 'says nothing: it may be stopped, or hang' }
  const answer = answerOf<K>(line, request.ask)
  return answer ?? { unanswered: 'has ended, or does not answer as it should: look at its files' }
}

/** A connection, or why there is none; undefined: nobody listens. */
function connected({ path }: Place): Promise<Socket | string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      const user = peerUser(socket)
      if (user === 0 || user === process.geteuid?.()) return resolve(socket)
      socket.destroy()
      resolve(`another user (${user}) listens at ${path}`)
    })
    socket.on('error', (e) => {
      const code = systemCode(e)
      if (code === 'ECONNREFUSED') remove(path)
      resolve(code === 'ECONNREFUSED' || code === 'ENOENT' ? undefined : `${path}: ${reason(e)}`)
    })
  })
}

const SILENT = Symbol()

/** The first line that is not empty; what there is of it where the recorder ends before, or says too much. */
function lineFrom(socket: Socket, request: Request): Promise<string | typeof SILENT> {
  return new Promise((resolve) => {
    let text = ''
    const settle = (line: string | typeof SILENT) => {
      clearTimeout(late)
      socket.destroy()
      resolve(line)
    }
    const late = setTimeout(() => settle(SILENT), request.ask === 'dump' ? SILENCE : STATUS_TIME)
    socket.setEncoding('utf8')
    socket.on('data', (more: string) => {
      const rest = (text + more).replace(/^\n+/, '')
      if (text === '' && rest === '' && request.ask === 'dump') late.refresh()
      text = rest
      const end = text.indexOf('\n')
      if (end >= 0) settle(text.slice(0, end))
      else if (text.length > MOST) settle('')
    })
    socket.on('close', () => settle(text))
    socket.write(`${JSON.stringify(request)}\n`)
  })
}
