// A line for each HTTP request with a response.
import {
  bytesText,
  contentLength,
  defineChisel,
  HTTP_FIELDS,
  HTTP_FILTER,
  HttpWatch,
  latencyOf,
  spanText,
  urlOf,
} from '../src/chisel/index.js'

export default defineChisel({
  description: 'Shows a line for each HTTP request, of clients and servers.',
  details:
    '> is a request that the process sent, < one that it answered; latency is the time to the start of the response, size its ' +
    'Content-Length. Encrypted connections are not visible. -c http shows complete messages.',
  category: 'Application',
  fields: HTTP_FIELDS,
  filter: HTTP_FILTER,
  needs: { snaplen: 1024 },
  hooks(c) {
    let shown = 0
    const watch = new HttpWatch(
      {
        head(m, x, owner) {
          if (m.kind !== 'response' || x.response !== m || x.request === undefined) return
          shown++
          const { method } = x.request
          const url = urlOf(x.request)
          const size = contentLength(m) ?? 0
          const latency = latencyOf(x) ?? 0
          if (c.json) {
            const direction = x.client ? '>' : '<'
            const { pid, proc, name: connection } = owner
            const time = c.epoch(m.headAt)
            c.emit({ time, direction, method, url, response_code: m.status, latency, size, pid, proc, connection })
            return
          }
          const code = c.paint(m.status >= 500 ? 'red' : m.status >= 400 ? 'yellow' : 'green', `${m.status}`)
          const before = `${c.dateTime(m.headAt)} ${x.client ? '>' : '<'} method=${method} url=${url} response_code=`
          c.print(before, code, ` latency=${spanText(latency)} size=${bytesText(size)}`)
        },
      },
      0,
    )
    return {
      event: (v, e) => watch.event(v, e),
      end(time) {
        watch.end(time)
        watch.explain(c, shown)
      },
    }
  },
})
