// A capture of this machine as it runs: batches are filled from the kernel by a native worker thread.
import { release } from 'node:os'
import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch, FIRST_DATA } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { hostArch } from '../schema/arch.js'
import { EVENTS } from '../schema/events/index.js'
import { eventsLost, lossesBy } from '../schema/losses.js'
import type { Arch } from '../schema/types.js'
import { attachHost, SINGLE_CALLS } from './attach-host.js'
import { type Attachment, attachmentFor, NOT_HERE } from './attachment.js'
import { fittingBuffer } from './buffers.js'
import { capabilitiesOf } from './capabilities.js'
import type { Levels } from './ceilings/levels.js'
import { hierarchyNumbers } from './cgroups.js'
import { hostName, ownAddresses } from './host.js'
import { type Notice, noticesFor, startWithout } from './lacking.js'
import { LiveError } from './live-error.js'
import { type Existing, liveSnapshot, readExisting } from './live-snapshot.js'
import { missing } from './missing.js'
import type { NativeCapture } from './native.js'
import { addon } from './native.js'
import { OwnMemory } from './own-memory.js'
import { packConfig } from './pack.js'
import type { CapturePlan, Spare } from './plan.js'
import { CAP, may } from './privilege.js'
import { noMemory, toLiveError } from './refusal.js'
import { Resync } from './resync.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage } from './source.js'
import { captureNow } from './source.js'

export { LiveError } from './live-error.js'

/** Batches that the native side is filling or has filled while JavaScript processes another. */
const AHEAD = 3

/** Bytes in a batch for data that continue after the row's own part. */
const LONG_ARENA = 4 << 20

interface LiveOptions {
  readonly plan: CapturePlan
  /** total bytes of the buffers through which records pass; each CPU gets an equal share, at least 1.3 MB, or 5 MB if a row has no space for the snaplen */
  readonly bufferBytes?: number
  readonly note?: string
}

interface Filling {
  readonly batch: EventBatch
  readonly rows: Promise<number>
}

