// CPU time: of a thread since the capture started, and since the previous sample of a table.
import type { Event } from '../model/event.js'
import { isSameStart, type Thread } from '../model/thread.js'
import { CODE } from '../schema/codes.js'
import type { State } from '../state/state.js'
import { type FieldContext, type Getter, stateOf } from './field.js'

const SECOND = 1e9

/** Which CPU time is counted: user, system, or both. */
export type CpuMode = (user: number, system: number) => number
export const BOTH: CpuMode = (user, system) => user + system
export const USER: CpuMode = (user) => user
export const SYSTEM: CpuMode = (_, system) => system

/** CPU time (ns) that a thread has used at the time of an event of its host; undefined if not reported. */
type Used = (t: Thread, e: Event) => number | undefined

/** The CPU time in the thread's last report. */
const reported = (t: Thread): number | undefined =>
  t.ranUser === undefined || t.ranSystem === undefined ? undefined : t.ranUser + t.ranSystem

/**
 * Live: the CPU time up to `time`. Reports arrive once a second; until the next one, the rate between the last two is
 * extrapolated. A thread without reports has no value. Scheduler switches cannot replace them: captures may lack the
 * switches of the idle task, so sleep would count as work.
 */
function upTo(mode: CpuMode, ctx: FieldContext): Used {
  const live = ctx.info.kind === 'live'
  return (t, e) => {
    const { time } = e
    if (t.ranUser === undefined || t.ranSystem === undefined) return undefined
    const known = mode(t.ranUser, t.ranSystem)
    if (!live || t.exited || stateOf(ctx, e).deferred.ends(t) || t.ranSpan === 0 || time <= t.ranAt) return known
    return known + (mode(t.lastUser, t.lastSystem) / t.ranSpan) * Math.min(time - t.ranAt, SECOND)
  }
}

/** The share of a thread's time that it had used before the capture knew it, split in the present proportion. */
function before(t: Thread, now: number): number {
  const all = reported(t)
  if (all === undefined || all === 0) return 0
  return Math.min(((t.ranFirst ?? all) / all) * now, now)
}

/** Above this number of entries, ended threads are removed. */
const MANY = 4096

/** The last reported CPU time of each thread of a host. Survives a resync, after which a thread is another object. */
export class LastReported {
  private readonly hosts = new WeakMap<State, Map<number, { start: number | undefined; used: number }>>()
  private most = MANY

  constructor(private readonly ctx: FieldContext) {}

  /** e: an event of the thread's host. */
  get(t: Thread, e: Event): number | undefined {
    const last = this.hosts.get(stateOf(this.ctx, e))?.get(t.tid)
    return last !== undefined && isSameStart(last.start, t.startTime) ? last.used : undefined
  }

  set(t: Thread, e: Event, used: number): void {
    const state = stateOf(this.ctx, e)
    const byTid = this.hosts.get(state) ?? new Map()
    if (byTid.size === 0) this.hosts.set(state, byTid)
    byTid.set(t.tid, { start: t.startTime, used })
    if (byTid.size <= this.most) return
    for (const tid of byTid.keys()) if (!state.threads.has(tid)) byTid.delete(tid)
    this.most = Math.max(MANY, 2 * byTid.size)
  }
}

/**
 * CPU time that a thread used since the previous call for it. For a thread that existed before `from` (batch time;
 * default: the first call), only time used after that. Overestimated time is subtracted from later values.
 */
function sincePrevious(used: Used, ctx: FieldContext, from?: number): Getter<number> {
  const lastReported = new LastReported(ctx)
  return (e: Event) => {
    from ??= e.time
    const t = e.thread
    const now = t === undefined ? undefined : used(t, e)
    if (t === undefined || now === undefined) return undefined
    const born = t.startTime !== undefined && t.startTime >= from
    const known = lastReported.get(t, e)
    const last = known ?? (born || t.ranUser === undefined ? 0 : before(t, now))
    if (now >= last) lastReported.set(t, e, now)
    else if (known === undefined) lastReported.set(t, e, last)
    return Math.max(now - last, 0)
  }
}

/** Returns the getter of a thread's CPU time: up to the event, or, for samples of tables, since the previous sample. */
export const cpuTime =
  (mode: CpuMode) =>
  (ctx: FieldContext): Getter<number> => {
    const used = upTo(mode, ctx)
    const sincePreviousSample = sincePrevious(used, ctx, 0)
    return (e) => {
      if (e.type === CODE.ks_times) return sincePreviousSample(e)
      const t = e.thread
      const now = t === undefined ? undefined : used(t, e)
      if (t === undefined || now === undefined) return undefined
      const born = t.ranUser === undefined || (t.startTime !== undefined && t.startTime >= 0)
      return Math.round(born ? now : Math.max(now - before(t, now), 0))
    }
  }
