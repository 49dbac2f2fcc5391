// Files that are opened, and failed attempts.
import { columnLines, defineChisel, type Values } from '../src/chisel/index.js'

const FIELDS = {
  time: 'evt.time.s',
  rawtime: 'evt.rawtime',
  comm: 'proc.name',
  pid: 'proc.pid',
  tid: 'thread.tid',
  res: 'evt.rawres',
  error: 'evt.res',
  flags: 'evt.arg.flags',
  path: 'fs.path.name',
  fd: 'fd.name',
  given: 'evt.arg.name',
} as const

export default defineChisel({
  description: 'Shows files that are opened, and failed attempts.',
  details:
    'Shows all calls that open files: open, openat, openat2, creat, open_by_handle_at. FD is the new descriptor, ERR the error ' +
    'of a failed call. Add evt.failed=true to show only failed calls, or proc.name=NAME for one program.',
  category: 'I/O',
  fields: FIELDS,
  filter: 'evt.type in (open, openat, openat2, creat, open_by_handle_at) and evt.dir=<',
  hooks: (c) => ({
    start() {
      if (!c.json) for (const line of columnLines(COLUMNS, [], c.columns)) c.print(line)
    },
    event(v) {
      const res = v.res ?? 0
      const fd = res < 0 ? undefined : res
      const error = res < 0 ? v.error : undefined
      const path = v.path ?? v.fd ?? v.given
      if (c.json) {
        const { rawtime: time, pid, tid, comm, flags } = v
        c.emit({ time, pid, tid, comm, fd, error, flags, path })
      } else c.print(columnLines(COLUMNS, [cellsOf(v, path)], c.columns)[1] ?? '')
    },
  }),
})

function cellsOf(v: Values<typeof FIELDS>, path: string | undefined): string[] {
  const res = v.res ?? 0
  return [
    v.time ?? '',
    `${v.pid ?? '<NA>'}`,
    v.comm ?? '<NA>',
    res < 0 ? '-' : `${res}`,
    res < 0 ? (v.error ?? '') : '-',
    v.flags || '-',
    path ?? '<NA>',
  ]
}

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 16],
  ['FD', 5],
  ['ERR', 10],
  ['FLAGS', 24],
  ['PATH', 0],
] as const
