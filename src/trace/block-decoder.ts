// Decodes event blocks into two batches in turn: the caller holds one while the next is made ready.
import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch } from '../model/batch.js'
import type { Arch } from '../schema/types.js'
import type { LeftOut } from '../source/source.js'
import { Adapter } from './adapt.js'
import { type BlockLayouts, codec, type Leave, todaysLayouts } from './codec.js'
import type { FileEvent } from './events-table.js'
import { FORM_SHIFT, type Tables, unpackDefs, unpackForms } from './foreign.js'
import type { BlockHeader } from './format.js'

export interface DecodedRows {
  /** undefined when there are no rows; valid until the call after the next */
  readonly batch: EventBatch | undefined
  /** malformed rows that were left out */
  readonly skipped: number
}

export class BlockDecoder {
  private readonly batches: [EventBatch, EventBatch] = [new EventBatch(), new EventBatch()]
  /** which of the two is decoded into next */
  private turn: 0 | 1 = 0
  private adapter: Adapter | undefined
  private layouts: BlockLayouts = todaysLayouts()
  private forms: EventBatch['forms'] | undefined
  /** definitions of the rows */
  tables: Tables = unpackDefs(undefined)
  private readonly results: number[] = []
  /** the machine that the trace is of */
  arch: Arch = 'x64'
  leftOut: LeftOut | undefined
  /** of which processes rows are wanted, where something may be left out; undefined: of all */
  wanted: Pick<Leave, 'processes' | 'everybodys'> | undefined
  /** called when the worker thread begins with a block */
  started: (() => void) | undefined

  /** Takes over how the trace declares its events, and those (as packed) that are its own. */
  declare(events: readonly FileEvent[], own: unknown): void {
    this.tables = unpackDefs(own)
    this.adapter = Adapter.of(events, this.tables.defs)
    if (this.adapter !== undefined) this.layouts = this.adapter.layouts
  }

  /** Whether rows are declared otherwise than today: what may be left out of them is not known before they are decoded. */
  get adapts(): boolean {
    return this.adapter !== undefined
  }

  /** Takes over how rows were recorded, as packed. */
  declareForms(value: unknown): void {
    this.forms = unpackForms(value, this.tables)
  }

  /** The rows of a block, or those of its state part. Rejects when the part is damaged. */
  async rows(header: BlockHeader, block: Buffer, stateOnly: boolean): Promise<DecodedRows> {
    const rows = header.stateRows + (stateOnly ? 0 : header.restRows)
    const arena = header.stateArena + (stateOnly ? 0 : header.restArena)
    if (rows === 0) return { batch: undefined, skipped: 0 }
    const batch = this.room(rows, arena)
    const { buffer, capacity, arenaBytes } = batch
    if (batch.argEnd === undefined || batch.argEnd.length < capacity) batch.argEnd = new Uint32Array(capacity)
    const { fixed, vars } = this.layouts
    // codes of a trace with other declarations are only known once its rows are adapted
    const left = this.adapter === undefined ? this.leftOut : undefined
    const decoding = codec().decodeEvents(
      block,
      buffer,
      capacity,
      arenaBytes,
      batch.argEnd,
      stateOnly,
      fixed,
      vars,
      left && { types: left.types, counts: left.counts, ...this.wanted },
    )
    this.started?.()
    const done = await decoding
    if (left !== undefined) {
      left.rows += done.omitted
      left.lastTime = Math.max(left.lastTime, done.lastTime)
    }
    batch.count = done.rows
    batch.native = header.native
    batch.arch = this.arch
    this.splitForms(batch)
    this.turn = this.turn === 0 ? 1 : 0
    return { batch: this.adapter === undefined ? batch : this.adapter.adapt(batch), skipped: done.skipped }
  }

  /** Takes the form of each row out of its flags; a result that was not recorded is no number, see EventBatch.ret. */
  private splitForms(batch: EventBatch): void {
    const { forms } = this
    if (forms === undefined) return
    batch.forms = forms
    if (batch.form === undefined || batch.form.length < batch.capacity) batch.form = new Uint16Array(batch.capacity)
    const { flags, type, form, absent, ret, count } = batch
    const { defs } = this.tables
    for (let i = 0; i < count; i++) {
      const f = (flags[i] as number) >> FORM_SHIFT
      const code = type[i] as number
      flags[i]! &= (1 << FORM_SHIFT) - 1
      form[i] = forms[f]?.type === code ? f : 0
      if (absent[i] !== 0 && ret[i] === 0) {
        const p = this.resultOf(code, defs)
        if (p >= 0 && ((absent[i] as number) & (1 << p)) !== 0) ret[i] = Number.NaN
      }
    }
  }

  /** Index of the parameter that is the event's result, -1 when it has none. */
  private resultOf(code: number, defs: Tables['defs']): number {
    this.results[code] ??= defs[code]?.params.findIndex((p) => p.wire === 'ret') ?? -1
    return this.results[code]
  }

  /** The batch to decode into, made larger when it must be. */
  private room(rows: number, arena: number): EventBatch {
    const batch = this.batches[this.turn]
    if (rows <= batch.capacity && arena <= batch.arenaBytes) return batch
    const capacity = Math.max(batch.capacity, upTo(rows, BATCH_ROWS))
    const arenaBytes = Math.max(batch.arenaBytes, upTo(arena, BATCH_ARENA))
    const larger = new EventBatch(new ArrayBuffer(batchBytes(capacity, arenaBytes)), capacity, arenaBytes)
    this.batches[this.turn] = larger
    return larger
  }
}

function upTo(wanted: number, least: number): number {
  let n = least
  while (n < wanted) n *= 2
  return n
}
