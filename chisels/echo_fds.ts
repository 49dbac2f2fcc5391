// What processes read and write, as a conversation.
import { bytesText, defineChisel, NO_COLOR } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Prints the data that processes read and write.',
  details:
    'Reads are red, writes are blue. Without a filter that is everything on the machine: give one, such as proc.name=curl ' +
    'or fd.sport=80. Bytes that do not print are dots; -A keeps lines as they are, -X shows every byte.',
  category: 'I/O',
  args: {
    disable_color: NO_COLOR,
  },
  fields: {
    write: 'evt.is_io_write',
    bytes: 'evt.buflen',
    fd: 'fd.name',
    num: 'fd.num',
    proc: 'proc.name',
    pid: 'proc.pid',
    time: 'evt.rawtime',
    data: 'evt.arg.data',
  },
  filter: 'evt.is_io=true and evt.failed=false and evt.buflen>0',
  needs: { snaplen: 2000 },
  hooks: (c) => ({
    event(v) {
      const data = v.data
      if (data === undefined) return
      const way = v.write === true ? WRITE : READ
      if (c.json) {
        const { time, bytes, proc, pid, num: fd, fd: name } = v
        c.emit({ time, direction: way.direction, bytes, proc, pid, fd, name, data })
        return
      }
      const title = `------ ${way.title} ${bytesText(v.bytes ?? 0)} ${way.preposition} ${v.fd ?? ''} (${v.proc ?? '<NA>'})`
      c.print(c.args.disable_color === undefined ? c.paint(way.color, title) : title)
      const text = data.replace(/^\n/, '')
      c.block(data.endsWith('\n') ? text : `${text}\n`)
    },
  }),
})

const READ = { direction: 'read', title: 'Read', preposition: 'from', color: 'red' } as const
const WRITE = { direction: 'write', title: 'Write', preposition: 'to', color: 'blue' } as const
