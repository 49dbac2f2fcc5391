// A cursor over the state: evaluates fields and filters for a thread or a descriptor without an event.

import { batchBytes, EventBatch, NO_LATENCY } from '../model/batch.js'
import { Event } from '../model/event.js'
import type { Fd } from '../model/fd.js'
import type { Thread } from '../model/thread.js'
import type { BatchNs } from '../model/time.js'
import { CODE } from '../schema/codes.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'

/** A state or event, which belongs to a host of the capture. */
export interface OfHost {
  readonly host: number
}

const ROWS = 2
const ARENA = 8

/** Fields of the event itself (evt.latency, evt.arg ...) are absent; evt.type is that of a report about threads. */
export class StateCursor {
  readonly event = new Event(EVENTS, LAYOUTS)
  private readonly batch = new EventBatch(new ArrayBuffer(batchBytes(ROWS, ARENA)), ROWS, ARENA)

  constructor() {
    const b = this.batch
    b.latency[0] = NO_LATENCY
    b.absent[0] = 0xffffffff
    b.type[0] = CODE.ks_times
    b.ret[0] = Number.NaN
    b.count = 1
  }

  /** Moves to a thread of a host, or to one of its descriptors, at a batch time (ns). The cursor is reused. */
  at({ host }: OfHost, thread: Thread, fd: Fd | undefined, time: BatchNs): Event {
    const b = this.batch
    b.tid[0] = thread.tid
    b.pid[0] = thread.pid
    b.time[0] = time
    const e = this.event
    e.moveTo(b, 0)
    e.host = host
    e.thread = thread
    e.fd = fd
    e.fdNum = fd === undefined ? -1 : fd.num
    return e
  }
}