export class LiveSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly damage: Damage[] = []
  /** names of the features that the capture runs without */
  readonly lacks: ReadonlySet<string>
  /** messages about missing features for the user */
  readonly notices: readonly Notice[]
  /** where the programs of system calls run */
  readonly attachment: Attachment
  private readonly capture: NativeCapture
  /** what existed when everything was attached; undefined once it was read */
  private existing: Existing | undefined
  private readonly filling: Filling[] = []
  private current: EventBatch | undefined
  private ended = false
  private last: CaptureStats | undefined
  private readonly selfPid: number
  private readonly bufferBytes: number
  private readonly spare: Spare | undefined
  private stopping = false
  /** number of reports that records which keep threads and descriptors correct were throttled */
  private missedReports = 0
  /** all of /proc was readable when the capture started */
  private readonly trusted = may(CAP.SYS_PTRACE)
  private readonly resync = new Resync(
    () => liveSnapshot(this.capture, this.selfPid, undefined, this.trusted && !may(CAP.SYS_PTRACE), this.spare),
    () => captureNow(this.info),
  )

  /**
   * Loads and attaches the programs: from here on everything is recorded.
   * @throws LiveError
   */
  constructor(options: LiveOptions) {
    const lacking = missing()
    if (lacking !== undefined) throw lacking
    const arch = hostArch() as Arch
    const config = packConfig(options.plan, EVENTS, arch, hierarchyNumbers())
    const { Capture } = addon()
    const bytes = options.bufferBytes ?? fittingBuffer()
    // if buffers fill the cgroup's limit, the OOM killer ends ksys before the kernel refuses the buffers
    if (bytes > (OwnMemory.find()?.limit ?? Number.POSITIVE_INFINITY)) throw noMemory()
    const own = ownAddresses()
    const { plan } = options
    let attachment = attachmentFor(plan, config, attachHost())
    if (plan.attach === 'calls' && attachment.functions.length === 0) throw notAttached(attachment.because)
    try {
      const start = startWithout((without) => {
        if (attachment.functions.length > 0 && without.includes(SINGLE_CALLS)) {
          if (plan.attach === 'calls') throw notAttached(NOT_HERE)
          attachment = { functions: [], because: NOT_HERE }
        }
        return attached(new Capture(config, bytes, without, attachment.functions))
      })
      this.attachment = attachment
      if ('failure' in start) throw start.failure
      ;[this.capture, this.existing] = start.value
      this.lacks = new Set(start.lacks.map((l) => l.feature.name))
      this.notices = [...noticesFor(start.lacks, options.plan), ...own.notices]
    } catch (e) {
      throw toLiveError(e)
    }
    this.bufferBytes = bytes
    this.selfPid = options.plan.selfPid
    this.spare = options.plan.spare
    this.info = {
      kind: 'live',
      has: capabilitiesOf('ksys'),
      hostname: hostName(),
      kernel: release(),
      arch,
      cpus: this.capture.cpus,
      startSec: this.capture.startSec,
      startNsec: this.capture.startNsec,
      startBoot: this.capture.startBoot,
      addresses: own.addresses,
      ...(options.note === undefined ? {} : { note: options.note }),
    }
    const arena = BATCH_ARENA + (options.plan.snaplen > FIRST_DATA ? LONG_ARENA : 0)
    for (let i = 0; i < AHEAD; i++)
      this.fill(new EventBatch(new ArrayBuffer(batchBytes(BATCH_ROWS, arena)), BATCH_ROWS, arena))
  }

  async snapshot(): Promise<Snapshot> {
    try {
      const { existing } = this
      this.existing = undefined
      return liveSnapshot(this.capture, this.selfPid, existing, false, this.spare)
    } catch (e) {
      throw toLiveError(e)
    }
  }

  async next(): Promise<EventBatch | undefined> {
    if (this.ended) return undefined
    if (this.current !== undefined) this.fill(this.current)
    const { batch, rows } = this.filling.shift() as Filling
    const count = await rows
    if (count < 0) {
      this.ended = true
      this.current = undefined
      return undefined
    }
    batch.count = count
    batch.resync =
      this.stopping || this.lacks.has('iterators')
        ? undefined
        : this.resync.snapshotBefore(batch, recordsLost(this.stats()) + this.missedReports)
    this.current = batch
    return batch
  }

  /**
   * From now on no call of a thread in that cgroup (a key of everyCgroup()) matches these slots of the plan (bits); also CGROUP_CONTAINER.
   * False: another cgroup has its entry in the table, so its calls are recorded.
   */
  markCgroup(cgroup: number, marks: number): boolean {
    return this.last === undefined && this.capture.markCgroup(cgroup, marks)
  }

  /** Requests to judge threads since the last call: pairs of a thread and a capture time (ns). */
  requests(): Float64Array {
    return this.last === undefined ? this.capture.requests() : new Float64Array(0)
  }

  /** From the request at that time on, no call of the thread matches these slots of the plan (bits), until it changes. */
  judge(tid: number, time: number, slots: number): void {
    if (this.last === undefined) this.capture.judge(tid, time, slots)
  }

  /** Records were lost, and what exists was not read again since. */
  get uncertain(): boolean {
    return this.resync.isDue
  }

  /** Throttles events of threads in that cgroup from now on: THROTTLE. */
  throttle(cgroup: number, how: number): void {
    if (this.last === undefined) this.capture.throttle(cgroup, how)
  }

  /** Sets the most events per second of each cgroup from now on (Infinity: no limit). */
  limit({ shown, others }: Levels): void {
    if (this.last === undefined) this.capture.limitCgroups(interval(shown), interval(others))
  }

  forgetCgroup(cgroup: number): void {
    if (this.last === undefined) this.capture.forgetCgroup(cgroup)
  }

  ceilings(): Float64Array {
    return this.last === undefined ? this.capture.ceilings() : new Float64Array(0)
  }

  missed(): void {
    this.missedReports++
  }

  /** Number of processors that the machine has, online or not; more may be possible (CaptureInfo.cpus). */
  get presentCpus(): number {
    return this.capture.presentCpus
  }

  /** Requests events for the calls in flight, if the plan includes them; all have been delivered shortly after. */
  tellCalls(): void {
    if (this.last === undefined) this.capture.tellCalls()
  }

  stats(): CaptureStats {
    if (this.last !== undefined) return this.last
    const { events, lost, late } = this.capture.stats()
    const losses = lossesBy((_, at) => lost[at] ?? 0)
    return { events, lost: eventsLost(losses), losses, late, buffers: this.bufferBytes }
  }

  progress(): number | undefined {
    return undefined
  }

  /** Reports the calls in flight, if the plan includes them, and stops recording. */
  stop(): void {
    if (this.last !== undefined || this.stopping) return
    this.stopping = true
    this.capture.tellCalls()
    this.capture.detach()
  }

  async close(): Promise<void> {
    if (this.last !== undefined) return
    this.last = this.stats()
    this.ended = true
    this.capture.close()
    await Promise.all(this.filling.map((f) => f.rows))
  }

  private fill(batch: EventBatch): void {
    batch.arch = this.info.arch
    this.filling.push({ batch, rows: this.capture.nextBatch(batch.buffer, batch.capacity, batch.arenaBytes) })
  }
}

/** The error if --attach requires functions. because: the end of a sentence. */
function notAttached(because: string): LiveError {
  return new LiveError('EKERNEL', `--attach calls is not possible: ${because}`)
}

/** ns between two events at this many per second, for NativeCapture.limitCgroups. */
function interval(each: number): number {
  return each === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.min(0xffffffff, Math.round(1e9 / each)))
}

/** Number of lost records of any kind, since each may concern threads and descriptors. */
function recordsLost({ lost, losses }: CaptureStats): number {
  return lost + (losses?.state ?? 0)
}

/** A capture, and what existed right after it was attached. */
function attached(capture: NativeCapture): [NativeCapture, Existing] {
  try {
    return [capture, readExisting(capture)]
  } catch (e) {
    capture.close()
    throw e
  }
}
