// The answer of a conversation: the data of each event as lines, after a line that says whose they are.
import type { FieldContext, Getter } from '../../fields/field.js'
import { registry } from '../../fields/index.js'
import { type CheckedFilter, compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { ListView } from '../../views/define.js'
import { shownName } from '../names.js'
import type { Answer, Plan, Taken } from './answer.js'
import { LISTED, listFilter, NEWEST } from './list-answer.js'
import type { ColumnInfo, RowData } from './messages.js'

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

/** What the second, hidden cell of a line says about it. */
export type EchoKind = 'in' | 'out' | 'head'

/** Cells of a line; longer ones are broken. */
const LONGEST = 400

export function planEcho(view: ListView, filter: string | undefined): Plan {
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
    anew: false,
    joins: true,
    sort: undefined,
    most: LISTED,
    inFlight: undefined,
    ofData: true,
    buffers: view.list.buffers ?? 0,
    begin: (ctx, live) => new EchoAnswer(checked, ctx, live),
  }
}

class EchoAnswer implements Answer {
  sort = undefined
  private rows: RowData[] = []
  private total = 0
  private readonly test: ((e: Event) => boolean) | undefined
  private readonly get: Readonly<Record<string, Getter>>

  constructor(
    filter: CheckedFilter | undefined,
    ctx: FieldContext,
    private readonly live: boolean,
  ) {
    this.test = filter && compileChecked(filter, ctx).test
    this.get = Object.fromEntries(FIELDS.map((f) => [f, registry.find(f).def.make(ctx, undefined)]))
  }

  add(e: Event): void {
    if (this.test !== undefined && !this.test(e)) return
    const data = this.get['evt.buffer']?.(e)
    if (!(data instanceof Uint8Array) || data.length === 0) return
    if (!this.live && this.rows.length >= LISTED) {
      this.total++
      return
    }
    const value = (field: string) => this.get[field]?.(e)
    const incoming = value('evt.is_io_read') === true
    const moved = value('evt.buflen')
    const cut = typeof moved === 'number' && moved > data.length ? `, the first ${data.length} of them` : ''
    const head = `${incoming ? '←' : '→'} ${value('evt.time')}  ${value('proc.name') ?? ''} (${value('proc.pid') ?? ''})  ${value('evt.type')} ${moved ?? data.length} B${cut}  ${shownName(String(value('fd.name') ?? ''))}`
    this.put(e, 0, head, 'head')
    for (const [i, line] of linesOf(data).entries()) this.put(e, i + 1, line, incoming ? 'in' : 'out')
    if (this.rows.length >= LISTED * 2) this.rows = this.rows.slice(-LISTED)
  }

  prime(): void {}

  sample(): void {}

  take(_span: number, most: number): Taken {
    return { rows: this.live ? this.rows.slice(-Math.min(most, NEWEST)) : this.rows.slice(0, most), total: this.total }
  }

  again(most: number): Taken {
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

  private put(e: Event, line: number, text: string, kind: EchoKind): void {
    this.total++
    this.rows.push({ id: `${e.num}.${line}`, keys: [e.num], cells: [text, kind] })
  }
}

/** Data as lines of text: what is no text becomes dots, ends of lines break, tabs are blanks. */
function linesOf(data: Uint8Array): string[] {
  const text = new TextDecoder('utf-8').decode(data)
  const lines = text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n')
  return lines.flatMap((l) => {
    const shown = l.replace(/\t/g, '    ').replace(/[\0-\x1f\x7f-\x9f\ufffd]/g, '.')
    const parts: string[] = []
    for (let at = 0; at === 0 || at < shown.length; at += LONGEST) parts.push(shown.slice(at, at + LONGEST))
    return parts
  })
}
