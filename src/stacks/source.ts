// A live source whose stacks have names: ks_stack rows with texts instead of addresses, and no ks_mmap rows.
import type { EventBatch } from '../model/batch.js'
import { rowEnd, STACK_BYTES, stackOf } from '../model/batch.js'
import { Event } from '../model/event.js'
import { encodeText } from '../model/text.js'
import { CODE } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import { SHARED } from '../schema/events/internal.js'
import type { Stacks } from '../source/plan.js'
import { RowPicker } from '../source/row-picker.js'
import type { CaptureSource } from '../source/source.js'
import { WrappedSource } from '../source/wrapped.js'
import { kernelSymbols } from './kernel-symbols.js'
import { FIRST_CODE, Mappings } from './mappings.js'
import { Symbolizer } from './symbolizer.js'

/** Texts that are known to have a number, and numbers of the capture's that are known to mean a text: the native side begins anew
 * after half as many (native/capture/stacks.h). State keeps more texts than this (state/stacks.ts). */
const MOST_TEXTS = 1 << 16
const MOST_NUMBERS = 1 << 17
/** Place of the path among the parameters of ks_mmap. */
const MMAP_PATH = EVENTS[CODE.ks_mmap]?.params.findIndex((p) => p.name === 'path') as number
/** Longest text of a stack in a row; of a longer one the outermost functions are left out. */
const LONGEST = 60_000

/**
 * The source with names in its stacks; itself where there are none. Privileges that /proc of others takes must still be there, and be
 * kept; those for addresses of the kernel only until kernelSymbols() was called once.
 */
export function withStacks(source: CaptureSource, stacks: Stacks | undefined): CaptureSource {
  if (stacks === undefined) return source
  return new SymbolizedSource(source, stacks.kernel)
}

class SymbolizedSource extends WrappedSource {
  private readonly mappings = new Mappings()
  private readonly symbolizer: Symbolizer
  private readonly picker = new RowPicker()
  private readonly event = new Event(EVENTS, LAYOUTS)
  /** numbers by text, and by the number that the native side gave */
  private readonly numbers = new Map<string, number>()
  private readonly renumbered = new Map<number, number>()
  private last = 0

  constructor(source: CaptureSource, kernel: boolean) {
    super(source)
    this.symbolizer = new Symbolizer(this.mappings, kernel ? kernelSymbols() : undefined)
  }

  override async next(): Promise<EventBatch | undefined> {
    const batch = await this.source.next()
    return batch && this.over(batch)
  }

  private over(batch: EventBatch): EventBatch {
    const { type, count, flags } = batch
    const { picker, event: e } = this
    const { resync } = batch
    picker.begin(batch)
    for (let i = 0; i < count; i++) {
      e.moveTo(batch, i)
      if (this.takes(e, type[i] as number)) continue
      if ((flags[i] as number) !== 0) this.renumber(batch, i)
      picker.add(i)
    }
    const made = picker.made()
    made.resync = resync
    return made
  }

  /** Notes what an event tells of; whether it is told here alone. */
  private takes(e: Event, code: number): boolean {
    switch (code) {
      case CODE.ks_stack:
        this.stack(e)
        return true
      case CODE.ks_mmap:
        this.mapped(e)
        return true
      case CODE.ks_fork:
        this.forked(e)
        return false
      case CODE.ks_exec:
        this.mappings.execed(e.pid)
        return false
      case CODE.procexit:
        if (e.tid === e.pid) this.mappings.ended(e.pid)
        return false
      default:
        return false
    }
  }

  /** The row is handed on when its text is new. */
  private stack(e: Event): void {
    const number = e.number(0) as number
    const text = this.symbolizer.text(e.pid, e.bytes(1) as Uint8Array)
    const known = this.numbers.get(text)
    if (known === undefined) {
      this.last++
      keep(this.numbers, text, this.last, MOST_TEXTS)
      this.picker.add(e.row, told(this.last, text))
    }
    keep(this.renumbered, number, known ?? this.last, MOST_NUMBERS)
  }

  private renumber(batch: EventBatch, row: number): void {
    const number = stackOf(batch, row)
    if (number !== undefined)
      batch.view.setUint32(rowEnd(batch, row) - STACK_BYTES, this.renumbered.get(number) ?? 0, true)
  }

  private forked(e: Event): void {
    if (((e.numberOf('shared') ?? 0) & SHARED.THREAD) === 0) this.mappings.forked(e.pid, e.numberOf('pid') as number)
  }

  private mapped(e: Event): void {
    const number = (name: string) => e.numberOf(name) ?? 0
    const offset = number('offset')
    const mapping = {
      start: number('start'),
      end: number('end'),
      offset,
      ino: number('ino'),
      dev: number('dev'),
      path: e.text(MMAP_PATH) ?? '',
    }
    if (offset === FIRST_CODE) this.mappings.began(e.pid, mapping, number('interpreter'))
    else this.mappings.mapped(e.pid, mapping)
  }
}

/** Adds to a map; over its limit, what came first goes. */
function keep<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.set(key, value)
  if (map.size <= most) return
  const [first] = map.keys()
  map.delete(first as K)
}

/** The arguments of a ks_stack row with a text. */
function told(number: number, text: string): Uint8Array {
  const bytes = encodeText(text)
  const cut = bytes.subarray(Math.max(0, bytes.length - LONGEST))
  const row = Buffer.alloc(4 + 2 + 2 + cut.length)
  row.writeUInt32LE(number)
  row.writeUInt16LE(cut.length, 6)
  row.set(cut, 8)
  return row
}
