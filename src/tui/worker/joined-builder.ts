// Builds a result of past and live rows.
import type { Event } from '../../model/event.js'
import type { State } from '../../state/state.js'
import { sortRows } from '../rows.js'
import { NEWEST } from './list-builder.js'
import type { Sort } from './messages.js'
import type { PastRows } from './past-rows.js'
import type { ResultBuilder, RowSlice, SegmentJoin } from './view-plan.js'

export class JoinedBuilder implements ResultBuilder {
  past: PastRows | undefined
  /** live rows fill the list: no past rows are shown */
  isFull = false

  /** live: undefined if no rows follow. segments: how past and live rows are merged; absent: they are concatenated. */
  constructor(
    private readonly live: ResultBuilder | undefined,
    public sort: Sort | undefined,
    private readonly segments?: SegmentJoin,
  ) {}

  add(e: Event): void {
    this.live?.add(e)
  }

  prime(state: State, time: number): void {
    this.live?.prime(state, time)
  }

  sample(state: State, time: number): void {
    this.live?.sample(state, time)
  }

  keepUp(state: State, time: number): void {
    this.live?.keepUp?.(state, time)
  }

  take(span: number, most: number, pinned: string | undefined): RowSlice {
    return this.join(this.live?.take(span, most, pinned), most)
  }

  reread(most: number, pinned: string | undefined): RowSlice {
    return this.join(this.live?.reread(most, pinned), most)
  }

  clear(): void {
    this.live?.clear()
    void this.past?.stop()
    this.past = undefined
  }

  hold(held: boolean): void {
    this.live?.hold?.(held)
  }

  event(id: string): Event | undefined {
    return this.live?.event?.(id)
  }

  private join(now: RowSlice = { rows: [], total: 0 }, most: number): RowSlice {
    const { past, sort, segments } = this
    if (past === undefined) return now
    if (segments !== undefined) {
      const rows = segments.join([...past.rows, ...now.rows])
      const total = rows.length
      return { rows: sort === undefined ? rows : sortRows(rows, sort).slice(0, most), total }
    }
    const total = past.total + now.total
    if (sort !== undefined) return { rows: sortRows([...past.rows, ...now.rows], sort).slice(0, most), total }
    const room = NEWEST - now.rows.length
    this.isFull = room <= 0
    return { rows: room <= 0 ? now.rows : [...past.rows.slice(-room), ...now.rows], total }
  }
}
