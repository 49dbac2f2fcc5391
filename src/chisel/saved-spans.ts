// Collects the time around events, by thread, and has a chisel's file written with them.
import { literal } from '../filter/index.js'
import type { Event } from '../model/event.js'
import type { ArgDef } from './define.js'

/** The arguments of such a chisel; names are sysdig's. */
export const DUMP_ARGS = {
  dump_file_name: { type: 'string', doc: 'the file to write', optional: true },
  dump_range_ms: {
    type: 'int',
    doc: 'milliseconds of the thread to write before and after each event',
    optional: true,
    default: 1000,
    least: 0,
  },
} as const satisfies Record<string, ArgDef>

interface Saver {
  epoch(time: number): bigint
  save(filter: string): void
  tell(sentence: string): void
}

/** Maximum number of time spans in a filter. */
const MOST = 2000

export class SavedSpans {
  /** time spans in batch time (ns), by the condition for their thread; overlapping spans are merged */
  private readonly spans = new Map<string, [from: number, to: number][]>()
  private count = 0
  private events = 0
  private dropped = 0

  constructor(
    private readonly file: string,
    private readonly ms: number,
  ) {}

  /** host: its name if the input has several hosts (host.name) */
  add(e: Pick<Event, 'time' | 'tid'>, host: string | undefined): void {
    const thread = `${host ? `host.name=${literal(host)} and ` : ''}thread.tid=${e.tid}`
    const reach = this.ms * 1e6
    const from = e.time - reach
    const to = e.time + reach
    const spans = this.spans.get(thread) ?? []
    const last = spans.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else if (this.count < MOST) {
      spans.push([from, to])
      this.spans.set(thread, spans)
      this.count++
    } else {
      this.dropped++
      return
    }
    this.events++
  }

  /** Requests the file to be written, and reports that. */
  end(c: Saver): void {
    if (this.events === 0) {
      c.tell(`no event matched: ${this.file} is not written`)
      return
    }
    if (this.dropped > 0)
      c.tell(`${this.dropped} more events are not saved: at most ${MOST} separate time spans are saved`)
    c.tell(`saving the events around ${this.events} matches to ${this.file}`)
    c.save([...this.spans].map(([thread, spans]) => threadCondition(c, thread, spans)).join(' or '))
  }
}

function threadCondition(c: Saver, thread: string, spans: readonly (readonly [number, number])[]): string {
  const times = spans.map(([from, to]) => `(evt.rawtime>=${c.epoch(from)} and evt.rawtime<=${c.epoch(to)})`)
  return `(${thread} and (${times.join(' or ')}))`
}
