// Several traces as one capture: file after file in order, with a state that goes on. Files that hold nothing which matters are
// not opened.
import { lstatSync } from 'node:fs'
import { type EventBatch, ROW } from '../model/batch.js'
import type { Snapshot, ThreadInfo } from '../model/snapshot.js'
import { addLosses, type Losses } from '../schema/losses.js'
import type { OpenOptions } from '../source/kind.js'
import type { BlockTest, ReadPlan } from '../source/read-plan.js'
import { isPart, type Named, wholeName } from '../source/ring-files.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage, LeftOut } from '../source/source.js'
import { addTypes, TYPE_BITMAP_BYTES } from '../source/summary.js'
import { TraceError } from './error.js'
import { TraceSource } from './reader.js'
import { isSameRun, type Member, membersOf, type Shift, shifted } from './ring-members.js'
import { Shared } from './shared.js'

/** A file that is being read. */
interface Reading {
  readonly member: Member
  readonly source: TraceSource
}

export class RingSource implements CaptureSource {
  readonly info: CaptureInfo
  readonly version: string
  readonly firstTime: number | undefined
  readonly namesLater: readonly string[]
  readonly prunedTypes = new Uint8Array(TYPE_BITMAP_BYTES)
  readonly totalBytes: number
  private readonly told: Damage[] = []
  /** which files matter */
  private readonly blocks: BlockTest | undefined
  private finished: CaptureStats = { events: 0, lost: 0, late: 0 }
  /** bytes of the files that were read or passed over */
  private passed = 0
  /** the place of the next file that is opened, and the file itself, which is being opened while another is read */
  private at = 1
  private next_: Promise<Reading | undefined> | undefined
  private current: Reading | undefined
  /** what exists where the current file begins, for its first batch */
  private resync: Snapshot | undefined
  private left: LeftOut | undefined
  private stopped = false

  private constructor(
    private readonly path: string,
    private readonly members: readonly Member[],
    private readonly options: OpenOptions,
    private readonly shared: Shared,
    first: Reading,
  ) {
    this.info = first.source.info
    this.blocks = options.plan?.(this.info).blocks
    this.version = first.source.version
    this.firstTime = first.source.firstTime
    this.namesLater = first.source.namesLater
    this.totalBytes = members.reduce((sum, m) => sum + m.size, 0)
    this.current = first
  }

  /** Opens the files that a path means. Throws TraceError when there is none, or the first cannot be read. */
  static async open(path: string, named: Named, options: OpenOptions): Promise<RingSource> {
    const members = await membersOf(path, named)
    const shared = new Shared()
    while (members.length > 0) {
      const first = await openMember(members[0] as Member, options, shared, undefined)
      if (first !== undefined) return new RingSource(path, members, options, shared, first)
      members.shift()
    }
    throw new TraceError('EOPEN', path, `${path} cannot be read: its files have gone meanwhile`)
  }

  snapshot(): Promise<Snapshot> {
    return (this.current as Reading).source.snapshot()
  }

  async next(): Promise<EventBatch | undefined> {
    while (this.current !== undefined) {
      this.next_ ??= this.openNext()
      const batch = await this.current.source.next()
      if (batch !== undefined) return this.deliver(batch, this.current.member.shift)
      await this.finish(this.current)
      const before = this.current
      this.current = this.stopped ? undefined : await this.next_
      this.next_ = undefined
      if (this.current !== undefined) await this.begin(this.current, before)
    }
    return undefined
  }

  leaveOut(rows: LeftOut): void {
    this.left = rows
    this.current?.source.leaveOut(rows)
  }

  get damage(): Damage[] {
    return [...this.told, ...(this.current?.source.damage ?? [])]
  }

  stats(): CaptureStats {
    return this.current === undefined ? this.finished : sum(this.finished, this.current.source.stats())
  }

  progress(): number {
    const { current, passed, totalBytes: bytes } = this
    const part = (current?.source.progress() ?? 0) * (current?.member.size ?? 0)
    return bytes === 0 ? 1 : Math.min(1, (passed + part) / bytes)
  }

  stop(): void {
    this.stopped = true
    this.current?.source.stop()
  }

  async close(): Promise<void> {
    this.stop()
    await this.current?.source.close()
    const next = await this.next_?.catch(() => undefined)
    await next?.source.close()
  }

  /** Opens the next file of which something is wanted; undefined at the end. */
  private async openNext(): Promise<Reading | undefined> {
    while (!this.stopped && this.at < this.members.length) {
      const member = this.members[this.at++] as Member
      if (this.passOver(member)) continue
      try {
        const reading = await openMember(member, this.options, this.shared, this.info)
        if (reading !== undefined) return reading
        this.told.push({ file: member.path, offset: 0, what: 'it was removed before it could be read' })
      } catch (e) {
        if (!(e instanceof TraceError)) throw e
        this.told.push({ file: member.path, offset: 0, what: e.message })
      }
      this.passed += member.size
    }
    return undefined
  }

