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

    const title = (m: Message, w: Waiting) => {
      c.print(c.paint('bold', `${c.dateTime(m.headAt)} ${titleOf(m, w)}`))
    }
    const show = (m: Message, w: Waiting) => {
      shown++
      title(m, w)
      c.print(c.paint(colorOf(m), `${markOf(m)} ${firstLine(m)}`))
      for (const line of linesOf(m, c.args.body)) c.print(line)
      c.print('')
    }
    const finish = (m: Message, w: Waiting) => {
      title(m, w)
      c.print(`${markOf(m)} [ended with ${m.body.length} bytes in all]`)
      c.print('')
    }
    const emit = (m: Message, w: Waiting) => {
      shown++
      c.emit({ time: c.epoch(m.headAt), ...jsonOf(m, w, c.args.body) })
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

/** Who sends or receives a message. */
function titleOf(m: Message, { x, owner }: Waiting): string {
  const sends = (m.kind === 'request') === x.client ? 'sends' : 'receives'
  const latency = m.kind === 'response' ? latencyOf(x) : undefined
  const after = latency === undefined ? '' : `, after ${spanText(latency)}`
  return `${owner.proc} (${owner.pid}) ${sends} a ${m.kind} on ${owner.name || 'a local socket'}${after}`
}

/** The headers and the first `most` bytes of the body. */
function linesOf(m: Message, most: number): string[] {
  const mark = markOf(m)
  return [
    ...m.headers.map((h) => `${mark} ${h.name}: ${h.value}`),
    ...(m.headCut ? [`${mark} [the rest of the head was not captured]`] : []),
    mark,
    ...bodyText(m, most).map((line) => (line === '' ? mark : `${mark} ${line}`)),
    ...(m.endedAt === undefined ? [`${mark} [goes on]`] : []),
  ]
}

function jsonOf(m: Message, { x, owner }: Waiting, most: number) {
  const { pid, proc, name: connection } = owner
  const start =
    m.kind === 'request'
      ? { method: m.method, target: m.target }
      : { status: m.status, reason: m.reason, latency: latencyOf(x), request: x.request && firstLine(x.request) }
  return {
    kind: m.kind,
    side: x.client ? 'client' : 'server',
    ...{ pid, proc, connection },
    ...start,
    version: m.version,
    headers: m.headers,
    bytes: m.body.length,
    body: bodyText(m, most).join('\n'),
    complete: m.complete,
  }
}

function firstLine(m: Message): string {
  const version = m.version === undefined ? '' : ` HTTP/${m.version}`
  return m.kind === 'request'
    ? `${m.method} ${m.target}${version}`
    : `HTTP/${m.version} ${m.status} ${m.reason}`.trimEnd()
}
