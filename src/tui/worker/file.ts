// Queries on a file: each reads the file once. Finished results are cached, and unfinished reads are suspended, so that
// going back shows them at once.
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, compileChecked, matchesEnter } from '../../filter/index.js'
import { NamespaceWatch } from '../../redact/namespace-watch.js'
import { CaptureRun } from '../../run/capture-run.js'
import { openCapture } from '../../run/open.js'
import { readRequest } from '../../run/read-request.js'
import type { FileFormat } from '../../run/write/file-format.js'
import type { ReadRequest } from '../../source/read-request.js'
import { versionOf } from '../../source/rotation-files.js'
import type { CaptureSource } from '../../source/source.js'
import { reportDamage, styleWith } from './context.js'
import { Counters } from './counters.js'
import { Reading } from './reading.js'
import type { Runner, Session } from './session.js'
import type { ViewPlan } from './view-plan.js'
import type { ToWrite } from './writing.js'

/** rows of a partial result */
const PARTIAL = 500
/** limits of the cache: results, their rows in total, and unfinished ones (each has the file open) */
const KEPT = { answers: 16, rows: 200_000, unfinished: 4 }

export class File implements Runner {
  private closed = false
  private wake: (() => void) | undefined
  /** by query, in order of use: the latest is last */
  private readonly readings = new Map<string, Reading>()
  /** the pass that counts for the header */
  private counting: Reading | undefined
  /** events that the header counts */
  private counted = 0
  /** the running pass */
  private working: Reading | undefined
  /** version of the file that was read */
  private version: string | undefined
  private namespaceChecked = false
  /** abandoned passes that are closing the file */
  private readonly ending: Promise<void>[] = []

  constructor(
    private readonly s: Session,
    private readonly path: string,
  ) {}

  async run(): Promise<void> {
    while (!this.closed) {
      const next = this.next()
      if (next === undefined)
        await new Promise<void>((resolve) => {
          this.wake = resolve
        })
      else await this.work(next)
    }
    // the process must not exit while a part of the file is being read
    await Promise.allSettled(this.ending)
  }

  queryChanged(): void {
    this.renew()
    const { plan, query } = this.s
    if (plan === undefined) return
    const known = this.readings.get(query)
    this.readings.delete(query)
    this.readings.set(query, known ?? this.newReading(plan))
    if (known?.builder !== undefined) {
      known.builder.sort = plan.sort
      this.sendRows(known)
    }
    this.forget()
    this.working?.rest()
    this.wake?.()
  }

  arm(): void {}

  resume(): void {}

  cancel(): void {
    const { s } = this
    const { present } = this
    if (present === undefined || present.done) return
    s.cancelled = true
    present.rest()
    this.sendRows(present)
  }

  close(): void {
    this.closed = true
    this.abandon([...this.readings.values(), ...(this.counting === undefined ? [] : [this.counting])])
    this.wake?.()
  }

  async toWrite(filter: CheckedFilter | undefined, format: FileFormat): Promise<ToWrite> {
    const { redaction } = this.s.start
    // a copy of a .scap file contains enter and exit events
    const enter = format === 'scap' && filter === undefined
    const request = readRequest({ filter, fields: [], looksAt: 'kept', containers: true, enter, redaction })
    return { open: () => openCapture(this.path, request, redaction), close: async () => undefined, read: [this.path] }
  }

  /** Finds the event by its number, which reads the file up to it. */
  async detail(id: string): Promise<void> {
    const num = id.split('.')[0] as string
    const filter = checkFilter(`evt.num=${num}`, registry)
    const { redaction } = this.s.start
    const request = readRequest({ filter, fields: [], looksAt: 'state', enter: true, containers: true, redaction })
    const source = await openCapture(this.path, request, redaction)
    try {
      const run = new CaptureRun(source, styleWith(this.s.start.rules))
      const { ctx } = run
      await run.begin()
      await run.run({
        predicate: compileChecked(filter, ctx).keep,
        limit: 1,
        sinks: [{ show: (e) => this.s.describe(id, e, ctx) }],
      })
    } finally {
      await source.close()
    }
  }

