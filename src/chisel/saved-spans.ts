// The time around events, thread by thread, which a chisel has written to a file.
import { literal } from '../filter/index.js'
import type { Event } from '../model/event.js'
import type { ArgDef } from './define.js'

/** The arguments of such a chisel, by the names that sysdig's have. */
export const DUMP_ARGS = {
  dump_file_name: { type: 'string', doc: 'the file to write', optional: true },
  dump_range_ms: {
    type: 'int',
    doc: 'milliseconds of its thread that are written before each event, and after it',
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

/** Stretches of time in a filter: more would be too long for one. */
const MOST = 2000

export class SavedSpans {
  /** stretches by the condition that names their thread, in batch time (ns), those that touch joined */
  private readonly spans = new Map<string, [from: number, to: number][]>()
  private count = 0
  private events = 0
  private left = 0

  constructor(
    private readonly file: string,
    private readonly ms: number,
  ) {}

  /** host: its name, where what is read is of several (host.name) */
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
      this.left++
      return
    }
    this.events++
  }

  /** Has them written, and says so. */
  end(c: Saver): void {
    if (this.events === 0) {
      c.tell(`nothing was found to save events around: ${this.file} is not written`)
      return
    }
    if (this.left > 0)
      c.tell(`${this.left} more are not saved: events around ${MOST} stretches of time are as many as fit`)
    c.tell(`saving the events around ${this.events} to ${this.file}`)
    c.save([...this.spans].map(([thread, spans]) => ofThread(c, thread, spans)).join(' or '))
  }
}

function ofThread(c: Saver, thread: string, spans: readonly (readonly [number, number])[]): string {
  const times = spans.map(([from, to]) => `(evt.rawtime>=${c.epoch(from)} and evt.rawtime<=${c.epoch(to)})`)
  return `(${thread} and (${times.join(' or ')}))`
}
