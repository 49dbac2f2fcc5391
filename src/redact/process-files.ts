// Finds rows of a capture file that read /proc/PID/environ or /proc/PID/cmdline, whose content --no-env and --no-args must omit. The files
// are identified by the names of descriptors; a descriptor that is not known, as its process had ended when the record came, may be any file.
// In live captures the kernel side does not read their content.
import type { EventBatch } from '../model/batch.js'
import { Event } from '../model/event.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { CaptureInfo, CaptureSource } from '../source/source.js'
import { State } from '../state/state.js'
import type { Redaction } from './redaction.js'

/** Row numbers in a batch. */
export type ProcessRows = ReadonlySet<number>

/** Wherever procfs is mounted: /proc, /host/proc ... */
const FILE = /(?:^|\/)(?:\d+|self|thread-self)(?:\/task\/\d+)?\/(environ|cmdline)$/

export class ProcessFiles {
  private readonly state: State
  private readonly event: Event
  private readonly rows = new Set<number>()

  constructor(
    info: CaptureInfo,
    tables: CaptureSource['tables'],
    private readonly redaction: Pick<Redaction, 'noEnv' | 'noArgs'>,
  ) {
    const { defs, layouts } = tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.state = new State(info)
    this.event = new Event(defs, layouts)
  }

  load(snapshot: Snapshot): void {
    this.state.load(snapshot)
  }

  /** The rows of the next batch whose data must be omitted; valid until the next call. */
  rowsIn(batch: EventBatch): ProcessRows {
    const { event: e, state, rows } = this
    if (batch.resync !== undefined) state.load(batch.resync)
    rows.clear()
    for (let row = 0; row < batch.count; row++) {
      e.moveTo(batch, row)
      state.apply(e)
      if (e.fd === undefined ? e.numberOf('fd') !== undefined : this.hides(e.fd.name)) rows.add(row)
    }
    return rows
  }

  private hides(name: string): boolean {
    // most names end differently
    if (!name.endsWith('/environ') && !name.endsWith('/cmdline')) return false
    const { noEnv, noArgs } = this.redaction
    return FILE.exec(name)?.[1] === 'environ' ? noEnv : FILE.test(name) && noArgs
  }
}
