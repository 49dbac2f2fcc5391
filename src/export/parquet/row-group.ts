// The rows of a file that are written together: gathered by columns, then written column by column.
import type { FieldContext, Getter } from '../../fields/field.js'
import type { Event } from '../../model/event.js'
import { JsonColumn, MapColumn } from './argument-columns.js'
import { Arguments } from './arguments.js'
import type { Leaf } from './leaf.js'
import { NumberColumn } from './number-column.js'
import type { Chunk, PageWriter } from './page-writer.js'
import { COLUMNS, type Column, columnsPer, fieldOf } from './schema.js'
import { CallLookup, DescriptorLookup, ThreadLookup } from './tuples.js'

/** Rows at most. Fewer cost dictionaries anew, more cost memory and are skipped less often. */
export const ROWS = 1 << 17

/** ns from the first event of a group to any other: differences of differences are exact then. */
const LONGEST = 2 ** 50
/** ns since the epoch that files tell of, damaged ones too */
const LAST = 2n ** 62n

export class RowGroup {
  rows = 0
  private readonly numbers: readonly NumberColumn[]
  private getters: readonly Getter<number>[] = []
  private readonly times: NumberColumn
  /** ns since the epoch: the start of the capture */
  private start = 0n
  /** batch time (ns) of the first event */
  private first = 0
  private readonly calls = new CallLookup()
  private readonly threads = new ThreadLookup()
  private readonly descriptors = new DescriptorLookup()
  private readonly args = new Arguments()
  private readonly leaves: readonly Leaf[]

  constructor() {
    const numbers = columnsPer('event').map((c) => new NumberColumn(c.name, c.type === 'int32' ? 4 : 8))
    this.times = numbers.find((_, i) => columnsPer('event')[i]?.type === 'timestamp') as NumberColumn
    this.numbers = numbers.filter((c) => c !== this.times)
    const found = new Map<string, Leaf>()
    for (const c of numbers) found.set(c.path[0] as string, c)
    for (const { tuples } of [this.calls, this.threads, this.descriptors])
      for (const c of tuples.columns) found.set(c.path[0] as string, c)
    this.leaves = COLUMNS.flatMap((c) => (c.per === 'arguments' ? this.leavesOf(c) : (found.get(c.name) as Leaf)))
  }

  private leavesOf({ name, type }: Column): Leaf[] {
    if (type !== 'map') return [new JsonColumn(this.args, [name])]
    return (['keys', 'values'] as const).map(
      (what) => new MapColumn(this.args, [name, 'key_value', what === 'keys' ? 'key' : 'value'], what),
    )
  }

  /** From now on events are those of another capture; there are no rows yet. */
  begin(ctx: FieldContext): void {
    const { startSec, startNsec } = ctx.info
    this.start = BigInt(wholeOf(startSec)) * 1_000_000_000n + BigInt(wholeOf(startNsec))
    this.getters = columnsPer('event')
      .filter((c) => c.type !== 'timestamp')
      .map((c) => fieldOf(c.field).make(ctx, undefined) as Getter<number>)
    for (const lookup of [this.calls, this.threads, this.descriptors]) lookup.begin(ctx)
    this.args.begin(ctx)
  }

  get full(): boolean {
    return this.rows === ROWS || this.args.full
  }

  /** Whether the event under the cursor is near enough in time to those that are there. */
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
    const base = this.start + BigInt(this.first)
    this.times.base = base > LAST ? LAST : base < -LAST ? -LAST : base
  }

  /** Writes all columns, and forgets the rows. */
  write(pages: PageWriter): Chunk[] {
    const chunks = this.leaves.map((leaf) => pages.write(leaf, this.rows))
    this.rows = 0
    this.times.clear()
    for (const column of this.numbers) column.clear()
    for (const lookup of [this.calls, this.threads, this.descriptors]) lookup.clear()
    this.args.clear()
    return chunks
  }
}

/** Of what a damaged file has instead of a number, 0. */
function wholeOf(n: number): number {
  return Number.isFinite(n) ? Math.floor(n) : 0
}
