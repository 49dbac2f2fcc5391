// Where a page's own capture goes on with what the capture of all calls has up to a moment: a call that ended at that moment may
// be after it for the one and before it for the other. Both stamp it themselves, one right behind the other.
import type { Event } from '../../model/event.js'
import type { LiveCapture } from './live-capture.js'

/** ns by which both stamps of a call differ at most */
const NEAR = 1e6
/** ns after which nothing earlier comes any more, where nothing else happens */
const LATE = 500e6

export class Seam {
  /** the moment: CLOCK_BOOTTIME (ns), and batch times (ns) in both captures */
  readonly at: number
  readonly before: number
  readonly from: number
  /** by thread, when its last call before the moment ended, of those that ended close to it; ns of the machine's clock */
  private readonly ends = new Map<number, number>()
  /** calls behind the moment and close to it: ids, threads, and when they began at the earliest */
  private close: { readonly id: string; readonly tid: number; readonly began: number }[] = []

  /** The first capture goes on up to the moment from which on the second one has everything. */
  constructor(
    private readonly machine: LiveCapture,
    private readonly own: LiveCapture,
  ) {
    this.from = own.complete
    this.at = own.complete + own.info.startBoot
    this.before = this.at - machine.info.startBoot
  }

  /** The first capture has told of all up to the moment. */
  get isPassed(): boolean {
    const { machine, before } = this
    return machine.lastTime >= before + NEAR || machine.now() >= before + LATE
  }

  /** An event of the first capture. */
  first(e: Event): void {
    if (e.time < this.before && e.time >= this.before - NEAR) this.ends.set(e.tid, e.time + this.machine.info.startBoot)
  }

  /** An event of the second capture, which is shown as the row of that id. */
  second(e: Event, id: string): void {
    if (e.time >= this.from + NEAR) return
    const began = e.time + this.own.info.startBoot - Math.min(e.latency ?? NEAR, NEAR)
    this.close.push({ id, tid: e.tid, began })
  }

  /** Rows of the second capture so far that are calls which the first one has too; each is told once. */
  duplicates(): string[] {
    const both = this.close.filter(({ tid, began }) => (this.ends.get(tid) ?? Number.NEGATIVE_INFINITY) > began)
    this.close = this.close.filter((c) => !both.includes(c))
    return both.map(({ id }) => id)
  }
}
