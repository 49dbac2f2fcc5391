// Reasons why processes ended: exit code, signal or core dump, with their run time.
import { defineChisel, eventLines, spanText, type Values } from '../src/chisel/index.js'

const FIELDS = {
  time: 'evt.time.s',
  rawtime: 'evt.rawtime',
  pid: 'proc.pid',
  tid: 'thread.tid',
  ppid: 'proc.ppid',
  parent: 'proc.pname',
  comm: 'proc.name',
  command: 'proc.exeline',
  truncated: 'proc.is_args_truncated',
  container: 'container.name',
  main: 'thread.ismain',
  duration: 'proc.duration',
  code: 'evt.rawarg.ret',
  signal: 'evt.arg.sig',
  core: 'evt.rawarg.core',
} as const
type Fields = Values<typeof FIELDS>

export default defineChisel({
  description: 'Shows why processes ended: exit code, signal or core dump, and their run time.',
  details:
    'WHY is the exit code, or the signal that ended the process. AGE is the time since its start, even if that was before the ' +
    'capture. Add evt.arg.ret!=0 or evt.arg.sig!=\'0\' to show only failures. With "threads", the ends of single threads are ' +
    'shown too. -pc adds the container.',
  category: 'System State',
  args: {
    which: {
      type: 'string',
      doc: 'processes: ends of processes; threads: ends of all threads',
      choices: ['processes', 'threads'],
      optional: true,
      default: 'processes',
    },
  },
  fields: FIELDS,
  filter: ({ args }) => (args.which === 'threads' ? 'evt.type=procexit' : 'evt.type=procexit and thread.ismain=true'),
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    return {
      start: () => out.titles(),
      event(v) {
        const { rawtime: time, pid, tid, ppid, parent, comm, command, container, main, duration } = v
        const signal = signalOf(v)
        if (c.json) {
          const truncated = v.truncated || undefined
          const core = (v.core ?? 0) !== 0
          const end = signal === undefined ? { code: v.code ?? 0 } : { signal, core }
          c.emit({ time, pid, tid, ppid, parent, comm, command, container, main, duration, ...end, truncated })
          return
        }
        out.row([
          v.time ?? '',
          `${c.args.which === 'threads' ? tid : pid}`,
          `${ppid ?? '<NA>'}`,
          comm ?? '<NA>',
          container ?? '',
          duration === undefined ? '<NA>' : spanText(duration),
          why(v, signal),
        ])
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['PPID', 8],
  ['COMM', 17],
  ['CONTAINER', 14, 'containers'],
  ['AGE', 10],
  ['WHY', 0],
] as const

/** The name of the signal that ended the process; undefined if it exited. */
function signalOf({ signal }: Fields): string | undefined {
  return signal === undefined || signal === '' || signal === '0' ? undefined : signal
}

function why(v: Fields, signal: string | undefined): string {
  if (signal === undefined) return `code ${v.code ?? 0}`
  return (v.core ?? 0) !== 0 ? `${signal}, core dumped` : signal
}
