// A chisel at work: its table or hooks get the events that pass; its mistakes stop it alone.
import { Clock, epochNs, nineDigits } from '../fields/clock.js'
import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import { eachSide } from '../fields/io.js'
import { jsonLine } from '../format/outputs/json.js'
import { escapeText } from '../format/text/escape.js'
import type { Container } from '../model/container.js'
import type { Event } from '../model/event.js'
import { Table } from '../table/table.js'
import type { TableRow } from '../table/types.js'
import type { ChiselContext } from './context.js'
import type { Hooks } from './define.js'
import { failureOf } from './failure.js'
import type { FieldsDef } from './fields.js'
import { heatCell } from './heat.js'
import type { Prepared } from './prepare.js'
import { eachDescriptor, eachThread } from './snapshot.js'
import { tableLines } from './table-text.js'
import { tableValue } from './table-value.js'
import { blockText, lineText } from './text.js'
import { valueReader } from './values.js'

/** Where and how a chisel prints. */
export interface ChiselOutput {
  readonly live: boolean
  /** a value with its end, in a format for programs; undefined: people read */
  readonly value: ((value: unknown) => string) | undefined
  readonly color: boolean
  readonly containers: boolean
  readonly columns: number
  /** rows that fit on the screen; undefined when tables are printed one after the other */
  readonly rows: number | undefined
  /** takes text to print */
  write(text: string): void
  /** shows a table's lines in place of the ones before */
  draw(lines: readonly string[]): void
  /** has the events of what is read that pass `filter` written to a file, once it was read */
  save(file: string, filter: string): void
  /** tells the person something beside the output */
  tell(sentence: string): void
}

export class Running {
  /** it wants no more events */
  done = false
  /** a live table was shown since its last event */
  private readonly table: Table | undefined
  private readonly hooks: Hooks<FieldsDef>
  private readonly reader: ReturnType<typeof valueReader>
  private snapped = false
  /** it asks which way data went, or how many: a call on two descriptors is a write to one and a read from the other */
  private readonly bySide: boolean
  private readonly see = (e: Event) => this.tell(e)
  /** batch time (ns) since which the table counts */
  private from: number | undefined
  private shownTables = 0
  /** batch time of the event at hand, for what looks at the state */
  private now = 0

  /** `ctx`: of the capture, whose state is loaded. */
  constructor(
    readonly chisel: Prepared,
    private readonly ctx: FieldContext,
    private readonly out: ChiselOutput,
  ) {
    this.reader = valueReader(chisel.fields, ctx)
    this.bySide = Object.values(chisel.fields).some((f) => registry.find(f).def.ofTransfer === true)
    this.table = chisel.table && new Table(chisel.table, ctx)
    let hooks: Hooks<FieldsDef> = {}
    this.guard(() => {
      hooks = chisel.def.hooks?.(this.context()) ?? {}
    })
    this.hooks = hooks
    this.guard(() => this.hooks.start?.())
  }

  /** Whether it looks at the state, and at nothing else. */
  get onlySnapshot(): boolean {
    const { snapshot, event, interval, end } = this.hooks
    return snapshot !== undefined && event === undefined && interval === undefined && end === undefined
  }

  /** ns between two calls of tick(). */
  get every(): number {
    return this.chisel.every * 1e6
  }

  /** Whether snapshot() was called, or need not be. */
  get hasSnapshot(): boolean {
    return this.snapped || this.hooks.snapshot === undefined
  }

  /** The state is as the chisel wants to see it, at batch time `time` (ns). */
  snapshot(time: number): void {
    if (this.hasSnapshot) return
    this.snapped = true
    this.now = time
    this.guard(() => this.hooks.snapshot?.())
    if (this.onlySnapshot) this.done = true
  }

  /** An event that passes the chisel's filter and the user's. */
  event(e: Event): void {
    if (this.table !== undefined) this.table.addPassed(e)
    if (!this.hasSnapshot) this.snapshot(e.time)
    if (this.hooks.event === undefined || this.done) return
    this.now = e.time
    if (this.bySide) eachSide(e, this.see)
    else this.tell(e)
  }

  private tell(e: Event): void {
    if (this.done) return
    this.reader.at(e)
    try {
      this.hooks.event?.(this.reader.values, e)
    } catch (error) {
      this.failed(error)
    }
  }

