// Messages that programs write to the system log.
import { type Color, containerOf, DUMP_ARGS, defineChisel, NO_COLOR, SavedSpans } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows messages that programs write to the system log.',
  details:
    'Errors are red, warnings yellow. Shows messages written to /dev/log, as by syslog(3), but not messages that programs write ' +
    'directly to the journal or send over the network. With a file as argument (-r only), the events of the thread around ' +
    'each message are saved to it. With -pc, lines start with the container.',
  category: 'Logs',
  args: { ...DUMP_ARGS, disable_color: NO_COLOR },
  fields: ({ containers }) => (containers ? WITH_CONTAINER : FIELDS),
  filter: 'evt.is_syslog=true and evt.failed=false',
  needs: { snaplen: 2000 },
  saves: ({ args }) => args.dump_file_name,
  hooks(c) {
    const { dump_file_name: file, dump_range_ms: ms } = c.args
    const spans = file === undefined ? undefined : new SavedSpans(file, ms)
    return {
      event(v, e) {
        const { time, facility, severity, proc, pid, tid, message } = v
        if (message === undefined) return
        spans?.add(e, v.host)
        const container = containerOf(v)
        if (c.json) {
          c.emit({ time, facility, severity, proc, pid, tid, container, message })
          return
        }
        const where =
          container === undefined ? '' : `${(e.thread?.container?.id ?? 'host').padEnd(13)}${container.padEnd(20)} `
        const line = `${where}${facility ?? '<NA>'}.${severity ?? '<NA>'} ${proc ?? '<NA>'}[${tid ?? '<NA>'}] ${message.trimEnd()}`
        c.print(c.args.disable_color === undefined ? c.paint(colorOf(v.code ?? INFO), line) : line)
      },
      end: () => spans?.end(c),
    }
  },
})

const FIELDS = {
  time: 'evt.rawtime',
  facility: 'syslog.facility.str',
  severity: 'syslog.severity.str',
  code: 'syslog.severity',
  proc: 'proc.name',
  pid: 'proc.pid',
  tid: 'thread.tid',
  host: 'host.name',
  message: 'syslog.message',
} as const
const WITH_CONTAINER = { ...FIELDS, container: 'container.name' } as const

const WARNING = 4
const INFO = 6

function colorOf(severity: number): Color {
  if (severity < WARNING) return 'red'
  return severity === WARNING ? 'yellow' : 'green'
}
