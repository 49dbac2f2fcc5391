// A row group: rows that are gathered by columns and written together.
import type { FieldContext, Getter } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { Arguments } from './arguments.js'
import { NumberColumn } from './number-column.js'
import { COLUMNS, type Column, columnsPer, fieldOf } from './schema.js'
import type { TupleColumn } from './tuple-column.js'
import { CallLookup, DescriptorLookup, ThreadLookup } from './tuples.js'

/** Maximum number of rows. Smaller groups repeat dictionaries more often; larger ones need more memory and are skipped less often. */
const ROWS = 1 << 17

/** Maximum ns between the first event of a group and any other, so that differences of differences are exact. */
const LONGEST = 2 ** 50
/** Maximum ns since the epoch, also for damaged files. */
const LAST = 2n ** 62n

/** A column with the values of the rows; the columns of arguments share their values. */
export interface GatheredColumn {
  readonly declared: Column
  readonly values: NumberColumn | TupleColumn | Arguments
}

export class RowGroup {
  rows = 0
  private readonly numbers: readonly NumberColumn[]
  private getters: readonly Getter<number>[] = []
  private readonly times: NumberColumn
  /** ns since the epoch: the start of the capture */
  private captureStart = 0n
  /** batch time (ns) of the first event */
  private first = 0
  private readonly calls = new CallLookup()
  private readonly threads = new ThreadLookup()
  private readonly descriptors = new DescriptorLookup()
  private readonly args = new Arguments()
  /** all columns, in file order */
  readonly columns: readonly GatheredColumn[]

  constructor() {
    const numbers = columnsPer('event').map((c) => new NumberColumn(c.name, c.type === 'int32' ? 4 : 8))
    this.times = numbers.find((_, i) => columnsPer('event')[i]?.type === 'timestamp') as NumberColumn
    this.numbers = numbers.filter((c) => c !== this.times)
    const looked = [this.calls, this.threads, this.descriptors].flatMap(({ tuples }) => tuples.columns)
    const byName = new Map([...numbers, ...looked].map((c) => [c.name, c]))
    this.columns = COLUMNS.map((declared) => ({ declared, values: byName.get(declared.name) ?? this.args }))
  }

  /** Starts another capture; the group is empty. */
  start(ctx: FieldContext): void {
    const { startSec, startNsec } = ctx.info
    this.captureStart = BigInt(wholeOf(startSec)) * 1_000_000_000n + BigInt(wholeOf(startNsec))
    this.getters = columnsPer('event')
      .filter((c) => c.type !== 'timestamp')
      .map((c) => fieldOf(c.field).make(ctx, undefined) as Getter<number>)
    for (const lookup of [this.calls, this.threads, this.descriptors]) lookup.start(ctx)
    this.args.start(ctx)
  }

  get full(): boolean {
    return this.rows === ROWS || this.args.full
  }

  /** Whether the event under the cursor is close enough in time to those in the group. */
  takes({ time }: Event): boolean {
    return this.rows === 0 || !Number.isFinite(time) || Math.abs(time - this.first) < LONGEST
  }

  /** Adds the event under the cursor. */
  push(e: Event): void {
    const { numbers, getters } = this
    const { time } = e
    if (this.rows++ === 0) this.countFrom(time)
    this.times.push(Number.isFinite(time) ? Math.floor(time) - this.first : undefined)
    for (let i = 0; i < numbers.length; i++) (numbers[i] as NumberColumn).push((getters[i] as Getter<number>)(e))
    this.calls.push(e)
    this.threads.push(e)
    this.descriptors.push(e)
    this.args.push(e)
  }

  private countFrom(time: number): void {
    this.first = wholeOf(time)
    const base = this.captureStart + BigInt(this.first)
    this.times.base = base > LAST ? LAST : base < -LAST ? -LAST : base
  }

  /** Removes all rows. */
  clear(): void {
    this.rows = 0
    this.times.clear()
    for (const column of this.numbers) column.clear()
    for (const lookup of [this.calls, this.threads, this.descriptors]) lookup.clear()
    this.args.clear()
  }
}

/** The integer part; 0 for an invalid number of a damaged file. */
function wholeOf(n: number): number {
  return Number.isFinite(n) ? Math.floor(n) : 0
}
