// Decodes event blocks on worker threads, each into one of three slots in turn: the caller holds one while the next two are
// made ready.
import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch } from '../model/batch.js'
import { CODE_LIMIT } from '../schema/codes.js'
import { EVENTS } from '../schema/events/index.js'
import type { Arch } from '../schema/types.js'
import { type BlockLayouts, codec, todaysLayouts } from './codec.js'
import type { FileEvent } from './events-table.js'
import { FORM_SHIFT, type Tables, unpackDefs, unpackForms } from './external-events.js'
import type { BlockHeader } from './format.js'
import type { Omission } from './omission.js'
import { RowUpgrade } from './row-upgrade.js'

const LEAST_BLOCK = 64 << 10

/** How many blocks are held or decoded at a time. */
export const SLOTS = 3

/** Where a block is decoded: its bytes and its rows. */
class Slot {
  block: Buffer = Buffer.alloc(0)
  batch = new EventBatch()
  ends = new Uint32Array(this.batch.capacity)
  /** rows that were left out, by event code */
  readonly counts = new Uint32Array(CODE_LIMIT)
  private memory = this.block

  hold(block: Buffer): void {
    if (block.length > this.memory.length) this.memory = Buffer.allocUnsafeSlow(upTo(block.length, LEAST_BLOCK))
    block.copy(this.memory)
    this.block = this.memory.subarray(0, block.length)
  }

  /** The batch, made larger when it must be. */
  room(rows: number, arena: number): EventBatch {
    const { batch } = this
    if (rows <= batch.capacity && arena <= batch.arenaBytes) return batch
    const capacity = Math.max(batch.capacity, upTo(rows, BATCH_ROWS))
    const arenaBytes = Math.max(batch.arenaBytes, upTo(arena, BATCH_ARENA))
    this.batch = new EventBatch(new ArrayBuffer(batchBytes(capacity, arenaBytes)), capacity, arenaBytes)
    this.ends = new Uint32Array(capacity)
    return this.batch
  }
}

/** A block that was decoded; its rows are to be had from deliver(). */
export interface Decoded {
  readonly slot: Slot
  /** rows to be delivered */
  readonly rows: number
  /** malformed rows that were left out */
  readonly skipped: number
  /** rows that nobody wants, and the batch time (ns) of the last */
  readonly omitted: number
  readonly lastTime: number
  /** how the rows were recorded */
  readonly forms: EventBatch['forms'] | undefined
}

export class BlockDecoder {
  private readonly slots: Slot[]
  /** which of them is used next */
  private turn = 0
  private upgrade: RowUpgrade | undefined
  private layouts: BlockLayouts = todaysLayouts()
  private forms: EventBatch['forms'] | undefined
  /** definitions of the rows */
  tables: Tables = unpackDefs(undefined)
  private readonly results: number[] = []
  /** the machine that the trace is of */
  arch: Arch = 'x64'
  /** of the rows that are not delivered; undefined: all are */
  omission: Omission | undefined
  /** events that a newer ksys recorded and nobody here knows, of blocks that were delivered */
  unknown = 0

  /** of: decodes nothing any more, and gives its memory. */
  constructor(of?: BlockDecoder) {
    this.slots = of?.slots ?? []
  }

  /** Takes over how the trace declares its events, and those (as packed) that are its own. */
  declare(events: readonly FileEvent[], own: unknown): void {
    this.tables = unpackDefs(own)
    this.upgrade = RowUpgrade.of(events, this.tables.defs)
    if (this.upgrade !== undefined) this.layouts = this.upgrade.layouts
  }

  /** Whether events are not today's: what may be left out of them is not known before they are decoded. */
  get differs(): boolean {
    return this.upgrade?.alike === false
  }

  /** Definitions and layouts of the rows, when the trace has some of its own. */
  get ownTables(): Tables | undefined {
    return this.tables.defs === EVENTS ? undefined : this.tables
  }

  /** How rows lie in the trace. */
  get rowLayouts(): BlockLayouts {
    return this.layouts
  }

  /** Takes over how rows were recorded, as packed. */
  declareForms(value: unknown): void {
    this.forms = unpackForms(value, this.tables)
  }

  /** One for blocks of the same trace that are read in between. */
  another(): BlockDecoder {
    const made = new BlockDecoder()
    made.declareAs(this)
    made.forms = this.forms
    return made
  }

  /** Takes over how another one's trace declares its events. */
  declareAs({ upgrade, layouts, tables, arch }: BlockDecoder): void {
    this.upgrade = upgrade
    this.layouts = layouts
    this.tables = tables
    this.arch = arch
  }

  /** A copy of a block in the next slot. */
  hold(block: Buffer): Slot {
    this.slots[this.turn] ??= new Slot()
    const slot = this.slots[this.turn] as Slot
    this.turn = (this.turn + 1) % SLOTS
    slot.hold(block)
    return slot
  }

  /** Decodes the block in a slot, or its state part. Rejects when the part is damaged. */
  async decode(slot: Slot, header: BlockHeader, stateOnly: boolean): Promise<Decoded> {
    const rows = header.stateRows + (stateOnly ? 0 : header.restRows)
    const arena = header.stateArena + (stateOnly ? 0 : header.restArena)
    const { forms } = this
    const nothing = { slot, rows: 0, skipped: 0, omitted: 0, lastTime: 0, forms }
    if (rows === 0) return nothing
    const batch = slot.room(rows, this.upgrade?.roomFor(rows, arena) ?? arena)
    const { buffer, capacity, arenaBytes } = batch
    const { fixed, vars } = this.layouts
    // codes of a trace with other events are only known once its rows are adapted
    const leave = this.differs ? undefined : this.omission?.leave(slot.counts.fill(0))
    const { block, ends } = slot
    const done = await codec().decodeEvents(block, buffer, capacity, arenaBytes, ends, stateOnly, fixed, vars, leave)
    batch.count = done.rows
    batch.native = header.native
    return { ...nothing, ...done }
  }

  /** The rows of a decoded block, undefined when it has none, and counts what was left out. To be called once, in order. */
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

  /** Takes the form of each row out of its flags; a result that was not recorded is no number, see EventBatch.ret. */
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

  /** Index of the parameter that is the event's result, -1 when it has none. */
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
