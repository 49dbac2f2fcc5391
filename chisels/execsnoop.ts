// Which programs are run, by whom, with their whole command lines.
import { columnLines, defineChisel, type Event, spanText, userText } from '../src/chisel/index.js'

interface Running {
  readonly line: string
  readonly ppid: number | undefined
  readonly user: string
  readonly at: number
}

export default defineChisel({
  description: 'Shows programs as they are run, and the attempts that failed.',
  details:
    'RET is 0 or the error. With "end" as its argument each program is shown when it has ended, with its exit code (or ' +
    'the signal that killed it) and how long it ran.',
  category: 'System State',
  args: {
    when: {
      type: 'string',
      doc: 'start: when a program is run; end: when it has ended',
      choices: ['start', 'end'],
      optional: true,
      default: 'start',
    },
  },
  fields: {
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
    path: 'evt.arg.filename',
    exe: 'evt.arg.exe',
    signal: 'evt.arg.sig',
    code: 'evt.rawarg.ret',
  },
  filter: ({ args }) =>
    args.when === 'end'
      ? 'evt.type in (execve, execveat) and evt.failed=false or evt.type=procexit'
      : 'evt.type in (execve, execveat)',
  hooks(c) {
    const columns = c.args.when === 'end' ? ENDED : BEGUN
    const running = new Map<number, Running>()
    const row = (cells: readonly string[]) => c.print(columnLines(columns, [cells], c.columns)[1] ?? '')
    return {
      start() {
        if (!c.json) for (const line of columnLines(columns, [], c.columns)) c.print(line)
      },
      event(v, e) {
        const pid = v.pid ?? e.pid
        const user = userText(v.user, v.uid) ?? '<NA>'
        if (v.type === 'procexit') {
          const r = v.main === true ? running.get(pid) : undefined
          if (r === undefined) return
          running.delete(pid)
          const ran = e.time - r.at
          const signal = v.signal
          const killed = signal !== undefined && signal !== '' && signal !== '0'
          const code = killed ? signal : `${v.code ?? 0}`
          if (c.json) c.emit({ time: v.rawtime, user: r.user, pid, ppid: r.ppid, code, duration: ran, command: r.line })
          else row([v.time ?? '', r.user, `${pid}`, `${r.ppid ?? '<NA>'}`, code, spanText(ran), r.line])
          return
        }
        const failed = (v.res ?? 0) < 0
        const line = failed ? attempt(v.path ?? v.exe, e) : (v.line ?? '<NA>')
        if (c.args.when === 'end') running.set(pid, { line, user, ppid: v.ppid, at: e.time })
        else if (c.json)
          c.emit({
            time: v.rawtime,
            user,
            pid,
            ppid: v.ppid,
            ret: v.res,
            error: failed ? v.error : undefined,
            command: line,
          })
        else row([v.time ?? '', user, `${pid}`, `${v.ppid ?? '<NA>'}`, failed ? (v.error ?? '') : '0', line])
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
const BEGUN = [...WHO, ['RET', 8], ['COMMAND', 0]] as const
const ENDED = [...WHO, ['CODE', 8], ['DURATION', 10], ['COMMAND', 0]] as const

/** The command that could not be run. */
function attempt(path: string | undefined, e: Event): string {
  return [path ?? '<NA>', ...(e.list(e.paramIndex('args')) ?? [])].join(' ')
}
