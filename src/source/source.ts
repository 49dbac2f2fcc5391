// What a capture is to everybody who reads one, wherever its events come from.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import type { RowLayout } from '../schema/layout.js'
import type { Losses } from '../schema/losses.js'
import type { EventDef } from '../schema/types.js'
import type { Capabilities } from './capabilities.js'

export interface CaptureInfo {
  kind: 'live' | 'ksys' | 'scap'
  /** what there is to be known of it, by who recorded it */
  has: Capabilities
  hostname: string
  kernel: string
  arch: 'x64' | 'arm64'
  cpus: number
  /** the capture's start: whole seconds since the epoch, and ns within it; batch times count from here */
  startSec: number
  startNsec: number
  /** CLOCK_BOOTTIME ns at the start, to relate the kernel's process start times */
  startBoot: number
  /** local addresses of the capturing host, text form */
  addresses: string[]
  /** free text: what was captured and how (filter, snaplen, ksys version) */
  note?: string
  /** what was kept out of it before it was written, in words for people (src/redact) */
  spared?: readonly string[]
  /** batch time (ns) of the event for which a recorder wrote the file */
  trigger?: number
}

export interface CaptureStats {
  /** events delivered */
  events: number
  /** events lost in the kernel because a ring was full; of what old traces and other tools tell: records of any kind */
  lost: number
  /** what was lost, where that is known */
  losses?: Losses
  /** records delivered after later ones */
  late: number
  /** events that were counted instead of recorded, as a ceiling asked for it; undefined: none were */
  leftOut?: number
}

/** Damage found in a file: what was readable before it has been delivered. */
export interface Damage {
  file: string
  offset: number
  what: string
}

/** Rows that a reader counted and did not deliver. */
export interface OmittedRows {
  readonly rows: number
  /** rows by event code, as far as that was decoded */
  readonly counts: Uint32Array
  /** batch time (ns) of the last one */
  readonly lastTime: number
}

/** What a capture file tells of the events in it. */
export interface Overview {
  readonly events: number
  /** events by category, most first */
  readonly categories: Readonly<Record<string, number>>
  /** processes that made them */
  readonly processes: number
  /** batch time (ns) of the first and the last event that a reading shows; missing without events */
  readonly first?: number
  readonly last?: number
}

export interface CaptureSource {
  readonly info: CaptureInfo
  /** version of the file's format, where there is one for the whole file */
  readonly version?: string
  /** definitions and row layouts by event code, when they are not those of schema/events (formats with events of their own) */
  readonly tables?: {
    readonly defs: readonly (EventDef | undefined)[]
    readonly layouts: readonly (RowLayout | undefined)[]
  }
  /**
   * Of a capture of several hosts: a source for each, with a state of its own. Their batch times count from the same moment, and
   * next() of the whole is not called.
   */
  readonly members?: readonly CaptureSource[]
  /** The same capture with another source for each member. */
  withMembers?(change: (member: CaptureSource) => CaptureSource): CaptureSource
  /** batch time (ns) of the capture's first event, where it is known before the first batch and may not be in it */
  readonly firstTime?: number | undefined
  /** what is told of containers after events of theirs, where that is known before the first batch: texts of container events */
  readonly lateNames?: readonly string[]
  /** what existed when the capture began; to be loaded into the state before the first batch */
  snapshot(): Promise<Snapshot>
  /**
   * The next batch, or undefined at the end. The batch is the source's and is reused: it is valid until the next call of
   * next(). A live source resolves with an empty batch when nothing happened for a while (about 200 ms); its time[0] says up to when.
   */
  next(): Promise<EventBatch | undefined>
  /** rows up to the last batch that were not delivered, where the read request found some idle */
  readonly omitted?: OmittedRows | undefined
  stats(): CaptureStats
  /** problems found in the input so far */
  readonly damage: Damage[]
  /** events in parts of a file that were not read: a bitmap by event code, as in BlockSummary */
  readonly prunedTypes?: Uint8Array
  /** what a newer producer wrote and nobody here knows: it was passed over */
  readonly unknown?: { readonly events: number; readonly blocks: number }
  /** some events are in several of the capture's files, and were hidden but for the first time */
  readonly repeated?: boolean
  /** containers that no runtime and no file could name in time: those that have got a name since, and the others */
  readonly naming?: { readonly late: number; readonly never: number }
  /** the Kubernetes namespace that alone is told of, while none of its pods is known */
  readonly unmetNamespace?: string | undefined
  /**
   * Before the first batch: what the file says of its events, once each of its bytes was found to be as it was written;
   * stats() then tells its losses. undefined: they must be read. tick is called as it goes on.
   */
  overview?(tick: () => void): Promise<Overview | undefined>
  /** bytes of all files, where there are several */
  readonly totalBytes?: number
  /** 0..1 of the input consumed; undefined for live and pipes */
  progress(): number | undefined
  /** Stops a live capture: what is in the rings is still delivered by next(), which then ends. */
  stop(): void
  close(): Promise<void>
}
