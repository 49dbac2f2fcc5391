// What was before: the present query over what is kept of this machine, the newest part of it first, until there are as many
// rows as are shown.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { CaptureWindows, PastBounds, WantedSegment } from './capture-windows.js'
import { NEWEST } from './list-builder.js'
import type { RowData } from './messages.js'
import { Reading } from './reading.js'
import type { ViewPlan } from './view-plan.js'

/** What ids of rows begin with, and the place of their part. */
const ID = /^-(\d+)\.(.*)$/s

/** What was found in one part. */
interface SegmentRows {
  /** undefined where its rows are not shown */
  readonly reading: Reading | undefined
  readonly rows: readonly RowData[]
  readonly total: number
}

export class PastRows {
  /** 0..1; undefined once all that is wanted was read */
  progress: number | undefined = 0
  /** newest first; the last one may still be read */
  private readonly found: SegmentRows[] = []
  private stopped = false

  /** changed: is told that there are more rows, or that it is done. */
  constructor(
    private readonly windows: CaptureWindows,
    private readonly plan: ViewPlan,
    private readonly bounds: PastBounds,
    private readonly changed: () => void,
  ) {}

  /** Whether a row's id is one of its own. */
  static has(id: string): boolean {
    return ID.test(id)
  }

  /** Reads until there is nothing more that is wanted. Rejects with what makes reading impossible. */
  async run(): Promise<void> {
    try {
      const segments = await this.windows.segments(this.bounds)
      for (const [i, segment] of segments.entries()) {
        if (this.stopped || this.isEnough) break
        this.progress = i / segments.length
        if (!(await this.read(segment))) break
      }
    } finally {
      this.progress = undefined
      if (!this.stopped) this.changed()
    }
  }

  /** Of what was found so far, in the order of the capture. */
  get rows(): readonly RowData[] {
    return this.found.toReversed().flatMap((f) => f.rows)
  }

  get total(): number {
    return this.found.reduce((sum, f) => sum + f.total, 0)
  }

  /** The event of a row, and what knows its fields. */
  event(id: string): { readonly e: Event; readonly ctx: FieldContext } | undefined {
    const [, at, own] = ID.exec(id) ?? []
    const { builder, ctx } = this.found[Number(at)]?.reading ?? {}
    const e = builder?.event?.(own ?? '')
    return e === undefined || ctx === undefined ? undefined : { e, ctx }
  }

  /** Gives up what was not read; fulfilled when nothing of it is open. */
  async stop(): Promise<void> {
    this.stopped = true
    this.progress = undefined
    await this.found.at(-1)?.reading?.stop()
  }

  /** Nobody would see more. What is sorted may have its first row anywhere, and each row be of several parts. */
  private get isEnough(): boolean {
    const { sort, segments } = this.plan
    return sort === undefined && segments === undefined && this.bounds.all !== true && this.isFull
  }

  /** As many rows as are shown were found. */
  private get isFull(): boolean {
    return this.found.reduce((sum, f) => sum + f.rows.length, 0) >= NEWEST
  }

  /** Reads a part; whether it was still kept. */
  private async read({ captureWindow, segment, range }: WantedSegment): Promise<boolean> {
    const at = this.found.length
    const { plan } = this
    const isCounted = plan.sort === undefined && plan.segments === undefined && this.isFull
    const reading = new Reading(
      (how) => captureWindow.open({ first: segment, last: segment }, how),
      plan,
      undefined,
      undefined,
      {
        opened: () => undefined,
        look: () => undefined,
        counted: () => undefined,
        part: (r) => {
          const rows = this.take(at, r)
          if (!this.stopped) this.changed()
          return rows
        },
        ended: () => undefined,
      },
      range,
    )
    this.found.push({ reading, rows: [], total: 0 })
    try {
      await reading.advance()
    } catch (e) {
      if (!captureWindow.has(segment)) return false
      throw e
    }
    this.take(at, reading)
    // what is only counted is not kept
    if (isCounted) this.found[at] = { reading: undefined, rows: [], total: this.found[at]?.total ?? 0 }
    return true
  }

  private take(at: number, reading: Reading): number {
    const { rows, total } = reading.builder?.take(reading.span, this.plan.most, undefined) ?? { rows: [], total: 0 }
    this.found[at] = { reading, rows: rows.map((r) => ({ ...r, id: `-${at}.${r.id}` })), total }
    return total
  }
}
