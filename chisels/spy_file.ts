// Data read from and written to files.
import {
  bytesText,
  DATA_FIELDS,
  dataLines,
  decodeText,
  defineChisel,
  HiddenData,
  literal,
} from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the data that processes read from files and write to them.',
  details:
    'R shows reads, W writes; by default both. A name that starts with a slash is the path of one file, any other name that ' +
    'of files in any folder. Without a name, terminals are excluded. Unprintable bytes are omitted; -X shows every byte.',
  category: 'I/O',
  args: {
    read_or_write: {
      type: 'string',
      doc: 'R: only reads, W: only writes, RW: both',
      choices: ['R', 'W', 'RW', 'r', 'w', 'rw'],
      optional: true,
      default: 'RW',
    },
    spy_on_file_name: { type: 'string', doc: 'show only files with this path or name', optional: true },
  },
  fields: { ...DATA_FIELDS, at: 'evt.time' },
  filter: ({ args }) => {
    const name = args.spy_on_file_name
    const way = { R: 'evt.is_io_read', W: 'evt.is_io_write' }[args.read_or_write.toUpperCase()] ?? 'evt.is_io'
    const files = name === undefined ? OTHER_THAN_TERMINALS : named(name)
    return `fd.type=file and ${files} and ${way}=true and evt.failed=false`
  },
  needs: { snaplen: 2000, printedText: true },
  hooks(c) {
    const hidden = new HiddenData()
    return {
      event(v) {
        const { time, at, proc, pid, name, write, bytes = 0, data } = v
        const seen = hidden.see(v)
        if (c.json) {
          const direction = write === true ? 'write' : 'read'
          c.emit({ time, direction, bytes, proc, pid, fd: v.num, name, data: seen && decodeText(seen, 0, seen.length) })
          return
        }
        c.print(
          `${at} ${proc ?? '<NA>'}(${pid ?? '<NA>'}) ${write === true ? 'W' : 'R'} ${bytesText(bytes)} ${name ?? ''}`,
        )
        if (data !== undefined && seen !== undefined && seen.length > 0) c.block(dataLines(data))
      },
      end: () => hidden.explain(c),
    }
  },
})

const OTHER_THAN_TERMINALS = 'not fd.name startswith /dev/pt and not fd.name startswith /dev/tty'

function named(name: string): string {
  return name.startsWith('/') ? `fd.name=${literal(name)}` : `fd.filename=${literal(name)}`
}
