// The URLs with the most requests, the longest latency or the most bytes.
import {
  bytesText,
  columnLines,
  defineChisel,
  HTTP_FIELDS,
  HTTP_FILTER,
  HttpWatch,
  latencyOf,
  spanText,
  urlOf,
} from '../src/chisel/index.js'

interface Row {
  readonly method: string
  readonly url: string
  ncalls: number
  time: number
  bytes: number
}

type By = 'ncalls' | 'time' | 'bytes'

export default defineChisel({
  description: 'Shows the HTTP requests with the most calls, the longest time or the most bytes.',
  details:
    'by=ncalls shows the number of requests, by=time the average time to the start of the response, by=bytes the bytes of all ' +
    'responses. A request within the machine counts twice: for its client and for its server.',
  category: 'Application',
  args: {
    by: {
      type: 'string',
      doc: 'what to sort by',
      choices: ['ncalls', 'time', 'bytes'],
      optional: true,
      default: 'ncalls',
    },
  },
  fields: HTTP_FIELDS,
  filter: HTTP_FILTER,
  needs: { snaplen: 1024 },
  refreshes: true,
  hooks(c) {
    const by = c.args.by as By
    const rows = new Map<string, Row>()
    let calls = 0
    let tables = 0
    const rowOf = (method: string, url: string): Row | undefined => {
      const key = `${method} ${url}`
      let row = rows.get(key)
      if (row === undefined && rows.size < MAX_ROWS) {
        row = { method, url, ncalls: 0, time: 0, bytes: 0 }
        rows.set(key, row)
      }
      return row
    }
    const watch = new HttpWatch(
      {
        head(m, x) {
          if (m.kind !== 'response' || x.response !== m || x.request === undefined) return
          const row = rowOf(x.request.method, urlOf(x.request))
          if (row === undefined) return
          row.ncalls++
          calls++
          row.time += latencyOf(x) ?? 0
        },
        end(m, x) {
          if (m.kind !== 'response' || x.response !== m || x.request === undefined) return
          const row = rowOf(x.request.method, urlOf(x.request))
          if (row !== undefined) row.bytes += m.body.length
        },
      },
      0,
    )
    const show = (time: number) => {
      tables++
      const top = [...rows.values()].sort((a, b) => value(b, by) - value(a, by)).slice(0, TOP)
      if (c.json)
        c.emit({ ts: `${c.epoch(time)}`, data: top.map((r) => ({ method: r.method, url: r.url, [by]: value(r, by) })) })
      else c.refresh(tableOf(top, by, c.columns))
    }
    return {
      event: (v, e) => watch.event(v, e),
      interval(time) {
        if (!c.live) return
        show(time)
        rows.clear()
      },
      end(time) {
        watch.end(time)
        if (!c.live || rows.size > 0 || tables === 0) show(time)
        watch.explain(c, calls)
      },
    }
  },
})

const TOP = 30
/** Maximum number of different requests to count at a time. */
const MAX_ROWS = 100_000

function value(r: Row, by: By): number {
  if (by !== 'time') return r[by]
  return r.ncalls === 0 ? 0 : r.time / r.ncalls
}

function valueText(r: Row, by: By): string {
  const n = value(r, by)
  return by === 'ncalls' ? `${n}` : by === 'time' ? spanText(n) : bytesText(n)
}

function tableOf(rows: readonly Row[], by: By, columns: number): string[] {
  const layout = [
    [by, 20],
    ['method', 20],
    ['url', 0],
  ] as const
  const cells = rows.map((r) => [valueText(r, by), r.method, r.url])
  const [titles = '', ...lines] = columnLines(layout, cells, columns)
  return [titles, '-'.repeat(80), ...lines]
}