  /** An interval is over: batch time `time` (ns) has been reached. */
  tick(time: number): void {
    this.now = time
    if (this.table !== undefined) {
      this.sample(time)
      if (this.out.live) this.show(time)
    }
    if (this.hooks.interval !== undefined) this.guard(() => this.hooks.interval?.(time))
  }

  private sample(time: number): void {
    for (const state of this.ctx.states) this.table?.sample(state, time)
  }

  /** A batch of events is over. */
  keepUp(): void {
    for (const state of this.ctx.states) this.table?.keepUp(state, this.now)
  }

  /** Counting begins at batch time `time` (ns). */
  begin(time: number): void {
    this.from ??= time
    for (const state of this.ctx.states) this.table?.prime(state, time)
  }

  /** The last event is over; `time`: its batch time (ns). */
  end(time: number): void {
    this.now = time
    const { table } = this
    if (table !== undefined) {
      const last = !this.out.live || this.shownTables === 0
      // on a screen the last whole interval stays to be read
      if (last || this.out.rows === undefined) this.sample(time)
      if (last || table.index.count > 0) this.show(time)
    }
    this.guard(() => this.hooks.end?.(time))
  }

  /** Prints the table; a live one begins anew. */
  private show(time: number): void {
    const { table, out, ctx } = this
    const compiled = this.chisel.table
    if (table === undefined || compiled === undefined) return
    const top = Math.min(compiled.def.top ?? Number.POSITIVE_INFINITY, out.rows ?? Number.POSITIVE_INFINITY)
    const span = time - (this.from ?? time)
    // a sampled process of which nothing is known yet is no row
    const known = (r: TableRow) => r.cells[compiled.sort.column] !== undefined
    const rows = table.read(span, { top }).filter(known)
    if (table.dropped > 0)
      out.tell(
        `${table.dropped} rows of ${this.chisel.name} with small values were left out: there were too many different ones`,
      )
    if (out.value !== undefined) out.write(out.value(tableValue(compiled.columns, rows, ctx.info, time)))
    else if (out.rows !== undefined) out.draw(tableLines(compiled.columns, rows, span))
    else out.write(`${this.shownTables > 0 ? '\n' : ''}${tableLines(compiled.columns, rows, span).join('\n')}\n`)
    this.shownTables++
    table.clear()
    this.from = time
  }

  private guard(f: () => void): void {
    if (this.done) return
    try {
      f()
    } catch (error) {
      this.failed(error)
    }
  }

  private failed(error: unknown): void {
    this.done = true
    this.out.tell(`chisel ${this.chisel.name} failed and was stopped: ${failureOf(error)}`)
  }

  private context(): ChiselContext<Prepared['args'], FieldsDef> {
    const { ctx, out, reader } = this
    const clock = new Clock(ctx.info)
    return {
      args: this.chisel.args,
      live: out.live,
      json: out.value !== undefined,
      containers: out.containers,
      info: ctx.info,
      screen: out.rows !== undefined,
      columns: out.columns,
      print: (...parts) => out.write(`${lineText(parts, out.color)}\n`),
      block: (...parts) => out.write(blockText(parts, out.color)),
      emit: (value) => out.write((out.value ?? jsonLine)(value)),
      paint: (color, text) => ({ color, text }),
      heat: (level) => heatCell(level, out.color),
      timeOfDay: (time) => clock.set(time).time(),
      dateTime: (time) => `${clock.set(Math.floor(time)).date()} ${clock.time()}.${nineDigits(clock.ns)}`,
      epoch: (time) => epochNs(ctx.info, time),
      refresh: (lines) => {
        const safe = lines.map(escapeText)
        if (out.rows !== undefined) out.draw(safe)
        else out.write(safe.map((l) => `${l}\n`).join(''))
      },
      tell: (sentence) => out.tell(sentence),
      save: (filter) => {
        const { saves } = this.chisel
        if (saves === undefined) throw new Error('save() is for chisels that declare what they save to')
        out.save(saves, filter)
      },
      threads: (filter, visit) =>
        eachThread(ctx, filter, this.now, (e, thread) => {
          reader.at(e)
          visit(reader.values, thread)
        }),
      descriptors: (filter, visit) =>
        eachDescriptor(ctx, filter, this.now, (e, fd, thread) => {
          reader.at(e)
          visit(reader.values, fd, thread)
        }),
      knownContainers: () => {
        const all: Container[] = ctx.states.flatMap((state) => [...state.containers.byId.values()])
        return all.sort((a, b) => (a.id < b.id ? -1 : 1))
      },
      stop: () => {
        this.done = true
      },
    }
  }
}