  /** Whether nothing of a file matters, by what its end tells. Its rows are counted. */
  private passOver({ tail, shift, size }: Member): boolean {
    const { summary, contents } = tail ?? {}
    if (this.blocks === undefined || tail === undefined || summary === undefined || contents === undefined) return false
    if (summary !== 'nothing' && this.blocks(shifted(summary, shift))) return false
    if (summary !== 'nothing') addTypes(this.prunedTypes, summary)
    this.passed += size
    this.finished = sum(this.finished, tail.stats)
    if (this.left === undefined) return true
    this.left.rows += contents.events
    this.left.lastTime = Math.max(this.left.lastTime, (contents.last ?? 0) + shift.time)
    return true
  }

  /** The state goes on where all of the file before was read and this one follows it; else it is the file's own. */
  private async begin({ source, member }: Reading, before: Reading): Promise<void> {
    if (source.tables !== undefined)
      throw new TraceError(
        'ENOTTRACE',
        this.path,
        `${member.path} has events of another tool: read it alone, with -r ${member.path}`,
      )
    const { nth } = before.member.origin
    const follows =
      this.options.plan === undefined &&
      before.source.damage.length === 0 &&
      isSameRun(before.member, member) &&
      nth !== undefined &&
      member.origin.nth === nth + 1
    this.resync = follows ? undefined : moved(await source.snapshot(), source.info, this.info, member.shift)
    if (this.left !== undefined) source.leaveOut(this.left)
  }

  private deliver(batch: EventBatch, shift: Shift): EventBatch {
    const { info } = (this.current as Reading).source
    if (batch.resync !== undefined) batch.resync = moved(batch.resync, info, this.info, shift)
    else batch.resync = this.resync
    this.resync = undefined
    if (shift.time === 0 && shift.num === 0) return batch
    for (let i = 0; i < batch.count; i++) {
      batch.time[i]! += shift.time
      if ((batch.flags[i]! & ROW.COUNTED) === 0) batch.num[i]! += shift.num
    }
    return batch
  }

  private async finish({ source, member }: Reading): Promise<void> {
    this.finished = sum(this.finished, source.stats())
    this.told.push(...source.damage)
    this.passed += member.size
    for (let i = 0; i < TYPE_BITMAP_BYTES; i++) this.prunedTypes[i]! |= source.prunedTypes[i] as number
    await source.close()
  }
}

/**
 * Opens a file; undefined when it is gone. base: of the first file, in whose times the question is asked. Throws TraceError when it
 * cannot be read.
 */
async function openMember(
  member: Member,
  options: OpenOptions,
  shared: Shared,
  base: CaptureInfo | undefined,
): Promise<Reading | undefined> {
  const { plan } = options
  const asked = plan && ((info: CaptureInfo) => shiftedPlan(plan(base ?? info), member.shift))
  for (const path of new Set([member.path, wholeName(member.path)])) {
    try {
      return {
        member,
        source: await TraceSource.open(path, { ...options, plan: asked }, { part: isPart(path), shared }),
      }
    } catch (e) {
      if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw e
    }
  }
  return undefined
}

function shiftedPlan(plan: ReadPlan, shift: Shift): ReadPlan {
  if (shift.time === 0 && shift.num === 0) return plan
  const { processes } = plan
  return {
    blocks: (s) => plan.blocks(shifted(s, shift)),
    processes:
      processes !== undefined && 'passing' in processes
        ? { ...processes, passing: (s) => processes.passing(shifted(s, shift)) }
        : processes,
  }
}

/** A snapshot of one capture in the times of another. */
function moved(s: Snapshot, of: CaptureInfo, to: CaptureInfo, { time }: Shift): Snapshot {
  const boot = to.startBoot + time - of.startBoot
  if (time === 0 && boot === 0) return s
  const threads = s.threads.map(
    (t): ThreadInfo => ({
      ...t,
      startBoot: t.startBoot > 0 ? t.startBoot + boot : 0,
      ...(t.ranAt !== undefined && { ranAt: t.ranAt + time }),
      ...(t.fsToldAt !== undefined && { fsToldAt: t.fsToldAt + time }),
    }),
  )
  return { ...s, threads }
}

function sum(a: CaptureStats, b: CaptureStats): CaptureStats {
  const losses = a.losses && b.losses ? addLosses(a.losses, b.losses) : (a.losses ?? b.losses)
  return {
    events: a.events + b.events,
    lost: a.lost + b.lost,
    late: a.late + b.late,
    ...(losses && { losses: losses as Losses }),
  }
}
