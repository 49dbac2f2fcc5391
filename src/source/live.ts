// A capture of this machine as it runs: batches come from the kernel through the native worker thread.
import { release } from 'node:os'
import { BATCH_ARENA, BATCH_ROWS, batchBytes, EventBatch, FIRST_DATA } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { hostArch } from '../schema/arch.js'
import { EVENTS } from '../schema/events/index.js'
import { eventsLost, lossesBy } from '../schema/losses.js'
import type { Arch } from '../schema/types.js'
import { addon } from './addon.js'
import { capabilitiesOf } from './capabilities.js'
import type { Levels } from './ceilings/levels.js'
import { hierarchyNumbers } from './cgroups.js'
import { hostName } from './host.js'
import { type Notice, noticesFor, startWithout } from './lacking.js'
import { type Existing, liveSnapshot, readExisting } from './live-snapshot.js'
import { missing } from './missing.js'
import type { NativeCapture } from './native.js'
import { captureNow } from './now.js'
import { ownAddresses } from './own-addresses.js'
import { OwnMemory } from './own-memory.js'
import { packConfig } from './pack.js'
import type { CapturePlan, Spare } from './plan.js'
import { CAP, may } from './privilege.js'
import { explain, noMemory } from './refusal.js'
import { Resync } from './resync.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage } from './source.js'

export { LiveError } from './live-error.js'

/** Bytes of all rings together when nothing else is said, and where memory is limited at least. */
export const DEFAULT_BUFFER = 128 << 20
const LEAST_BUFFER = 8 << 20
/** Bytes that ksys itself may come to need: its own, the programs' and what loading them takes. */
const OWN_NEED = 192 << 20

/** Bytes of all rings together that fit when nothing is said: half of what the limit of the own cgroup leaves. */
export function fittingBuffer(memory: { readonly limit: number } | undefined = OwnMemory.find()): number {
  if (memory === undefined) return DEFAULT_BUFFER
  return Math.max(LEAST_BUFFER, Math.min(DEFAULT_BUFFER, (memory.limit - OWN_NEED) / 2))
}

/** Batches that the native side fills or has filled while JavaScript works on another. */
const AHEAD = 3

/** Room of a batch for data that go on behind their rows. */
const LONG_ARENA = 4 << 20

export interface LiveOptions {
  readonly plan: CapturePlan
  /** budget of what all CPUs' records go through on their way; each gets an equal share, 1.3 MB at least, 5 MB where a row has no room for the snaplen */
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
  /** names of the features that it does without */
  readonly lacks: ReadonlySet<string>
  /** what of that the person is to know */
  readonly notices: readonly Notice[]
  private readonly capture: NativeCapture
  /** what was there when everything was attached, until it is asked for */
  private existing: Existing | undefined
  private readonly filling: Filling[] = []
  private current: EventBatch | undefined
  private ended = false
  private last: CaptureStats | undefined
  private readonly selfPid: number
  private readonly spare: Spare | undefined
  private stopping = false
  /** how often it was told that records were left out which threads and descriptors are known by */
  private missing = 0
  /** everything in /proc may be seen when the capture begins */
  private readonly trusted = may(CAP.SYS_PTRACE)
  private readonly resync = new Resync(
    () => liveSnapshot(this.capture, this.selfPid, undefined, this.trusted && !may(CAP.SYS_PTRACE), this.spare),
    () => captureNow(this.info),
  )

  /**
   * Loads the programs and attaches: from here on everything is recorded.
   * @throws LiveError
   */
  constructor(options: LiveOptions) {
    const lacking = missing()
    if (lacking !== undefined) throw lacking
    const arch = hostArch() as Arch
    const config = packConfig(options.plan, EVENTS, arch, hierarchyNumbers())
    const { Capture } = addon()
    const bytes = options.bufferBytes ?? fittingBuffer()
    // a thread that needs memory while the kernel fills the cgroup with buffers has ksys ended, before the kernel refuses them
    if (bytes > (OwnMemory.find()?.limit ?? Number.POSITIVE_INFINITY)) throw noMemory()
    const own = ownAddresses()
    try {
      const begun = startWithout((without) => attached(new Capture(config, bytes, without)))
      if ('failure' in begun) throw begun.failure
      ;[this.capture, this.existing] = begun.made
      this.lacks = new Set(begun.lacks.map((l) => l.feature.name))
      this.notices = [...noticesFor(begun.lacks, options.plan), ...own.notices]
    } catch (e) {
      throw explain(e)
    }
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
      this.ask(new EventBatch(new ArrayBuffer(batchBytes(BATCH_ROWS, arena)), BATCH_ROWS, arena))
  }

  async snapshot(): Promise<Snapshot> {
    try {
      const { existing } = this
      this.existing = undefined
      return liveSnapshot(this.capture, this.selfPid, existing, false, this.spare)
    } catch (e) {
      throw explain(e)
    }
  }

  async next(): Promise<EventBatch | undefined> {
    if (this.ended) return undefined
    if (this.current !== undefined) this.ask(this.current)
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
        : this.resync.before(batch, recordsLost(this.stats()) + this.missing)
    this.current = batch
    return batch
  }

  /** From now on no call of a thread in that cgroup (a key of everyCgroup()) fulfils these slots of the plan (bits); CGROUP_CONTAINER. */
  markCgroup(cgroup: number, marks: number): void {
    if (this.last === undefined) this.capture.markCgroup(cgroup, marks)
  }

  /** From now on so much of what threads in that cgroup do is left out: THROTTLE. */
  throttle(cgroup: number, how: number): void {
    if (this.last === undefined) this.capture.throttle(cgroup, how)
  }

  /** From now on each cgroup has so many events a second at most (Infinity: any number). */
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
    this.missing++
  }

  /** Has each call in flight told among the events, where the plan wants them: now, and complete a moment later. */
  tellCalls(): void {
    if (this.last === undefined) this.capture.tellCalls()
  }

  stats(): CaptureStats {
    if (this.last !== undefined) return this.last
    const { events, lost, late } = this.capture.stats()
    const losses = lossesBy((_, at) => lost[at] ?? 0)
    return { events, lost: eventsLost(losses), losses, late }
  }

  progress(): number | undefined {
    return undefined
  }

  /** Tells the calls in flight, if the plan wants them, and records nothing more. */
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

  private ask(batch: EventBatch): void {
    batch.arch = this.info.arch
    this.filling.push({ batch, rows: this.capture.nextBatch(batch.buffer, batch.capacity, batch.arenaBytes) })
  }
}

/** ns between two of so many events a second, as NativeCapture.limitCgroups has them. */
function interval(each: number): number {
  return each === Number.POSITIVE_INFINITY ? 0 : Math.max(1, Math.min(0xffffffff, Math.round(1e9 / each)))
}

/** Whatever was lost: each may be what threads and descriptors are known by. */
function recordsLost({ lost, losses }: CaptureStats): number {
  return lost + (losses?.state ?? 0)
}

/** A capture together with what was there when it had begun. */
function attached(capture: NativeCapture): [NativeCapture, Existing] {
  try {
    return [capture, readExisting(capture)]
  } catch (e) {
    capture.close()
    throw e
  }
}
