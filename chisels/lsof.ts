// Open descriptors as lsof shows them.
import { columnLines, defineChisel, userText } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the descriptors that threads have open, as lsof does.',
  details:
    'Live, the current descriptors; with -r, those at the first event of the file, or at the first that passes a filter before ' +
    "-c: ksys -r FILE 'evt.num>=1000' -c lsof. The argument is a filter, such as fd.type=file or 'fd.name contains /etc'.",
  category: 'System State',
  args: { filter: { type: 'filter', doc: 'only descriptors that pass, such as fd.type=ipv4', optional: true } },
  fields: { comm: 'proc.name', user: 'user.name', uid: 'user.uid', num: 'fd.num', type: 'fd.type', name: 'fd.name' },
  hooks: (c) => ({
    snapshot() {
      const rows: string[][] = []
      c.descriptors(c.args.filter, (v, fd, t) => {
        const user = userText(v.user, v.uid)
        const type = v.type === 'other' ? undefined : v.type
        const name = v.name === '' && type === 'pipe' && fd.ino !== undefined ? `pipe:[${fd.ino}]` : v.name
        if (c.json) c.emit({ command: v.comm, pid: t.pid, tid: t.tid, user, fd: v.num, type, name })
        else
          rows.push([v.comm ?? '<NA>', `${t.pid}`, `${t.tid}`, user ?? '<NA>', `${v.num}`, type ?? '<NA>', name ?? ''])
      })
      if (!c.json) for (const line of columnLines(COLUMNS, rows, c.columns)) c.print(line)
    },
  }),
})

const COLUMNS = [
  ['COMMAND', 20],
  ['PID', 8],
  ['TID', 8],
  ['USER', 8],
  ['FD', 8],
  ['TYPE', 12],
  ['NAME', 0],
] as const
