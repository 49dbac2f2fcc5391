// Programs that are run, with user and command line.
import {
  columnLines,
  commandText,
  defineChisel,
  type Event,
  spanText,
  userText,
  type Values,
} from '../src/chisel/index.js'

const FIELDS = {
  type: 'evt.type',
  time: 'evt.time.s',
  rawtime: 'evt.rawtime',
  user: 'user.name',
  uid: 'user.uid',
  pid: 'proc.pid',
  ppid: 'proc.ppid',
  main: 'thread.ismain',
  res: 'evt.rawres',
  error: 'evt.res',
  line: 'proc.exeline',
  truncated: 'proc.is_args_truncated',
  path: 'evt.arg.filename',
  exe: 'evt.arg.exe',
  signal: 'evt.arg.sig',
  code: 'evt.rawarg.ret',
} as const
type Fields = Values<typeof FIELDS>

/** A running program. */
interface Running {
  readonly line: string
  readonly truncated: true | undefined
  readonly ppid: number | undefined
  readonly user: string
  readonly at: number
}

export default defineChisel({
  description: 'Shows programs as they are run, and the attempts that failed.',
  details:
    'RET is 0 or the error. With the argument "end", each program is shown when it ends, with its exit code (or the signal ' +
    'that killed it) and its run time.',
  category: 'System State',
  args: {
    when: {
      type: 'string',
      doc: 'start: show programs when they are run; end: when they end',
      choices: ['start', 'end'],
      optional: true,
      default: 'start',
    },
  },
  fields: FIELDS,
  filter: ({ args }) =>
    args.when === 'end'
      ? 'evt.type in (execve, execveat) and evt.failed=false or evt.type=procexit'
      : 'evt.type in (execve, execveat)',
  hooks(c) {
    const atEnd = c.args.when === 'end'
    const columns = atEnd ? ENDED : STARTED
    const running = new Map<number, Running>()
    const row = (cells: readonly string[]) => c.print(columnLines(columns, [cells], c.columns)[1] ?? '')

    const showAttempt = (v: Fields, pid: number, user: string, line: string) => {
      const { time = '', rawtime, ppid, res: ret } = v
      const error = failed(v) ? v.error : undefined
      const cut = truncated(v)
      if (c.json) c.emit({ time: rawtime, user, pid, ppid, ret, error, command: line, truncated: cut })
      else row([time, user, `${pid}`, `${ppid ?? '<NA>'}`, failed(v) ? (error ?? '') : '0', commandText(line, cut)])
    }
    const showEnd = (v: Fields, pid: number, duration: number, { user, ppid, line, truncated }: Running) => {
      const code = exitCode(v)
      if (c.json) c.emit({ time: v.rawtime, user, pid, ppid, code, duration, command: line, truncated })
      else
        row([v.time ?? '', user, `${pid}`, `${ppid ?? '<NA>'}`, code, spanText(duration), commandText(line, truncated)])
    }

    const exec = (v: Fields, e: Event, pid: number) => {
      const user = userText(v.user, v.uid) ?? '<NA>'
      const line = failed(v) ? attempted(v.path ?? v.exe, e) : (v.line ?? '<NA>')
      if (atEnd) running.set(pid, { line, truncated: truncated(v), user, ppid: v.ppid, at: e.time })
      else showAttempt(v, pid, user, line)
    }
    const exit = (v: Fields, e: Event, pid: number) => {
      const program = v.main === true ? running.get(pid) : undefined
      if (program === undefined) return
      running.delete(pid)
      showEnd(v, pid, e.time - program.at, program)
    }
    return {
      start() {
        if (!c.json) for (const line of columnLines(columns, [], c.columns)) c.print(line)
      },
      event(v, e) {
        const pid = v.pid ?? e.pid
        if (v.type === 'procexit') exit(v, e, pid)
        else exec(v, e, pid)
      },
    }
  },
})

const WHO = [
  ['TIME', 9],
  ['USER', 12],
  ['PID', 8],
  ['PPID', 8],
] as const
const STARTED = [...WHO, ['RET', 8], ['COMMAND', 0]] as const
const ENDED = [...WHO, ['CODE', 8], ['DURATION', 10], ['COMMAND', 0]] as const

function failed(v: Fields): boolean {
  return (v.res ?? 0) < 0
}

/** The command line was recorded only in part. */
function truncated(v: Fields): true | undefined {
  return !failed(v) && v.truncated === true ? true : undefined
}

/** The exit code, or the signal that killed the program. */
function exitCode({ signal, code }: Fields): string {
  return signal !== undefined && signal !== '' && signal !== '0' ? signal : `${code ?? 0}`
}

/** The command that could not be run. */
function attempted(path: string | undefined, e: Event): string {
  return [path ?? '<NA>', ...(e.list(e.paramIndex('args')) ?? [])].join(' ')
}
