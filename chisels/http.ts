// HTTP messages themselves, of clients and servers.
import {
  bodyText,
  type Color,
  defineChisel,
  type Exchange,
  HTTP_FIELDS,
  HTTP_FILTER,
  HttpWatch,
  latencyOf,
  type Message,
  type Owner,
  spanText,
} from '../src/chisel/index.js'

interface Waiting {
  readonly x: Exchange
  readonly owner: Owner
}

export default defineChisel({
  description: 'Shows HTTP requests and responses as they are: first line, headers and body.',
  details:
    'Lines that begin with > are requests, with < responses. A message is shown when it has ended; one that goes on for ' +
    'more than a second is shown with what there is. Bodies that are compressed are unpacked; what is no text is counted. ' +
    'A message within the machine is seen twice, sent and received: give a filter such as proc.name=curl for one side. ' +
    'Encrypted connections cannot be seen.',
  category: 'Application',
  args: {
    body: { type: 'int', doc: 'bytes shown of each body', optional: true, default: 2000 },
  },
  fields: HTTP_FIELDS,
  filter: HTTP_FILTER,
  needs: { snaplen: 8192 },
  hooks(c) {
    const waiting = new Map<Message, Waiting>()
    const begun = new Set<Message>()
    let shown = 0

    const title = (m: Message, x: Exchange, owner: Owner) => {
      const sends = (m.kind === 'request') === x.client ? 'sends' : 'receives'
      const latency = m.kind === 'response' ? latencyOf(x) : undefined
      const after = latency === undefined ? '' : `, after ${spanText(latency)}`
      const text = `${c.dateTime(m.headAt)} ${owner.proc} (${owner.pid}) ${sends} a ${m.kind} on ${owner.name || 'a local socket'}${after}`
      c.print(c.paint('bold', text))
    }
    const show = (m: Message, { x, owner }: Waiting) => {
      shown++
      const mark = markOf(m)
      title(m, x, owner)
      c.print(c.paint(colorOf(m), `${mark} ${firstLine(m)}`))
      for (const h of m.headers) c.print(`${mark} ${h.name}: ${h.value}`)
      if (m.headCut) c.print(`${mark} [the rest of the head was not captured]`)
      c.print(mark)
      for (const line of bodyText(m, c.args.body)) c.print(line === '' ? mark : `${mark} ${line}`)
      if (m.endedAt === undefined) c.print(`${mark} [goes on]`)
      c.print('')
    }
    const finish = (m: Message, w: Waiting) => {
      title(m, w.x, w.owner)
      c.print(`${markOf(m)} [ended with ${m.body.length} bytes in all]`)
      c.print('')
    }
    const emit = (m: Message, { x, owner }: Waiting) => {
      shown++
      const { pid, proc, name: connection } = owner
      c.emit({
        time: c.epoch(m.headAt),
        kind: m.kind,
        side: x.client ? 'client' : 'server',
        pid,
        proc,
        connection,
        ...(m.kind === 'request'
          ? { method: m.method, target: m.target }
          : { status: m.status, reason: m.reason, latency: latencyOf(x), request: x.request && firstLine(x.request) }),
        version: m.version,
        headers: m.headers,
        bytes: m.body.length,
        body: bodyText(m, c.args.body).join('\n'),
        complete: m.complete,
      })
    }

    const watch = new HttpWatch(
      {
        head(m, x, owner) {
          waiting.set(m, { x, owner })
        },
        end(m, x, owner) {
          waiting.delete(m)
          if (c.json) emit(m, { x, owner })
          else if (begun.delete(m)) finish(m, { x, owner })
          else show(m, { x, owner })
        },
      },
      c.args.body,
    )
    return {
      event: (v, e) => watch.event(v, e),
      interval(time) {
        if (c.json || !c.live) return
        for (const [m, w] of waiting)
          if (time - m.headAt > PATIENCE) {
            waiting.delete(m)
            begun.add(m)
            show(m, w)
          }
      },
      end(time) {
        watch.end(time)
        watch.explain(c, shown)
      },
    }
  },
})

/** ns that a message may take before it is shown as far as it is. */
const PATIENCE = 1e9

/** What its lines begin with. */
function markOf({ kind }: Message): '>' | '<' {
  return kind === 'request' ? '>' : '<'
}

function colorOf(m: Message): Color {
  if (m.kind === 'request') return 'blue'
  return m.status >= 400 ? 'red' : 'green'
}

function firstLine(m: Message): string {
  const version = m.version === undefined ? '' : ` HTTP/${m.version}`
  return m.kind === 'request'
    ? `${m.method} ${m.target}${version}`
    : `HTTP/${m.version} ${m.status} ${m.reason}`.trimEnd()
}
