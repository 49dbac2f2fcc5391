// The slowest system calls.
import { defineChisel } from '../src/chisel/index.js'

interface Call {
  readonly num: number
  readonly time: bigint | undefined
  readonly latency: number
  readonly proc: string | undefined
  readonly tid: number | undefined
  readonly dir: string | undefined
  readonly type: string | undefined
  readonly args: string | undefined
}

export default defineChisel({
  description: 'Shows the ten system calls that took the most time.',
  details:
    'They are shown at the end (live, press Ctrl-C), slowest first: number, seconds, process, thread, and the call with its ' +
    'arguments. Calls that only wait are included; a filter such as evt.is_wait=false excludes them.',
  category: 'Performance',
  fields: {
    num: 'evt.num',
    time: 'evt.rawtime',
    latency: 'evt.latency',
    proc: 'proc.name',
    tid: 'thread.tid',
    dir: 'evt.dir',
    type: 'evt.type',
    args: 'evt.args',
  },
  filter: 'evt.latency>0',
  hooks(c) {
    /** slowest first */
    const slowest: Call[] = []
    return {
      event(v) {
        const latency = v.latency ?? 0
        if (slowest.length === TOP && latency <= (slowest[TOP - 1] as Call).latency) return
        const { num = 0, time, proc, tid, dir, type, args } = v
        const at = slowest.findIndex((s) => s.latency < latency)
        slowest.splice(at < 0 ? slowest.length : at, 0, { num, time, latency, proc, tid, dir, type, args })
        slowest.length = Math.min(slowest.length, TOP)
      },
      end() {
        if (slowest.length === 0) c.tell('no call with a known duration was captured')
        for (const s of slowest)
          if (c.json) c.emit(s)
          else
            c.print(
              `${s.num}) ${seconds(s.latency)} ${s.proc ?? '<NA>'} (${s.tid ?? '<NA>'}) ${s.dir} ${s.type} ${s.args ?? ''}`,
            )
      },
    }
  },
})

const TOP = 10

/** ns as seconds with nine decimals */
function seconds(ns: number): string {
  return `${Math.floor(ns / 1e9)}.${String(ns % 1e9).padStart(9, '0')}`
}
