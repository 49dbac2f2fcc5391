// Converts event blocks to rows: passes the blocks in the window to the native walk, and creates the programs that it
// requests.
import type { EventBatch } from '../model/batch.js'
import { EVENT_BLOCKS } from './blocks.js'
import { Converter } from './convert.js'
import { scapAddon } from './native.js'
import { BIT, KIND, type NativeWalk, OUTCOME, REPORT, REPORT_SIZE, WRONG } from './native-walk.js'
import type { Program } from './program.js'
import { roleTables } from './roles.js'
import { GENERIC_IDS, NATIVE_IDS } from './tables.js'
import type { Window } from './window.js'

export class EventWalk {
  /** events with unknown codes */
  unknown = 0
  private readonly converter: Converter
  private readonly native: NativeWalk
  private readonly report = new Float64Array(REPORT_SIZE)

  /** both: enter events get rows of their own. Throws ScapError if the addon cannot be loaded. */
  constructor(both: boolean) {
    const { ScapWalk } = scapAddon()
    this.converter = new Converter(both)
    this.native = new ScapWalk(...roleTables(), EVENT_BLOCKS, GENERIC_IDS, NATIVE_IDS, both)
  }

  get forms(): EventBatch['forms'] {
    return this.converter.forms
  }

  /** Sets the time (ns since the epoch, high and low half) that all times count from. */
  start(high: number, low: number): void {
    this.native.start(high, low)
  }

  clear(): void {
    this.native.clear()
  }

  process(tid: number, pid: number): void {
    this.native.process(tid, pid)
  }

  /**
   * Appends the rows of the complete event blocks in the window to the batch, which must have a form column. Returns true if
   * the batch is full, false if there is no further event block in the window. `damaged` is called for each damaged event with
   * its position in the window.
   */
  async fill(batch: EventBatch, w: Window, damaged: (at: number, what: string) => void): Promise<boolean> {
    const r = this.report
    const { native } = this
    const { buffer, capacity, arenaBytes, form } = batch
    for (;;) {
      await native.run(w.bytes, w.at, w.end, buffer, capacity, arenaBytes, form as Uint16Array, batch.count, r)
      w.at = r[REPORT.AT] as number
      batch.count = r[REPORT.ROWS] as number
      this.unknown = r[REPORT.UNKNOWN] as number
      for (let i = 0; i < (r[REPORT.WRONG] as number); i++) {
        const at = REPORT.HEAD + 2 * i
        damaged(r[at] as number, WRONG[r[at + 1] as number] as string)
      }
      if (r[REPORT.OUTCOME] !== OUTCOME.PROGRAM) return r[REPORT.OUTCOME] === OUTCOME.FULL
      this.provide(r[REPORT.KIND] as number, r[REPORT.A] as number, r[REPORT.N] as number, r[REPORT.ENTER_N] as number)
    }
  }

  private provide(kind: number, a: number, n: number, enterN: number): void {
    const p = this.programFor(kind, a, n, enterN)
    if (p === undefined) {
      this.native.give(kind, a, n, enterN)
      return
    }
    const bits = (p.state ? BIT.STATE : 0) | (p.noReturn ? BIT.NO_RETURN : 0) | (p.announces ? BIT.ANNOUNCES : 0)
    this.native.give(kind, a, n, enterN, p.steps, p.type, p.form, bits)
  }

  private programFor(kind: number, a: number, n: number, enterN: number): Program | undefined {
    if (kind === KIND.EXIT) return this.converter.exit(a, n, enterN)
    return kind === KIND.ENTER ? this.converter.enter(a, n) : this.converter.generic(a, n)
  }
}
