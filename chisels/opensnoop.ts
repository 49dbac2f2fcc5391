// Which files are opened, by whom, and which could not be.
import { columnLines, defineChisel } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows files as they are opened, and the attempts that failed.',
  details:
    'All calls that open files: open, openat, openat2, creat, open_by_handle_at. FD is the new descriptor, ERR the error ' +
    'of a call that failed: add evt.failed=true for these alone, or proc.name=NAME for one program.',
  category: 'I/O',
  fields: {
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
  },
  filter: 'evt.type in (open, openat, openat2, creat, open_by_handle_at) and evt.dir=<',
  hooks: (c) => ({
    start() {
      if (!c.json) for (const line of columnLines(COLUMNS, [], c.columns)) c.print(line)
    },
    event(v) {
      const res = v.res ?? 0
      const failed = res < 0
      const path = v.path ?? v.fd ?? v.given
      const flags = v.flags
      if (c.json) {
        const { rawtime: time, pid, tid, comm } = v
        c.emit({ time, pid, tid, comm, fd: failed ? undefined : res, error: failed ? v.error : undefined, flags, path })
        return
      }
      const cells = [
        v.time ?? '',
        `${v.pid ?? '<NA>'}`,
        v.comm ?? '<NA>',
        failed ? '-' : `${res}`,
        failed ? (v.error ?? '') : '-',
        flags === undefined || flags === '' ? '-' : flags,
        path ?? '<NA>',
      ]
      c.print(columnLines(COLUMNS, [cells], c.columns)[1] ?? '')
    },
  }),
})

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 16],
  ['FD', 5],
  ['ERR', 10],
  ['FLAGS', 24],
  ['PATH', 0],
] as const
