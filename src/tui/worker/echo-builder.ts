// Builds the rows of Echo: the data of each event as lines, after a head line with its process.

import type { FieldContext, Getter } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { eachSide } from '../../fields/io.js'
import { type CheckedFilter, compileChecked } from '../../filter/index.js'
import { type Event, SIDE } from '../../model/event.js'
import { GLYPHS } from '../../model/glyphs.js'
import type { ListView } from '../../views/define.js'
import { dataLines } from '../data-lines.js'
import { shownName } from '../names.js'
import { LISTED, listFilter, NEWEST } from './list-builder.js'
import type { ColumnInfo, DataStyle, RowData } from './messages.js'
import type { ResultBuilder, RowSlice, ViewPlan } from './view-plan.js'

const FIELDS = [
  'evt.buffer',
  'evt.is_io_read',
  'evt.buflen',
  'evt.time',
  'proc.name',
  'proc.pid',
  'fd.name',
  'evt.type',
]

/** Kind of a line, in its second, hidden cell. */
export type EchoKind = 'in' | 'out' | 'head'

const NOTHING = new Uint8Array(0)

export function planEcho(view: ListView, filter: string | undefined, style: DataStyle): ViewPlan {
  const checked = listFilter(view, filter)
  const columns: ColumnInfo[] = view.list.columns.map((c) => ({
    title: c.title,
    field: c.field,
    unit: 'text',
    width: 0,
    fits: false,
    names: true,
    only: undefined,
    yields: 0,
    right: false,
    doc: c.doc ?? '',
  }))
  return {
    columns,
    filter: checked,
    fields: FIELDS,
    passingOnly: true,
    restarts: false,
    joinsPast: true,
    sort: undefined,
    most: LISTED,
    inFlight: undefined,
    needsData: style !== 'masked',
    buffers: style === 'masked' ? 0 : (view.list.buffers ?? 0),
    start: (ctx, live) => new EchoBuilder(checked, ctx, live, style),
  }
}

class EchoBuilder implements ResultBuilder {
  sort = undefined
  private rows: RowData[] = []
  private total = 0
  private readonly test: ((e: Event) => boolean) | undefined
  private readonly get: Readonly<Record<string, Getter>>

  constructor(
    filter: CheckedFilter | undefined,
    ctx: FieldContext,
    private readonly live: boolean,
    private readonly style: DataStyle,
  ) {
    this.test = filter && compileChecked(filter, ctx).keep
    this.get = Object.fromEntries(FIELDS.map((f) => [f, registry.find(f).def.make(ctx, undefined)]))
  }

  add(e: Event): void {
    const { sides } = e
    if (this.test === undefined || this.test(e)) eachSide(e, this.list)
    if (sides !== SIDE.NONE) e.keepSides(sides)
  }

  private readonly list = (e: Event): void => {
    const data = this.dataOf(e)
    if (data === undefined) return
    if (!this.live && this.rows.length >= LISTED) {
      this.total++
      return
    }
    const incoming = this.get['evt.is_io_read']?.(e) === true
    this.put(e, 0, this.head(e, incoming, data), 'head')
    for (const [i, line] of dataLines(data, this.style).entries()) this.put(e, i + 1, line, incoming ? 'in' : 'out')
    if (this.rows.length >= LISTED * 2) this.rows = this.rows.slice(-LISTED)
  }

  prime(): void {}

  sample(): void {}

  take(_span: number, most: number): RowSlice {
    return { rows: this.live ? this.rows.slice(-Math.min(most, NEWEST)) : this.rows.slice(0, most), total: this.total }
  }

  reread(most: number): RowSlice {
    return this.take(0, most)
  }

  clear(): void {
    this.rows = []
    this.total = 0
  }

  drop(id: string): void {
    const rest = this.rows.filter((r) => !r.id.startsWith(`${id}.`))
    this.total -= this.rows.length - rest.length
    this.rows = rest
  }

  /** The data that were transferred; empty if masked, undefined if there were none. */
  private dataOf(e: Event): Uint8Array | undefined {
    if (this.style === 'masked') return Number(this.get['evt.buflen']?.(e)) > 0 ? NOTHING : undefined
    const data = this.get['evt.buffer']?.(e)
    return data instanceof Uint8Array && data.length > 0 ? data : undefined
  }

  /** The head line: process, call and number of bytes. */
  private head(e: Event, incoming: boolean, { length }: Uint8Array): string {
    const value = (field: string) => this.get[field]?.(e)
    const moved = value('evt.buflen')
    const cut = length > 0 && Number(moved) > length ? `, the first ${length} of them` : ''
    const size = `${moved ?? length} B${cut}`
    return `${incoming ? GLYPHS.left : GLYPHS.right} ${value('evt.time')}  ${value('proc.name') ?? ''} (${value('proc.pid') ?? ''})  ${value('evt.type')} ${size}  ${shownName(String(value('fd.name') ?? ''))}`
  }

  private put(e: Event, line: number, text: string, kind: EchoKind): void {
    this.total++
    this.rows.push({ id: `${e.num}.${line}`, keys: [e.num], cells: [text, kind] })
  }
}
