// `ksys dump [PID]`: has a recorder write what it has in memory, and waits until the file is whole.
import { unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { parseSubcommand } from '../options/subcommand.js'
import { DUMP } from '../options/subcommands.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import type { Answer, Request } from './control.js'
import { statusText } from './recorder.js'
import { type Place, sockets } from './run-folder.js'

/** Asks; returns the exit code. */
export async function dump(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<{ after?: number; status?: true }>(DUMP, argv)
  if (o.help) return printHelp(DUMP, out)
  const [pid, more] = words
  if (more !== undefined) throw new CliError(EXIT.usage, `one recorder is asked at a time: what is '${more}' for?`)
  if (pid !== undefined && !/^\d+$/.test(pid))
    throw new CliError(EXIT.usage, `'${pid}' is no process id: ksys dump --status lists the recorders`)
  if (o.status) return tellStatus(pid, out)
  const { path } = chosen(pid)
  const answer = await ask(path, { ask: 'dump', after: o.after })
  if (answer === undefined) throw none(pid)
  if ('dumped' in answer) {
    await out.text(`${visible(answer.dumped.path)}\n`)
    return EXIT.ok
  }
  throw new CliError(EXIT.failure, 'error' in answer ? answer.error : 'the recorder does not answer as it should')
}

async function tellStatus(pid: string | undefined, out: Output): Promise<number> {
  const found = sockets().filter((s) => pid === undefined || s.pid === Number(pid))
  const answers = await Promise.all(found.map(({ path }) => ask(path, { ask: 'status' })))
  const stand = answers.flatMap((a) => (a !== undefined && 'status' in a ? [a.status] : []))
  if (stand.length === 0) throw none(pid)
  for (const s of stand) await out.text(`${s.pid}: ${statusText(s)} to ${visible(s.to)}\n`)
  return EXIT.ok
}

/** The recorder that is meant. Throws CliError where that is none, or not clear. */
function chosen(pid: string | undefined): Place {
  const found = sockets().filter((s) => (pid === undefined ? isAlive(s) : s.pid === Number(pid)))
  const [only, other] = found
  if (only === undefined) throw none(pid)
  if (other !== undefined && pid === undefined)
    throw new CliError(
      EXIT.usage,
      `there are several recorders: say which, as in ksys dump ${only.pid} (there are ${found.map((s) => s.pid).join(', ')})`,
    )
  return only
}

/** Whether its process still is; what a killed recorder has left is removed. */
function isAlive({ pid, path }: Place): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ESRCH') return true
  }
  try {
    unlinkSync(path)
  } catch {
    // somebody else's
  }
  return false
}

function none(pid: string | undefined): CliError {
  const who = pid === undefined ? 'no recorder of yours is running' : `process ${pid} is no recorder of yours`
  return new CliError(EXIT.failure, `${who}: ksys record --last 60s -w NAME begins one`)
}

/** The answer; undefined: nobody is there any more. */
function ask(path: string, request: Request): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(path, () => socket.write(`${JSON.stringify(request)}\n`))
    socket.setEncoding('utf8')
    socket.on('data', (more: string) => {
      text += more
    })
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text) as Answer)
      } catch {
        resolve(undefined)
      }
    })
  })
}
