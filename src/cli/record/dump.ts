// `ksys dump [PID]`: makes a recorder write its memory to a file, and waits until the file is complete.
import { hostPids } from '../../source/missing.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/help.js'
import { allRead } from '../options/option-types.js'
import { DUMP } from '../options/record.js'
import { parseSubcommand } from '../options/subcommand.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { type RunningRecorder, recorders, send } from './client.js'
import { statusText } from './messages.js'
import { skippedFolders } from './run-folder.js'

/** Requests a file or the status; returns the exit code. */
export async function dump(argv: readonly string[], out: Output): Promise<number> {
  const { options, words } = parseSubcommand(DUMP, argv)
  const { help, after, status, ...others } = options
  allRead(others)
  if (help) return printHelp(DUMP, out)
  const [pid, more] = words
  if (more !== undefined) throw new CliError(EXIT.usage, `unexpected argument '${more}': dump takes one recorder`)
  if (pid !== undefined && !/^\d+$/.test(pid))
    throw new CliError(EXIT.usage, `'${pid}' is not a process id: ksys dump --status lists the recorders`)
  const which = pid === undefined ? undefined : Number(pid)
  if (status && after !== undefined)
    throw new CliError(EXIT.usage, '--after applies to a dump, and --status writes none: use one of them')
  if (status) return printStatus(which, out)
  const recorder = await chosen(which)
  const answer = await send(recorder, { ask: 'dump', after })
  if ('unanswered' in answer) throw new CliError(EXIT.failure, `recorder ${recorder.pid} ${answer.unanswered}`)
  if ('error' in answer) throw new CliError(EXIT.failure, answer.error)
  await out.text(`${visible(answer.dumped)}\n`)
  return EXIT.ok
}

async function printStatus(pid: number | undefined, out: Output): Promise<number> {
  const found = await recorders(pid)
  if (found.length === 0) throw none(pid)
  // a recorder only knows the host's process ids
  const own = hostPids() ? process.pid : undefined
  const answers = await Promise.all(found.map((f) => send(f, { ask: 'status', pid: own })))
  for (const [i, answer] of answers.entries()) {
    await out.text(`${(found[i] as RunningRecorder).pid}: ${visible(answerText(answer))}\n`)
  }
  return answers.every((answer) => 'status' in answer) ? EXIT.ok : EXIT.failure
}

function answerText(answer: Awaited<ReturnType<typeof send<'status'>>>): string {
  if ('unanswered' in answer) return `it ${answer.unanswered}`
  return 'error' in answer ? answer.error : `${statusText(answer.status)} to ${answer.status.to}`
}

/** The selected recorder. Throws CliError if there is none, or several. */
async function chosen(pid: number | undefined): Promise<RunningRecorder> {
  const [only, ...others] = await recorders(pid)
  if (only === undefined) throw none(pid)
  if (others.length === 0) return only
  const all = [only, ...others]
  for (const { connection } of all) if (typeof connection !== 'string') connection.destroy()
  throw new CliError(
    EXIT.usage,
    `several recorders are running; choose one: ksys dump PID (${all.map((f) => f.pid).join(', ')})`,
  )
}

function none(pid: number | undefined): CliError {
  const problem =
    pid === undefined ? 'none of your recorders is running' : `process ${pid} is not one of your recorders`
  const others = process.geteuid?.() === 0 ? '; for a recorder of another user run sudo -u USER ksys dump' : ''
  const skipped = skippedFolders().map((clause) => `; ${clause}, so it was skipped`)
  return new CliError(EXIT.failure, `${problem}: ksys record --last 60s -w NAME starts one${others}${skipped.join('')}`)
}
