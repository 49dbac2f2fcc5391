// A live source with symbolized stacks: ks_stack rows get texts instead of addresses, and ks_mmap rows are removed.
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
import { BoundedCache } from './bounded-cache.js'
import { Frames } from './frames.js'
import { kernelSymbols, kernelText } from './kernel-symbols.js'
import { TEXTS } from './limits.js'
import { FIRST_CODE } from './mapping.js'
import { Mappings } from './mappings.js'
import { Shortfall } from './shortfall.js'
import { requestOf, type SymbolRequest, unnamedText } from './symbol-request.js'
import type { SymbolTable } from './symbol-table.js'
import { SymbolThread } from './symbol-thread.js'

/** Limit of native stack numbers that are mapped to texts: the native side renumbers after half as many (native/capture/stacks.h). */
const MOST_NUMBERS = 1 << 17
/** Index of the path among the parameters of ks_mmap. */
const MMAP_PATH = EVENTS[CODE.ks_mmap]?.params.findIndex((p) => p.name === 'path') as number
/** Limit of the text of a stack in a row, in bytes; beyond it the outermost functions are dropped. */
const LONGEST = 60_000

/**
 * The source with symbolized stacks; the same source if stacks are not recorded. Call it before privileges are given up. Privileges to read /proc
 * of other users must be retained; those to read kernel addresses are needed only until kernelSymbols() was called once.
 * @param complain called with messages about missing names
 */
export function withStacks(
  source: CaptureSource,
  stacks: Stacks | undefined,
  complain: (sentence: string) => void,
): CaptureSource {
  if (stacks === undefined) return source
  return new SymbolizedSource(source, stacks, complain)
}

class SymbolizedSource extends WrappedSource {
  private readonly mappings = new Mappings()
  private readonly thread: SymbolThread | undefined
  private readonly kernel: SymbolTable | undefined
  private readonly shortfall: Shortfall
  private readonly picker = new RowPicker()
  private readonly event = new Event(EVENTS, LAYOUTS)
  /** numbers by text, and by the native side's number */
  private readonly numbers = new BoundedCache<string, number>(TEXTS.bytes)
  private readonly renumbered = new Map<number, number>()
  private last = 0

  constructor(source: CaptureSource, { user, kernel }: Stacks, complain: (sentence: string) => void) {
    super(source)
    this.shortfall = new Shortfall(complain)
    this.kernel = kernel ? kernelSymbols() : undefined
    this.thread = user ? new SymbolThread((path, why) => this.shortfall.file(path, why)) : undefined
  }

  override async next(): Promise<EventBatch | undefined> {
    const batch = await this.source.next()
    if (batch === undefined) return undefined
    const requests = this.scan(batch)
    return this.symbolize(batch, requests.length === 0 ? [] : await this.textsFor(requests))
  }

  override stop(): void {
    this.thread?.stop()
    super.stop()
  }

  override async close(): Promise<void> {
    await Promise.all([this.thread?.close(), super.close()])
    this.shortfall.end()
  }

  /** Applies events to the mappings of processes; returns a request for each stack, in the order of their rows. */
  private scan(batch: EventBatch): SymbolRequest[] {
    const { type, count } = batch
    const e = this.event
    const requests: SymbolRequest[] = []
    for (let i = 0; i < count; i++) {
      switch (type[i]) {
        case CODE.ks_stack: {
          e.moveTo(batch, i)
          const request = requestOf(e.pid, new Frames(e.bytes(1) as Uint8Array), this.mappings)
          if (request !== undefined) requests.push(request)
          break
        }
        case CODE.ks_mmap:
          e.moveTo(batch, i)
          this.mapped(e)
          break
        case CODE.ks_fork:
          e.moveTo(batch, i)
          this.forked(e)
          break
        case CODE.ks_exec:
          e.moveTo(batch, i)
          this.mappings.execed(e.pid)
          break
        case CODE.procexit:
          e.moveTo(batch, i)
          if (e.tid === e.pid) this.mappings.ended(e.pid)
          break
      }
    }
    return requests
  }

  /** The texts of the user part of stacks. */
  private async textsFor(requests: readonly SymbolRequest[]): Promise<readonly string[]> {
    const texts = await this.thread?.texts(requests)
    if (texts !== undefined) return texts
    this.shortfall.late(requests.length)
    return requests.map(unnamedText)
  }

  /** The batch with texts; `texts` are those of the requests of scan(), in order. */
  private symbolize(batch: EventBatch, texts: readonly string[]): EventBatch {
    const { type, count, flags, resync } = batch
    const { picker, event: e } = this
    let used = 0
    picker.start(batch)
    for (let i = 0; i < count; i++) {
      if (type[i] === CODE.ks_mmap) continue
      if (type[i] === CODE.ks_stack) {
        e.moveTo(batch, i)
        const frames = new Frames(e.bytes(1) as Uint8Array)
        const text = [frames.users === 0 ? undefined : texts[used++], kernelText(frames, this.kernel)]
          .filter(Boolean)
          .join(';')
        this.addStack(e, text)
        continue
      }
      if ((flags[i] as number) !== 0) this.renumber(batch, i)
      picker.add(i)
    }
    const symbolized = picker.build()
    symbolized.resync = resync
    return symbolized
  }

  /** Adds the row of a stack if its text is new, and maps its number. */
  private addStack(e: Event, text: string): void {
    const number = e.number(0) as number
    let known = this.numbers.get(text)
    if (known === undefined) {
      known = ++this.last
      this.numbers.set(text, known, TEXTS.own + text.length)
      this.picker.add(e.row, stackRow(known, text))
    }
    this.renumbered.set(number, known)
    if (this.renumbered.size <= MOST_NUMBERS) return
    const [first] = this.renumbered.keys()
    this.renumbered.delete(first as number)
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
    if (offset === FIRST_CODE) this.mappings.started(e.pid, mapping, number('interpreter'))
    else this.mappings.mapped(e.pid, mapping)
  }
}

/** The arguments of a ks_stack row with a text. */
function stackRow(number: number, text: string): Uint8Array {
  const bytes = encodeText(text)
  const cut = bytes.subarray(Math.max(0, bytes.length - LONGEST))
  const row = Buffer.alloc(4 + 2 + 2 + cut.length)
  row.writeUInt32LE(number)
  row.writeUInt16LE(cut.length, 6)
  row.set(cut, 8)
  return row
}
