// Threads as ps shows them.
import { bytesText, columnLines, defineChisel, userText } from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows the processes and threads that exist, as ps does.',
  details:
    'Live, the current threads; with -r, those at the first event of the file, or at the first that passes a filter before ' +
    "-c: ksys -r FILE 'evt.num>=1000' -c ps. VIRT and RES are memory, FDLIMIT is the limit of open descriptors.",
  category: 'System State',
  args: { filter: { type: 'filter', doc: 'only threads that pass, such as proc.name=bash', optional: true } },
  fields: {
    name: 'proc.name',
    user: 'user.name',
    uid: 'user.uid',
    size: 'proc.vmsize',
    resident: 'proc.vmrss',
    limit: 'proc.fdlimit',
  },
  hooks: (c) => ({
    snapshot() {
      const rows: string[][] = []
      c.threads(c.args.filter, (v, t) => {
        const user = userText(v.user, v.uid)
        const virt = (v.size ?? 0) * 1024
        const res = (v.resident ?? 0) * 1024
        if (c.json) c.emit({ tid: t.tid, pid: t.pid, user, virt, res, fdlimit: v.limit, cmd: v.name })
        else
          rows.push([
            `${t.tid}`,
            `${t.pid}`,
            user ?? '<NA>',
            bytesText(virt),
            bytesText(res),
            `${v.limit ?? '<NA>'}`,
            v.name ?? '<NA>',
          ])
      })
      if (!c.json) for (const line of columnLines(COLUMNS, rows, c.columns)) c.print(line)
    },
  }),
})

const COLUMNS = [
  ['TID', 8],
  ['PID', 8],
  ['USER', 12],
  ['VIRT', 11],
  ['RES', 11],
  ['FDLIMIT', 10],
  ['CMD', 0],
] as const