  /** The pass of the present query. */
  private get present(): Reading | undefined {
    return this.s.plan === undefined ? undefined : [...this.readings.values()].at(-1)
  }

  /** The next pass to run: the present query first, then the header's counts. */
  private next(): Reading | undefined {
    const { present } = this
    if (present === undefined || this.s.cancelled) return undefined
    if (!present.done) return present
    this.counting ??= this.reading(undefined, this.counters())
    return this.counting.done ? undefined : this.counting
  }

  private async work(reading: Reading): Promise<void> {
    this.working = reading
    try {
      await reading.advance()
    } finally {
      this.working = undefined
    }
    if (reading.done && reading === this.present && !this.closed) this.sendRows(reading)
  }

  /**
   * The pass for a new query. The first pass also counts for the header, which needs every event and no call twice;
   * with a user filter, the query's part of the file is read first and the header is counted afterwards.
   */
  private newReading(plan: ViewPlan): Reading {
    const isPart = this.s.isFiltered || plan.inFlight === 'only' || wantsEnter(plan)
    if (isPart || this.counting !== undefined) return this.reading(plan, undefined)
    this.counting = this.reading(plan, this.counters())
    return this.counting
  }

  private counters(): Counters {
    return new Counters(false, this.s.start.rules)
  }

  private reading(plan: ViewPlan | undefined, counters: Counters | undefined): Reading {
    const { s } = this
    const open = (request: ReadRequest) => openCapture(this.path, request, s.start.redaction)
    return new Reading(open, plan, counters, s.start.redaction, {
      opened: (source) => {
        s.reportSource(false, this.path, source.info)
      },
      look: (state, ctx) => s.look(state, ctx),
      counted: (c, missing) => {
        // another pass may have counted more
        if (c.total < this.counted) return
        this.counted = c.total
        s.post(c.read(c.span, { ...missing, retained: undefined, armed: false }))
      },
      part: (r) => (r === this.present && !s.cancelled ? this.sendRows(r) : 1),
      ended: (source) => {
        reportDamage(source, s.post)
        this.checkNamespace(source)
      },
    })
  }

  /** Reports once if the file has no pod of the only visible namespace. */
  private checkNamespace(source: CaptureSource): void {
    if (!this.namespaceChecked) NamespaceWatch.forSource(source, (text) => this.s.post({ kind: 'note', text }))?.end()
    this.namespaceChecked = true
  }

  /** Re-reads a file that has changed. */
  private renew(): void {
    const version = versionOf(this.path)
    if (version === this.version) return
    this.abandon([...this.readings.values(), ...(this.counting === undefined ? [] : [this.counting])])
    this.readings.clear()
    this.counting = undefined
    this.counted = 0
    this.version = version
    this.namespaceChecked = false
  }

  /** Drops the least recently used results beyond the limits. */
  private forget(): void {
    const all = [...this.readings].slice(0, -1).reverse()
    let rows = 0
    let unfinished = 0
    for (const [i, [query, r]] of all.entries()) {
      rows += r.rows
      if (!r.done) unfinished++
      if (r === this.counting || (i < KEPT.answers && rows <= KEPT.rows && (r.done || unfinished <= KEPT.unfinished)))
        continue
      this.readings.delete(query)
      this.abandon([r])
    }
  }

  private abandon(readings: readonly Reading[]): void {
    for (const r of readings) this.ending.push(r.stop())
  }

  /** Sends the rows of the present query; returns their total number. */
  private sendRows(reading: Reading): number {
    const { s } = this
    s.builder = reading.builder
    s.span = reading.span
    s.progress = reading.done || s.cancelled ? undefined : reading.progress
    reading.rows = s.send(s.progress === undefined ? undefined : PARTIAL)
    return reading.rows
  }
}

/** Whether a query can match enter events. */
function wantsEnter({ filter }: ViewPlan): boolean {
  return filter !== undefined && matchesEnter(filter)
}
