// Lines that programs write to log files.
import {
  type Color,
  containerOf,
  DUMP_ARGS,
  decodeText,
  defineChisel,
  HiddenData,
  NO_COLOR,
  SavedSpans,
} from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows lines that programs write to log files.',
  details:
    'Log files have .log or _log in their names, or are in /var/log; compressed ones are excluded. Lines with errors are red, ' +
    'with warnings yellow. With a file as argument (-r only), the events of the thread around each write are saved to it. ' +
    'With -pc, lines start with the container.',
  category: 'Logs',
  args: { ...DUMP_ARGS, disable_color: NO_COLOR },
  fields: ({ containers }) => (containers ? WITH_CONTAINER : FIELDS),
  filter:
    'fd.type=file and (fd.name contains .log or fd.name contains _log or fd.name contains /var/log) and ' +
    'not fd.name contains .gz and not fd.name contains .tgz and evt.is_io_write=true and evt.failed=false',
  needs: { snaplen: 2000 },
  saves: ({ args }) => args.dump_file_name,
  hooks(c) {
    const hidden = new HiddenData()
    const { dump_file_name: file, dump_range_ms: ms } = c.args
    const spans = file === undefined ? undefined : new SavedSpans(file, ms)
    return {
      event(v, e) {
        const bytes = hidden.see(v)
        if (bytes === undefined) return
        spans?.add(e, v.host)
        const { time, proc, pid, tid, name } = v
        const container = containerOf(v)
        for (const line of linesOf(bytes)) {
          if (c.json) {
            c.emit({ time, proc, pid, tid, container, name, line })
            continue
          }
          const text = `${container === undefined ? '' : `${container} `}${proc ?? '<NA>'} ${name ?? ''} ${line}`
          c.print(c.args.disable_color === undefined ? c.paint(colorOf(line), text) : text)
        }
      },
      end() {
        hidden.explain(c)
        spans?.end(c)
      },
    }
  },
})

const FIELDS = {
  time: 'evt.rawtime',
  bytes: 'evt.buflen',
  raw: 'evt.rawarg.data',
  proc: 'proc.name',
  pid: 'proc.pid',
  tid: 'thread.tid',
  host: 'host.name',
  name: 'fd.name',
} as const
const WITH_CONTAINER = { ...FIELDS, container: 'container.name' } as const

/** Lines that are not empty. */
function linesOf(bytes: Uint8Array): string[] {
  return decodeText(bytes, 0, bytes.length)
    .split(/\r?\n/)
    .filter((line) => line !== '')
}

function colorOf(line: string): Color {
  if (/warn/i.test(line)) return 'yellow'
  return /err/i.test(line) ? 'red' : 'green'
}
