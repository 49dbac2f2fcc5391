// Rows of the past: the present query over the retained events, the newest segment first, until there are as many rows
// as are shown.
import type { FieldContext } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import type { CaptureWindows, PastBounds, WantedSegment } from './capture-windows.js'
import { NEWEST } from './list-builder.js'
import type { RowData } from './messages.js'
import { Reading } from './reading.js'
import type { ViewPlan } from './view-plan.js'

/** Ids of its rows: index of their segment, and the id within it. */
const ID = /^-(\d+)\.(.*)$/s

/** The rows of one segment. */
interface SegmentRows {
  /** undefined if its rows are only counted */
  readonly reading: Reading | undefined
  readonly rows: readonly RowData[]
  readonly total: number
}

export class PastRows {
  /** 0..1; undefined once everything wanted is read */
  progress: number | undefined = 0
  /** newest first; the last one may still be in progress */
  private readonly found: SegmentRows[] = []
  private stopped = false

  /** changed: called when there are more rows, or reading is finished. */
  constructor(
    private readonly windows: CaptureWindows,
    private readonly plan: ViewPlan,
    private readonly bounds: PastBounds,
    private readonly changed: () => void,
  ) {}

  /** Whether the id is that of a row of the past. */
  static has(id: string): boolean {
    return ID.test(id)
  }

  /** Reads until everything wanted is read. Rejects if reading fails. */
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

  /** The rows found so far, in the order of the capture. */
  get rows(): readonly RowData[] {
    return this.found.toReversed().flatMap((f) => f.rows)
  }

  get total(): number {
    return this.found.reduce((sum, f) => sum + f.total, 0)
  }

  /** The event of a row, with the context for its fields. */
  event(id: string): { readonly e: Event; readonly ctx: FieldContext } | undefined {
    const [, at, own] = ID.exec(id) ?? []
    const { builder, ctx } = this.found[Number(at)]?.reading ?? {}
    const e = builder?.event?.(own ?? '')
    return e === undefined || ctx === undefined ? undefined : { e, ctx }
  }

  /** Abandons the rest; resolves when nothing is open. */
  async stop(): Promise<void> {
    this.stopped = true
    this.progress = undefined
    await this.found.at(-1)?.reading?.stop()
  }

  /**
   * More rows would not be shown. With a sort order any segment may have the first row, and merged rows may come from
   * several segments.
   */
  private get isEnough(): boolean {
    const { sort, segments } = this.plan
    return sort === undefined && segments === undefined && this.bounds.all !== true && this.isFull
  }

  /** As many rows were found as are shown. */
  private get isFull(): boolean {
    return this.found.reduce((sum, f) => sum + f.rows.length, 0) >= NEWEST
  }

  /** Reads a segment; returns whether it was still retained. */
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
    // rows that are only counted are not retained
    if (isCounted) this.found[at] = { reading: undefined, rows: [], total: this.found[at]?.total ?? 0 }
    return true
  }

  private take(at: number, reading: Reading): number {
    const { rows, total } = reading.builder?.take(reading.span, this.plan.most, undefined) ?? { rows: [], total: 0 }
    this.found[at] = { reading, rows: rows.map((r) => ({ ...r, id: `-${at}.${r.id}` })), total }
    return total
  }
}
