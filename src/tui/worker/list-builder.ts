// Builds the rows of a list view: one for each event.
import type { FieldContext, Getter } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, checkFilter, compileChecked } from '../../filter/index.js'
import { batchBytes, EventBatch, rowEnd } from '../../model/batch.js'
import { Event } from '../../model/event.js'
import { EVENTS, LAYOUTS } from '../../schema/events/index.js'
import { type CompiledColumn, compileTable, type Inside, joinFilters } from '../../table/index.js'
import type { Cell } from '../../table/types.js'
import { hiddenFields, type ListView } from '../../views/define.js'
import { namesIn } from '../names.js'
import { columnInfos, exists } from './columns.js'
import { withData } from './context.js'
import type { DataStyle, RowData } from './messages.js'
import type { ResultBuilder, RowSlice, ViewPlan } from './view-plan.js'

/** Maximum number of rows of a list: the newest live, the first ones of a file. */
export const LISTED = 10_000

/** Maximum number of rows of a live list that are sent. */
export const NEWEST = 2000

/** The filters of list and user combined and checked. Throws FilterError. */
export function listFilter(view: ListView, filter: string | undefined): CheckedFilter | undefined {
  if (filter !== undefined) checkFilter(filter, registry)
  const all = joinFilters(filter, view.list.filter)
  return all === undefined ? undefined : checkFilter(all, registry)
}

export function planList(view: ListView, filter: string | undefined, inside: Inside, data: DataStyle): ViewPlan {
  const { list } = view
  const checked = listFilter(view, filter)
  const known = list.columns.filter((c) => exists(c.field))
  const hidden = hiddenFields(view).map((field) => ({ field, title: '' }))
  const { columns, fields } = compileTable({ keys: ['evt.num'], columns: [...known, ...hidden] }, inside)
  return {
    columns: columnInfos(columns.slice(0, columns.length - hidden.length)),
    filter: checked,
    fields,
    passingOnly: true,
    restarts: false,
    joinsPast: true,
    sort: undefined,
    most: LISTED,
    inFlight: undefined,
    needsData: false,
    buffers: list.raw && data === 'masked' ? 0 : (list.buffers ?? 0),
    start: (ctx, live) =>
      new ListBuilder(columns, checked, list.raw ? withData(ctx, data) : ctx, live, list.detail === true),
  }
}

/** Events of rows, by the ids of the rows, and when the rows were sent to the screen: ms of performance.now(). */
interface Taken {
  readonly at: number
  readonly events: ReadonlyMap<string, Event | undefined>
}

/** For how long rows can be on the screen after newer ones were sent, while this process waits for a CPU: ms. */
const ON_SCREEN = 5000

class ListBuilder implements ResultBuilder {
  sort = undefined
  private rows: RowData[] = []
  private total = 0
  /** copies of the events, by number; only live, where they cannot be read again */
  private readonly copies = new Map<string, Event>()
  /** events of the rows that were taken recently, since they may be on the screen; and of rows that are held */
  private shown: readonly Taken[] = []
  private held: readonly Taken[] = []
  private readonly test: ((e: Event) => boolean) | undefined
  private readonly getters: readonly Getter[]

  constructor(
    columns: readonly CompiledColumn[],
    filter: CheckedFilter | undefined,
    ctx: FieldContext,
    private readonly live: boolean,
    private readonly detail: boolean,
  ) {
    this.test = filter && compileChecked(filter, ctx).test
    this.getters = columns.map((c) => getterOf(c, ctx))
  }

  add(e: Event): void {
    if (this.test !== undefined && !this.test(e)) return
    this.total++
    if (!this.live && this.rows.length >= LISTED) return
    const id = String(e.num)
    this.rows.push({ id, keys: [e.num], cells: this.getters.map((g) => keep(g(e))) })
    if (this.live && this.detail) this.copies.set(id, copyOf(e))
    if (this.rows.length >= LISTED * 2) {
      for (const r of this.rows.slice(0, -LISTED)) this.copies.delete(r.id)
      this.rows = this.rows.slice(-LISTED)
    }
  }

  prime(): void {}

  sample(): void {}

  take(_span: number, most: number): RowSlice {
    const rows = this.live ? this.rows.slice(-Math.min(most, NEWEST)) : this.rows.slice(0, most)
    if (this.live && this.detail) {
      const now = { at: performance.now(), events: new Map(rows.map((r) => [r.id, this.copies.get(r.id)])) }
      let events = 0
      this.shown = [now, ...this.shown].filter((t, i) => {
        events += t.events.size
        return i < 2 || (now.at - t.at < ON_SCREEN && events <= LISTED)
      })
    }
    return { rows, total: this.total }
  }

  reread(most: number): RowSlice {
    return this.take(0, most)
  }

  clear(): void {
    this.rows = []
    this.copies.clear()
    this.total = 0
  }

  hold(held: boolean): void {
    this.held = held ? this.shown : []
  }

  drop(id: string): void {
    const at = this.rows.findLastIndex((r) => r.id === id)
    if (at < 0) return
    this.rows.splice(at, 1)
    this.total--
  }

  event(id: string): Event | undefined {
    for (const events of [this.copies, ...[...this.shown, ...this.held].map((t) => t.events)]) {
      const e = events.get(id)
      if (e !== undefined) return e
    }
    return undefined
  }
}

function getterOf(c: CompiledColumn, ctx: FieldContext): Getter {
  const get = c.use.def.make(ctx, c.use.arg)
  const shown = namesIn(c.field)
  if (shown === undefined) return get
  return (e) => {
    const value = get(e)
    return typeof value === 'string' ? shown(value) : value
  }
}

/** A copy of a value that stays valid after its event. */
function keep(v: Cell): Cell {
  return v instanceof Uint8Array ? Uint8Array.from(v) : v
}

/** The event copied to its own batch, with its present thread and descriptor. */
function copyOf(e: Event): Event {
  const { batch: b, row } = e
  const from = b.argOff[row] as number
  const to = rowEnd(b, row)
  const copy = new EventBatch(new ArrayBuffer(batchBytes(2, to - from)), 2, to - from)
  copy.count = 1
  copy.native = b.native
  copy.arch = b.arch
  for (const c of ['num', 'time', 'latency', 'ret', 'tid', 'pid', 'absent', 'type', 'flags', 'cpu'] as const)
    copy[c][0] = b[c][row] as number
  copy.argOff[1] = to - from
  copy.arena.set(b.arena.subarray(from, to))
  const event = new Event(EVENTS, LAYOUTS)
  event.moveTo(copy, 0)
  event.thread = e.thread
  event.fd = e.fd
  event.fdNum = e.fdNum
  event.fdNameChanged = e.fdNameChanged
  event.sides = e.sides
  event.reading = e.reading
  event.otherFd = e.otherFd
  event.otherNum = e.otherNum
  return event
}
