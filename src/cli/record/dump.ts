// `ksys dump [PID]`: has a recorder write what it has in memory, and waits until the file is whole.
import { CliError, EXIT } from '../errors/exit.js'
import { printHelp } from '../help/subcommand.js'
import { parseSubcommand } from '../options/subcommand.js'
import { DUMP } from '../options/subcommands.js'
import type { Output } from '../output/stdout.js'
import { visible } from '../output/visible.js'
import { ask, type Found, recorders } from './ask.js'
import { leftOut } from './run-folder.js'
import { statusText } from './status.js'

/** Asks; returns the exit code. */
export async function dump(argv: readonly string[], out: Output): Promise<number> {
  const { options: o, words } = parseSubcommand<{ after?: number; status?: true }>(DUMP, argv)
  if (o.help) return printHelp(DUMP, out)
  const [pid, more] = words
  if (more !== undefined) throw new CliError(EXIT.usage, `one recorder is asked at a time: what is '${more}' for?`)
  if (pid !== undefined && !/^\d+$/.test(pid))
    throw new CliError(EXIT.usage, `'${pid}' is no process id: ksys dump --status lists the recorders`)
  const which = pid === undefined ? undefined : Number(pid)
  if (o.status) return tellStatus(which, out)
  const recorder = await chosen(which)
  const answer = await ask(recorder, { ask: 'dump', after: o.after })
  if ('unanswered' in answer) throw new CliError(EXIT.failure, `recorder ${recorder.pid} ${answer.unanswered}`)
  if ('error' in answer) throw new CliError(EXIT.failure, answer.error)
  await out.text(`${visible(answer.dumped)}\n`)
  return EXIT.ok
}

async function tellStatus(pid: number | undefined, out: Output): Promise<number> {
  const found = await recorders(pid)
  if (found.length === 0) throw none(pid)
  const answers = await Promise.all(found.map((f) => ask(f, { ask: 'status' })))
  for (const [i, answer] of answers.entries()) {
    await out.text(`${(found[i] as Found).pid}: ${visible(standing(answer))}\n`)
  }
  return answers.every((answer) => 'status' in answer) ? EXIT.ok : EXIT.failure
}

function standing(answer: Awaited<ReturnType<typeof ask<'status'>>>): string {
  if ('unanswered' in answer) return `it ${answer.unanswered}`
  return 'error' in answer ? answer.error : `${statusText(answer.status)} to ${answer.status.to}`
}

/** The recorder that is meant. Throws CliError where that is none, or not clear. */
async function chosen(pid: number | undefined): Promise<Found> {
  const [only, ...others] = await recorders(pid)
  if (only === undefined) throw none(pid)
  if (others.length === 0) return only
  const all = [only, ...others]
  for (const { connection } of all) if (typeof connection !== 'string') connection.destroy()
  throw new CliError(
    EXIT.usage,
    `there are several recorders: say which, as in ksys dump ${only.pid} (there are ${all.map((f) => f.pid).join(', ')})`,
  )
}

function none(pid: number | undefined): CliError {
  const who = pid === undefined ? 'no recorder of yours is running' : `process ${pid} is no recorder of yours`
  const others = process.geteuid?.() === 0 ? '; one of another user is asked by sudo -u USER ksys dump' : ''
  const skipped = leftOut().map((clause) => `; ${clause}, so nothing in it was asked`)
  return new CliError(EXIT.failure, `${who}: ksys record --last 60s -w NAME begins one${others}${skipped.join('')}`)
}
