// Decodes event blocks on worker threads. Three slots take turns: the caller holds one while the next two are decoded.

import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch } from '../model/batch.js'
import { type BatchNs, batchNs } from '../model/time.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import type { Arch } from '../schema/types.js'
import { type BlockLayouts, codec, currentLayouts } from './codec.js'
import type { FileEvent } from './events-table.js'
import { FORM_SHIFT, type Tables, unpackDefs, unpackForms } from './external-events.js'
import type { BlockHeader } from './format.js'
import type { Omission } from './omission.js'
import { RowUpgrade } from './row-upgrade.js'

const LEAST_BLOCK = 64 << 10

/** How many blocks are held or being decoded at a time. */
export const SLOTS = 3

/** Memory in which one block is decoded: its bytes and its rows. */
class Slot {
  block: Buffer = Buffer.alloc(0)
  batch = new EventBatch()
  ends = new Uint32Array(this.batch.capacity)
  /** skipped rows, by event code */
  readonly counts = new Uint32Array(CODE_LIMIT)
  private memory = this.block

  hold(block: Buffer): void {
    if (block.length > this.memory.length) this.memory = Buffer.allocUnsafeSlow(upTo(block.length, LEAST_BLOCK))
    block.copy(this.memory)
    this.block = this.memory.subarray(0, block.length)
  }

  /** The batch, enlarged if the rows do not fit. */
  batchFor(rows: number, arena: number): EventBatch {
    const { batch } = this
    if (rows <= batch.capacity && arena <= batch.arenaBytes) return batch
    const capacity = Math.max(batch.capacity, upTo(rows, BATCH_ROWS))
    const arenaBytes = Math.max(batch.arenaBytes, upTo(arena, BATCH_ARENA))
    this.batch = new EventBatch(new ArrayBuffer(batchBytes(capacity, arenaBytes)), capacity, arenaBytes)
    this.ends = new Uint32Array(capacity)
    return this.batch
  }
}

/** A decoded block. deliver() returns its rows. */
export interface Decoded {
  readonly slot: Slot
  /** rows to be delivered */
  readonly rows: number
  /** malformed rows, which are skipped */
  readonly skipped: number
  /** rows that no consumer needs, and the batch time (ns) of the last one */
  readonly omitted: number
  readonly lastTime: BatchNs
  /** how the rows were recorded */
  readonly forms: EventBatch['forms'] | undefined
}

export class BlockDecoder {
  private readonly slots: Slot[]
  /** index of the slot that is used next */
  private turn = 0
  private upgrade: RowUpgrade | undefined
  private layouts: BlockLayouts = currentLayouts()
  private forms: EventBatch['forms'] | undefined
  /** definitions of the rows */
  tables: Tables = unpackDefs(undefined)
  private readonly results: number[] = []
  /** architecture of the traced machine */
  arch: Arch = 'x64'
  /** decides which rows are not delivered; undefined: all rows are delivered */
  omission: Omission | undefined
  /** events of delivered blocks that a newer ksys recorded and this one does not know */
  unknown = 0

  /** previous: a decoder that is no longer used; its slots are reused. */
  constructor(previous?: BlockDecoder) {
    this.slots = previous?.slots ?? []
  }

  /**
   * Sets the trace's event declarations; undefined: the current ones. own: packed definitions of events that exist only in this
   * trace.
   */
  declare(events: readonly FileEvent[] | undefined, own: unknown): void {
    this.tables = unpackDefs(own)
    this.upgrade = events && RowUpgrade.create(events, this.tables.defs)
    if (this.upgrade !== undefined) this.layouts = this.upgrade.layouts
  }

  /**
   * Whether the trace's events differ from the current schema: rows to skip can then be selected only after decoding.
   */
  get differs(): boolean {
    return this.upgrade?.codesMatch === false
  }

  /** Definitions and layouts of the rows, if the trace has its own. */
  get ownTables(): Tables | undefined {
    return this.tables.defs === EVENTS ? undefined : this.tables
  }

  /** Layouts of the rows in the trace. */
  get rowLayouts(): BlockLayouts {
    return this.layouts
  }

  /** Sets the forms (recorded layouts) of the rows, as packed. */
  declareForms(value: unknown): void {
    this.forms = unpackForms(value, this.tables)
  }

  /** A second decoder for the same trace, for blocks that are read between others. */
  another(): BlockDecoder {
    const copy = new BlockDecoder()
    copy.declareAs(this)
    copy.forms = this.forms
    return copy
  }

  /** Copies the event declarations of another decoder. */
  declareAs({ upgrade, layouts, tables, arch }: BlockDecoder): void {
    this.upgrade = upgrade
    this.layouts = layouts
    this.tables = tables
    this.arch = arch
  }

  /** Copies a block into the next slot. */
  hold(block: Buffer): Slot {
    this.slots[this.turn] ??= new Slot()
    const slot = this.slots[this.turn] as Slot
    this.turn = (this.turn + 1) % SLOTS
    slot.hold(block)
    return slot
  }

  /** Decodes the block in a slot, or only its state section. Rejects if the section is damaged. */
  async decode(slot: Slot, header: BlockHeader, stateOnly: boolean): Promise<Decoded> {
    const rows = header.stateRows + (stateOnly ? 0 : header.restRows)
    const arena = header.stateArena + (stateOnly ? 0 : header.restArena)
    const { forms } = this
    const empty = { slot, rows: 0, skipped: 0, omitted: 0, lastTime: batchNs(0), forms }
    if (rows === 0) return empty
    const batch = slot.batchFor(rows, this.upgrade?.arenaFor(rows, arena) ?? arena)
    const { buffer, capacity, arenaBytes } = batch
    const { fixed, vars } = this.layouts
    // the codes of a trace with other events are only known after its rows are converted
    const skip = this.differs ? undefined : this.omission?.skipRequest(slot.counts.fill(0))
    const { block, ends } = slot
    const done = await codec().decodeEvents(block, buffer, capacity, arenaBytes, ends, stateOnly, fixed, vars, skip)
    batch.count = done.rows
    batch.native = header.native
    return { ...empty, ...done }
  }

  /** The rows of a decoded block, undefined if it has none. Counts omitted rows: call it once per block, in order. */
  deliver({ slot, rows, omitted, lastTime, forms }: Decoded): EventBatch | undefined {
    this.omission?.addOmitted(slot.counts, omitted, lastTime)
    if (rows === 0) return undefined
    const { batch } = slot
    batch.argEnd = slot.ends
    batch.arch = this.arch
    this.splitForms(batch, forms)
    this.omission?.hideOthers(batch)
    if (this.upgrade === undefined) return batch
    const before = this.upgrade.unknown
    const adapted = this.upgrade.apply(batch)
    this.unknown += this.upgrade.unknown - before
    return adapted
  }

  /** Extracts the form of each row from its flags. A result that was not recorded becomes NaN, see EventBatch.ret. */
  private splitForms(batch: EventBatch, forms: EventBatch['forms'] | undefined): void {
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

  /** Index of the parameter that is the event's result, -1 if there is none. */
  private resultOf(code: number, defs: Tables['defs']): number {
    this.results[code] ??= defs[code]?.params.findIndex((p) => p.wire === 'ret') ?? -1
    return this.results[code]
  }
}

function upTo(wanted: number, least: number): number {
  let n = least
  while (n < wanted) n *= 2
  return n
}
