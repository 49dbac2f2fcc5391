// Time on the CPU: of a thread since the capture began, and what it used since a table asked before.
import type { Event } from '../model/event.js'
import { isSameStart, type Thread } from '../model/thread.js'
import { CODE } from '../schema/codes.js'
import type { State } from '../state/state.js'
import { type FieldContext, type Getter, stateOf } from './field.js'

const SECOND = 1e9

/** Which part of the time counts: in the program, in the kernel, or both. */
export type Part = (user: number, system: number) => number
export const BOTH: Part = (user, system) => user + system
export const USER: Part = (user) => user
export const SYSTEM: Part = (_, system) => system

/** ns that a thread has used at the time of an event of its host; undefined where nobody told. */
type Used = (t: Thread, e: Event) => number | undefined

/** As its last report says. */
const reported = (t: Thread): number | undefined =>
  t.ranUser === undefined || t.ranSystem === undefined ? undefined : t.ranUser + t.ranSystem

/**
 * Live, up to `time`: reports come once a second, and until the next one a thread is taken to go on as it did between the
 * last two. A thread without any report has no value: scheduler switches do not say it, since captures may lack those of the
 * idle task, so that sleep would count as work.
 */
function upTo(part: Part, ctx: FieldContext): Used {
  const live = ctx.info.kind === 'live'
  return (t, e) => {
    const { time } = e
    if (t.ranUser === undefined || t.ranSystem === undefined) return undefined
    const known = part(t.ranUser, t.ranSystem)
    if (!live || t.exited || stateOf(ctx, e).deferred.ends(t) || t.ranSpan === 0 || time <= t.ranAt) return known
    return known + (part(t.lastUser, t.lastSystem) / t.ranSpan) * Math.min(time - t.ranAt, SECOND)
  }
}

/** What of its time a thread had used before the capture knew it, in the proportion of the present. */
function before(t: Thread, now: number): number {
  const all = reported(t)
  if (all === undefined || all === 0) return 0
  return Math.min(((t.ranFirst ?? all) / all) * now, now)
}

/** Threads that ended are looked for when there are more. */
const MANY = 4096

/** What was last told of each thread of a host: also when what exists is read anew, and a thread becomes another object. */
export class LastTold {
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
    const of = this.hosts.get(state) ?? new Map()
    if (of.size === 0) this.hosts.set(state, of)
    of.set(t.tid, { start: t.startTime, used })
    if (of.size <= this.most) return
    for (const tid of of.keys()) if (!state.threads.has(tid)) of.delete(tid)
    this.most = Math.max(MANY, 2 * of.size)
  }
}

/**
 * What a thread used since the last call for it; of one that lived before `from` (batch time, the first call when left out),
 * only what it uses from then on. What was taken for used and was not is made up for later.
 */
function sinceAsked(used: Used, ctx: FieldContext, from?: number): Getter<number> {
  const told = new LastTold(ctx)
  return (e: Event) => {
    from ??= e.time
    const t = e.thread
    const now = t === undefined ? undefined : used(t, e)
    if (t === undefined || now === undefined) return undefined
    const born = t.startTime !== undefined && t.startTime >= from
    const known = told.get(t, e)
    const last = known ?? (born || t.ranUser === undefined ? 0 : before(t, now))
    if (now >= last) told.set(t, e, now)
    else if (known === undefined) told.set(t, e, last)
    return Math.max(now - last, 0)
  }
}

/** Makes the getter of a thread's time: up to the event, or in tables since it was asked before. */
export const cpuTime =
  (part: Part) =>
  (ctx: FieldContext): Getter<number> => {
    const used = upTo(part, ctx)
    const sinceBefore = sinceAsked(used, ctx, 0)
    return (e) => {
      if (e.type === CODE.ks_times) return sinceBefore(e)
      const t = e.thread
      const now = t === undefined ? undefined : used(t, e)
      if (t === undefined || now === undefined) return undefined
      const born = t.ranUser === undefined || (t.startTime !== undefined && t.startTime >= 0)
      return Math.round(born ? now : Math.max(now - before(t, now), 0))
    }
  }
