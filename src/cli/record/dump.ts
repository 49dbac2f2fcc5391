// `ksys dump [PID]`: has a recorder write what it has in memory, and waits until the file is whole.
import { connect, type Socket } from 'node:net'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { parseSubcommand } from '../options/subcommand.js'
import { DUMP } from '../options/subcommands.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { type Answer, answerOf, type Request } from './messages.js'
import { type Place, remove, sockets } from './run-folder.js'
import { statusText } from './status.js'

/** characters of an answer at most: who answers root may be anybody */
const MOST = 65536
/** ms for a recorder to tell how it stands */
const PATIENCE = 5000

/** A recorder that listens. */
interface Found {
  readonly place: Place
  readonly socket: Socket
}

/** Asks; returns the exit code. */
export async function dump(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<{ after?: number; status?: true }>(DUMP, argv)
  if (o.help) return printHelp(DUMP, out)
  const [pid, more] = words
  if (more !== undefined) throw new CliError(EXIT.usage, `one recorder is asked at a time: what is '${more}' for?`)
  if (pid !== undefined && !/^\d+$/.test(pid))
    throw new CliError(EXIT.usage, `'${pid}' is no process id: ksys dump --status lists the recorders`)
  if (o.status) return tellStatus(pid, out)
  const { place, socket } = await chosen(pid)
  const answer = await ask(socket, { ask: 'dump', after: o.after })
  if (answer === undefined)
    throw new CliError(
      EXIT.failure,
      `recorder ${place.pid} has ended, or does not answer as it should: look at its files`,
    )
  if ('error' in answer) throw new CliError(EXIT.failure, answer.error)
  if (!('dumped' in answer)) throw new CliError(EXIT.failure, `recorder ${place.pid} does not answer as it should`)
  await out.text(`${visible(answer.dumped)}\n`)
  return EXIT.ok
}

async function tellStatus(pid: string | undefined, out: Output): Promise<number> {
  const found = await recorders(pid)
  if (found.length === 0) throw none(pid)
  const answers = await Promise.all(found.map(({ socket }) => ask(socket, { ask: 'status' }, PATIENCE)))
  for (const [i, answer] of answers.entries()) {
    const status = answer !== undefined && 'status' in answer ? answer.status : undefined
    const how = status ? `${statusText(status)} to ${visible(status.to)}` : 'it does not answer'
    await out.text(`${(found[i] as Found).place.pid}: ${how}\n`)
  }
  return EXIT.ok
}

/** The recorder that is meant. Throws CliError where that is none, or not clear. */
async function chosen(pid: string | undefined): Promise<Found> {
  const [only, ...others] = await recorders(pid)
  if (only === undefined) throw none(pid)
  if (others.length === 0) return only
  const pids = [only, ...others].map((f) => f.place.pid)
  for (const { socket } of [only, ...others]) socket.destroy()
  throw new CliError(
    EXIT.usage,
    `there are several recorders: say which, as in ksys dump ${pids[0]} (there are ${pids.join(', ')})`,
  )
}

/** Those that somebody listens for; what a killed recorder has left is removed. */
async function recorders(pid: string | undefined): Promise<Found[]> {
  const places = sockets().filter((s) => pid === undefined || s.pid === Number(pid))
  const found = await Promise.all(places.map(async (place) => ({ place, socket: await connected(place) })))
  return found.filter((f): f is Found => f.socket !== undefined)
}

/** A connection; undefined where nobody listens. */
function connected({ path }: Place): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(socket))
    socket.on('error', (e: NodeJS.ErrnoException) => {
      if (e.code === 'ECONNREFUSED') remove(path)
      resolve(undefined)
    })
  })
}

function none(pid: string | undefined): CliError {
  const who = pid === undefined ? 'no recorder of yours is running' : `process ${pid} is no recorder of yours`
  return new CliError(EXIT.failure, `${who}: ksys record --last 60s -w NAME begins one`)
}

/** The answer; undefined: there is none, or it is none of a recorder. patience: ms that it may take; undefined: any time. */
function ask(socket: Socket, request: Request, patience?: number): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let text = ''
    if (patience !== undefined) setTimeout(() => socket.destroy(), patience).unref()
    socket.setEncoding('utf8')
    socket.on('data', (more: string) => {
      text += more
      if (text.length > MOST) socket.destroy()
    })
    socket.on('close', () => resolve(answerOf(text)))
    socket.write(`${JSON.stringify(request)}\n`)
  })
}
