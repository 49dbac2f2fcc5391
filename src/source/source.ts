// The interface of a capture for all its readers, wherever its events come from.

import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { type BatchNs, type BootNs, batchNs, type CaptureStart } from '../model/time.js'
import type { RowLayout } from '../schema/layout.js'
import type { Losses } from '../schema/losses.js'
import type { EventDef } from '../schema/types.js'
import type { Capabilities } from './capabilities.js'

export interface CaptureInfo {
  kind: 'live' | 'ksys' | 'scap'
  /** what the capture contains, depending on its recorder */
  has: Capabilities
  hostname: string
  kernel: string
  arch: 'x64' | 'arm64'
  cpus: number
  /** the capture's start: whole seconds since the epoch, and ns within it; batch times count from here */
  startSec: number
  startNsec: number
  /** CLOCK_BOOTTIME ns at the start, to relate the kernel's process start times */
  startBoot: BootNs
  /** local addresses of the capturing host, text form */
  addresses: string[]
  /** free text: what was captured and how (filter, snaplen, ksys version) */
  note?: string
  /** filters that its events passed when they were recorded and when they were copied, the first one first; UNKNOWN_FILTER: removed by redaction */
  filters?: readonly string[]
  /** which data was removed before the capture was written, as text for the user (src/redact) */
  spared?: readonly string[]
  /** batch time (ns) of the event that triggered the recording of the file */
  trigger?: BatchNs
}

/** Stands for a filter whose text is not stored. */
export const UNKNOWN_FILTER = ''

/** How a trace is made: a note about it, and the filter that selects its events, undefined if all are in it. */
export interface Making {
  readonly note: string
  readonly filter: string | undefined
}

/** The description of a capture for a trace that is made of its events. */
export function describedAs(info: CaptureInfo, { note, filter }: Making): CaptureInfo {
  return { ...info, note, ...(filter !== undefined && { filters: [...(info.filters ?? []), filter] }) }
}

export interface CaptureStats {
  /** events delivered */
  events: number
  /** events lost in the kernel because a ring buffer was full; in old traces and those of other tools: records of any kind */
  lost: number
  /** losses by kind, where known */
  losses?: Losses
  /** records delivered after later ones */
  late: number
  /** bytes of the kernel's buffers, of a live capture */
  buffers?: number
  /** events that were counted instead of recorded because of a ceiling; undefined: none */
  leftOut?: number
}

/** Damage found in a file; what was readable before it has been delivered. */
export interface Damage {
  file: string
  offset: number
  what: string
}

/** Rows that a reader counted but did not deliver. */
export interface OmittedRows {
  readonly rows: number
  /** rows by event code, as far as decoded */
  readonly counts: Uint32Array
  /** batch time (ns) of the last one */
  readonly lastTime: BatchNs
}

/** Overview of the events of a capture file. */
export interface Overview {
  readonly events: number
  /** events by category, most first */
  readonly categories: Readonly<Record<string, number>>
  /** number of processes that caused them */
  readonly processes: number
  /** batch time (ns) of the first and the last event shown; absent without events */
  readonly first?: BatchNs
  readonly last?: BatchNs
}

/** What runtimes say about cgroups that may be containers' by their paths (cgroupMaybe()). */
export interface CgroupDenials {
  /**
   * Fulfilled with true once all runtimes have denied that the cgroup of that path, which exists now, is a container's, and with false
   * if it is one or that will not be known. Pending for at least a minute, and while a runtime does not respond.
   */
  denied(path: string): Promise<boolean>
  /** Calls back when denials no longer hold, and answers that are pending will not: of a path, or of all (undefined). */
  onDoubt(doubt: (path: string | undefined) => void): void
}

export interface CaptureSource {
  readonly info: CaptureInfo
  /** version of the file's format, where there is one for the whole file */
  readonly version?: string
  /** definitions and row layouts by event code, if they differ from schema/events (formats with events of their own) */
  readonly tables?: {
    readonly defs: readonly (EventDef | undefined)[]
    readonly layouts: readonly (RowLayout | undefined)[]
  }
  /**
   * For a capture of several hosts: one source per host, each with a state of its own. Their batch times have the same origin.
   * next() of the combined source is not called.
   */
  readonly members?: readonly CaptureSource[]
  /** The same capture with another source for each member. */
  withMembers?(change: (member: CaptureSource) => CaptureSource): CaptureSource
  /** batch time (ns) of the capture's first event, if known before the first batch (which may not contain it) */
  readonly firstTime?: BatchNs | undefined
  /** container metadata that was resolved after events of the container, if known before the first batch: texts of container events */
  readonly lateNames?: readonly string[]
  /** what existed when the capture started; to be loaded into the state before the first batch */
  snapshot(): Promise<Snapshot>
  /**
   * The next batch, or undefined at the end. The batch belongs to the source and is reused: it is valid until the next call of
   * next(). A live source resolves with an empty batch after about 200 ms without events; its time[0] is the time up to which there are none.
   */
  next(): Promise<EventBatch | undefined>
  /** rows up to the last batch that were not delivered because the read request found them idle */
  readonly omitted?: OmittedRows | undefined
  stats(): CaptureStats
  /** problems found in the input so far */
  readonly damage: Damage[]
  /** event types in parts of a file that were skipped: a bitmap by event code, as in BlockSummary */
  readonly prunedTypes?: Uint8Array
  /** data of a newer version that this one cannot read and has skipped */
  readonly unknown?: { readonly events: number; readonly blocks: number }
  /** several files of the capture contain the same events; only the first copy is shown */
  readonly repeated?: boolean
  /** containers that no runtime and no file named in time: how many were named later, and how many never */
  readonly naming?: { readonly late: number; readonly never: number }
  /** which cgroups runtimes deny to be containers', of a live capture with container names */
  readonly denials?: CgroupDenials | undefined
  /** the only Kubernetes namespace that is visible, while none of its pods is known */
  readonly unmetNamespace?: string | undefined
  /**
   * Call before the first batch: the file's own summary of its events, after each of its bytes was verified; stats() then includes its
   * losses. undefined: the events must be read. tick is called repeatedly during verification.
   */
  overview?(tick: () => void): Promise<Overview | undefined>
  /** bytes of all files, if there are several */
  readonly totalBytes?: number
  /** fraction (0..1) of the input read; undefined for live captures and pipes */
  progress(): number | undefined
  /** Stops a live capture: what is in the ring buffers is still delivered by next(), which then ends. */
  stop(): void
  close(): Promise<void>
}

/** ns since the capture's start. Based on the wall clock at the start of this thread: later changes of the clock have no effect. */
export function captureNow(info: CaptureStart): BatchNs {
  return batchNs(((performance.timeOrigin + performance.now()) / 1e3 - info.startSec) * 1e9 - info.startNsec)
}

export const NO_BUFFERS = 'no buffers'
export const NO_ENV = 'no environments'
export const NO_ARGS = 'no arguments of programs'
