// The table of -S: number, failures and time of each event type.
import { humanSpan } from '../fields/clock.js'
import { failed } from '../fields/result.js'
import { NO_LATENCY } from '../model/batch.js'
import type { Event } from '../model/event.js'
import { Histogram } from '../model/histogram.js'
import { versioned } from '../render/json-version.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { isSyscall } from '../schema/events/index.js'

const TOP = 100

class Counter {
  calls = 0
  errors = 0
  readonly times = new Histogram()
  /** ns of all calls with a known latency */
  total = 0

  constructor(readonly name: string) {}
}

/** A row of the summary; times in ns, absent if no event of the type had a latency. */
interface SummaryRow {
  readonly event: string
  readonly calls: number
  readonly errors: number
  readonly total: number | undefined
  readonly p50: number | undefined
  readonly p99: number | undefined
}

export class Summary {
  private readonly byCode = new Array<Counter | undefined>(CODE_LIMIT).fill(undefined)
  private readonly byName = new Map<string, Counter>()

  /** Counts the event under the cursor. */
  add(e: Event): void {
    const c = this.byCode[e.type] ?? this.counter(e)
    const { calls } = e
    c.calls += calls
    if (failed(e)) c.errors += calls
    const latency = e.batch.latency[e.row] as number
    if (latency === NO_LATENCY) return
    c.total += latency
    c.times.add(latency / calls, calls)
  }

  /** Versions of an event share a counter; enter events are counted separately, as `> name`. */
  private counter(e: Event): Counter {
    const name = (e.type & 1) === 0 && isSyscall(e.type) && !e.def.noReturn ? `> ${e.def.name}` : e.def.name
    let c = this.byName.get(name)
    if (c === undefined) {
      c = new Counter(name)
      this.byName.set(name, c)
    }
    this.byCode[e.type] = c
    return c
  }

  /** The 100 most frequent event types. */
  rows(): SummaryRow[] {
    const counters = [...this.byName.values()]
    counters.sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1))
    return counters.slice(0, TOP).map((c) => ({
      event: c.name,
      calls: c.calls,
      errors: c.errors,
      total: c.times.count === 0 ? undefined : c.total,
      p50: c.times.percentile(0.5),
      p99: c.times.percentile(0.99),
    }))
  }

  /** The table as text, one line each. */
  text(): string {
    const span = (ns: number | undefined) => (ns === undefined ? '-' : humanSpan(ns))
    const cells = this.rows().map((r) => [
      r.event,
      `${r.calls}`,
      `${r.errors}`,
      span(r.total),
      span(r.p50),
      span(r.p99),
    ])
    const table = [['Event', 'Calls', 'Errors', 'Total time', 'p50', 'p99'], ...cells]
    const widths = (table[0] as string[]).map((_, i) => Math.max(...table.map((row) => (row[i] as string).length)))
    const lines = table.map((row) =>
      row.map((c, i) => (i === 0 ? c.padEnd(widths[i] as number) : c.padStart(widths[i] as number))).join('  '),
    )
    const rule = '-'.repeat(widths.reduce((a, b) => a + b + 2, -2))
    return `${[rule, lines[0], rule, ...lines.slice(1)].join('\n')}\n`
  }

  /** The rows as values for JSON; times in ns, null if unknown. */
  values(): object[] {
    return this.rows().map((r) => versioned({ ...r, total: r.total ?? null, p50: r.p50 ?? null, p99: r.p99 ?? null }))
  }
}
