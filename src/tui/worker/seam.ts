// The seam between the capture of all calls and a page's own capture that continues it at some time: a call that ended
// close to that time may be before it for one capture and after it for the other, since each takes its own timestamp,
// one right after the other.

import type { Event } from '../../model/event.js'
import { addNs, type BatchNs, type BootNs, batchOfBoot, bootOf } from '../../model/time.js'
import type { LiveCapture } from './live-capture.js'

/** maximum difference of the two timestamps of a call, in ns */
const NEAR = 1e6
/** ns after which no earlier event arrives any more, if nothing else happens */
const LATE = 500e6

export class Seam {
  /** the seam: CLOCK_BOOTTIME (ns), and batch times (ns) in both captures */
  readonly at: BootNs
  readonly before: BatchNs
  readonly from: BatchNs
  /** by thread, the end of its last call shortly before the seam; CLOCK_BOOTTIME (ns) */
  private readonly ends = new Map<number, BootNs>()
  /** calls shortly after the seam: row ids, threads, and earliest possible starts */
  private close: { readonly id: string; readonly tid: number; readonly began: BootNs }[] = []

  /** The first capture counts up to the time from which the second one is complete. */
  constructor(
    private readonly machine: LiveCapture,
    private readonly own: LiveCapture,
  ) {
    this.from = own.complete
    this.at = bootOf(own.info, own.complete)
    this.before = batchOfBoot(machine.info, this.at)
  }

  /** Whether the first capture has delivered everything before the seam. */
  get isPassed(): boolean {
    const { machine, before } = this
    return machine.lastTime >= before + NEAR || machine.now() >= before + LATE
  }

  /** An event of the first capture. */
  first(e: Event): void {
    if (e.time < this.before && e.time >= this.before - NEAR) this.ends.set(e.tid, bootOf(this.machine.info, e.time))
  }

  /** An event of the second capture, which is shown as the row of that id. */
  second(e: Event, id: string): void {
    if (e.time >= this.from + NEAR) return
    const began = addNs(bootOf(this.own.info, e.time), -Math.min(e.latency ?? NEAR, NEAR))
    this.close.push({ id, tid: e.tid, began })
  }

  /** Row ids of calls of the second capture that the first one has too; each is returned once. */
  duplicates(): string[] {
    const both = this.close.filter(({ tid, began }) => (this.ends.get(tid) ?? Number.NEGATIVE_INFINITY) > began)
    this.close = this.close.filter((c) => !both.includes(c))
    return both.map(({ id }) => id)
  }
}
