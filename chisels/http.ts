// Complete HTTP messages of clients and servers.
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
  description: 'Shows complete HTTP requests and responses: first line, headers and body.',
  details:
    'Lines that start with > are requests, with < responses. A message is shown when it ends; one that takes more than a second ' +
    'is shown as far as it was received. Compressed bodies are decompressed; bodies that are not text are replaced by their ' +
    'size. A message within the machine is shown twice, as sent and as received: use a filter such as proc.name=curl for one ' +
    'side. Encrypted connections are not visible.',
  category: 'Application',
  args: {
    body: { type: 'int', doc: 'bytes to show of each body', optional: true, default: 2000 },
  },
  fields: HTTP_FIELDS,
  filter: HTTP_FILTER,
  needs: { snaplen: 8192 },
  hooks(c) {
    const waiting = new Map<Message, Waiting>()
    const shownInPart = new Set<Message>()
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
          else if (shownInPart.delete(m)) finish(m, { x, owner })
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
            shownInPart.add(m)
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

/** ns after which an incomplete message is shown. */
const PATIENCE = 1e9

/** The first character of a message's lines. */
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
