// A running chisel: passes events to its table or hooks. An exception stops only this chisel.

import { Clock, nineDigits } from '../fields/clock.js'
import type { FieldContext } from '../fields/field.js'
import { registry } from '../fields/index.js'
import { eachSide } from '../fields/io.js'
import { jsonLine } from '../format/outputs/json.js'
import type { Container } from '../model/container.js'
import type { Event } from '../model/event.js'
import { type BatchNs, batchNs, epochOf } from '../model/time.js'
import { escapeText } from '../render/escape.js'
import { Table } from '../table/table.js'
import type { TableRow } from '../table/types.js'
import type { ChiselContext } from './context.js'
import type { Hooks } from './define.js'
import { failureOf } from './failure.js'
import { heatCell } from './heat.js'
import type { Prepared } from './prepare.js'
import { eachDescriptor, eachThread } from './snapshot.js'
import { tableLines, tableValue } from './table-output.js'
import { blockText, lineText } from './text.js'
import { type FieldsDef, valueReader } from './values.js'

/** The output of a chisel and its format. */
export interface ChiselOutput {
  readonly live: boolean
  /** formats a value with its terminator for programs; undefined: output is text */
  readonly value: ((value: unknown) => string) | undefined
  readonly color: boolean
  readonly containers: boolean
  readonly columns: number
  /** rows that fit on the screen; undefined: tables are printed one after the other */
  readonly rows: number | undefined
  /** prints text */
  write(text: string): void
  /** replaces the lines of the previous table on the screen */
  draw(lines: readonly string[]): void
  /** after the input was read, writes its events that pass `filter` to a file */
  save(file: string, filter: string): void
  /** prints a sentence for the user, separate from the output */
  tell(sentence: string): void
}

export class Running {
  /** it needs no more events */
  done = false
  /** it was stopped by an exception */
  failed = false
  /** what it writes to files after the run, unless it fails */
  private readonly saved: { readonly file: string; readonly filter: string }[] = []
  private readonly table: Table | undefined
  private readonly hooks: Hooks<FieldsDef>
  private readonly reader: ReturnType<typeof valueReader>
  private snapped = false
  /** it reads the direction or amount of data: a call on two descriptors is a write to one and a read from the other */
  private readonly bySide: boolean
  private readonly onSide = (e: Event) => this.callEvent(e)
  /** batch time (ns) from which on the table counts */
  private from: number | undefined
  private shownTables = 0
  /** batch time (ns) of the current event, for visits of the state */
  private now = batchNs(0)

  /** `ctx`: of the capture; its state is loaded. */
  constructor(
    readonly chisel: Prepared,
    private readonly ctx: FieldContext,
    private readonly out: ChiselOutput,
  ) {
    this.reader = valueReader(chisel.fields, ctx)
    this.bySide = Object.values(chisel.fields).some((f) => registry.find(f).def.perTransfer === true)
    this.table = chisel.table && new Table(chisel.table, ctx)
    let hooks: Hooks<FieldsDef> = {}
    this.guard(() => {
      hooks = chisel.def.hooks?.(this.context()) ?? {}
    })
    this.hooks = hooks
    this.guard(() => this.hooks.start?.())
  }

  /** Whether it reads only the state, and no events. */
  get onlySnapshot(): boolean {
    const { snapshot, event, interval, end } = this.hooks
    return snapshot !== undefined && event === undefined && interval === undefined && end === undefined
  }

  /** ns between two calls of tick(). */
  get every(): number {
    return this.chisel.every * 1e6
  }

  /** Whether it shows tables, each of which replaces the previous one. */
  get showsTables(): boolean {
    return this.table !== undefined || this.chisel.def.refreshes === true
  }

  /** Whether snapshot() was called or is not needed. */
  get hasSnapshot(): boolean {
    return this.snapped || this.hooks.snapshot === undefined
  }

  /** Shows the chisel the state at batch time `time` (ns), once. */
  snapshot(time: BatchNs): void {
    if (this.hasSnapshot) return
    this.snapped = true
    this.now = time
    this.guard(() => this.hooks.snapshot?.())
    if (this.onlySnapshot) this.done = true
  }

  /** Handles an event that passes the chisel's filter and the user's. */
  event(e: Event): void {
    if (this.table !== undefined) this.table.addPassed(e)
    if (!this.hasSnapshot) this.snapshot(e.time)
    if (this.hooks.event === undefined || this.done) return
    this.now = e.time
    if (this.bySide) eachSide(e, this.onSide)
    else this.callEvent(e)
  }

  private callEvent(e: Event): void {
    if (this.done) return
    this.reader.at(e)
    try {
      this.hooks.event?.(this.reader.values, e)
    } catch (error) {
      this.fail(error)
    }
  }

  /** An interval ends at batch time `time` (ns). */
  tick(time: BatchNs): void {
    this.now = time
    if (this.table !== undefined) {
      this.sample(time)
      if (this.out.live) this.show(time)
    }
    if (this.hooks.interval !== undefined) this.guard(() => this.hooks.interval?.(time))
  }

  private sample(time: BatchNs): void {
    for (const state of this.ctx.states) this.table?.sample(state, time)
  }

  /** A batch of events has ended. */
  keepUp(): void {
    for (const state of this.ctx.states) this.table?.keepUp(state, this.now)
  }

  /** Starts counting at batch time `time` (ns). */
  startCounting(time: BatchNs): void {
    this.from ??= time
    for (const state of this.ctx.states) this.table?.prime(state, time)
  }

  /** The capture has ended; `time`: batch time (ns) of the last event. isShown: tick() has just shown the last interval. */
  end(time: BatchNs, isShown = false): void {
    this.now = time
    const { table } = this
    if (table !== undefined && !isShown) {
      const last = !this.out.live || this.shownTables === 0
      // a screen continues to show the last complete interval
      if (last || this.out.rows === undefined) this.sample(time)
      if (last || table.index.count > 0) this.show(time)
    }
    this.guard(() => this.hooks.end?.(time))
    for (const { file, filter } of this.saved)
      if (this.failed) this.out.tell(`${file} was not written: the chisel ${this.chisel.name} failed`)
      else this.out.save(file, filter)
  }

  /** Prints the table and clears it. */
  private show(time: BatchNs): void {
    const { table, out, ctx } = this
    const compiled = this.chisel.table
    if (table === undefined || compiled === undefined) return
    const top = Math.min(compiled.def.top ?? Number.POSITIVE_INFINITY, out.rows ?? Number.POSITIVE_INFINITY)
    const span = time - (this.from ?? time)
    // sampled processes without a value yet are not shown
    const known = (r: TableRow) => r.cells[compiled.sort.column] !== undefined
    const rows = table.read(span, { top }).filter(known)
    if (table.dropped > 0)
      out.tell(`${table.dropped} rows of ${this.chisel.name} with small values were dropped: too many distinct rows`)
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
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    this.done = true
    this.failed = true
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
      timeOfDay: (time) => clock.set(batchNs(time)).time(),
      dateTime: (time) => `${clock.set(batchNs(Math.floor(time))).date()} ${clock.time()}.${nineDigits(clock.ns)}`,
      epoch: (time) => epochOf(ctx.info, batchNs(time)),
      refresh: (lines) => {
        const safe = lines.map(escapeText)
        if (out.rows !== undefined) out.draw(safe)
        else out.write(safe.map((l) => `${l}\n`).join(''))
      },
      tell: (sentence) => out.tell(sentence),
      save: (filter) => {
        const { saves } = this.chisel
        if (saves === undefined) throw new Error('save() requires saves in the declaration of the chisel')
        this.saved.push({ file: saves, filter })
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
