// Latency histograms by call, file or peer.
import { defineChisel, type Event, endpointText, PowerHistogram, spanText } from '../src/chisel/index.js'

type By = 'call' | 'file' | 'peer'

export default defineChisel({
  description: 'Shows latency histograms of calls, by call, file or peer.',
  details:
    'Those with the highest total time come first. call: all calls, including those that wait. file: reads, writes and syncs, by ' +
    'path. peer: connects, reads and writes, by the address and port that the process connected to, or the address that ' +
    'connected to it; this is the time in system calls, not of a round trip. Live, a terminal shows the current histograms; ' +
    'otherwise they are printed at the end. A filter restricts them: ksys -c latency file proc.name=postgres',
  category: 'Performance',
  args: {
    by: {
      type: 'string',
      doc: 'what to group calls by',
      choices: ['call', 'file', 'peer'],
      optional: true,
      default: 'call',
    },
    top: { type: 'int', doc: 'number of histograms to show', optional: true, default: 10, least: 1 },
  },
  fields: ({ args }) => FIELDS[args.by as By],
  filter: ({ args }) => FILTERS[args.by as By],
  refreshes: true,
  hooks(c) {
    const by = c.args.by as By
    const all = new Map<string, PowerHistogram>()
    const entry = (key: string): PowerHistogram => {
      const name = all.has(key) || all.size < MOST ? key : OTHERS
      let h = all.get(name)
      if (h === undefined) {
        h = new PowerHistogram()
        all.set(name, h)
      }
      return h
    }
    const sorted = () => [...all].sort((a, b) => b[1].total - a[1].total).slice(0, c.args.top)
    const lines = () =>
      sorted().flatMap(([key, h]) => [
        `${key}: ${h.calls} call${h.calls === 1 ? '' : 's'}, ${spanText(h.total)} in all, ${spanText(h.total / h.calls)} on average, ${spanText(h.longest)} at most`,
        ...h.lines(c.columns),
        '',
      ])
    const emit = () => {
      for (const [key, h] of sorted())
        c.emit({ by, key, calls: h.calls, total: h.total, longest: h.longest, buckets: h.buckets() })
    }
    return {
      event(v, e) {
        const { latency, key } = v
        if (latency === undefined || latency < 1 || key === undefined || key === '') return
        entry('server' in v ? peerOf(key, v.server === true, e) : key).add(latency)
      },
      interval() {
        if (c.screen) c.refresh(lines())
      },
      end() {
        if (c.json) emit()
        else c.refresh(lines().slice(0, -1))
        if (all.size === 0) c.tell('no call with a known latency was captured')
      },
    }
  },
})

const FIELDS = {
  call: { latency: 'evt.latency', key: 'evt.type' },
  file: { latency: 'evt.latency', key: 'fd.name' },
  peer: { latency: 'evt.latency', key: 'fd.rip', server: 'fd.is_server' },
} as const
const FILTERS: Readonly<Record<By, string>> = {
  call: 'evt.latency>0',
  file: 'fd.type=file and evt.latency>0 and (evt.is_io=true or evt.type in (fsync, fdatasync, sync_file_range))',
  peer: 'fd.type in (ipv4, ipv6) and evt.latency>0 and evt.failed=false and (evt.is_io=true or evt.type=connect)',
}

/** Maximum number of histograms (up to 7 KB each); further keys are counted together. */
const MOST = 5_000
const OTHERS = '(others)'

/** A server's address and port; only the address of a client, whose port changes with each connection. */
function peerOf(address: string, server: boolean, e: Event): string {
  return endpointText(address, server ? undefined : e.fd?.remotePort)
}
