// Time on the CPU: of a thread since the capture began, and what it used since a table asked before.
import type { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { CODE } from '../schema/codes.js'
import type { FieldContext, Getter } from './field.js'

const SECOND = 1e9

/** Which part of the time counts: in the program, in the kernel, or both. */
export type Part = (user: number, system: number) => number
export const BOTH: Part = (user, system) => user + system
export const USER: Part = (user) => user
export const SYSTEM: Part = (_, system) => system

/** ns that the thread has used at a batch time; undefined where nobody told. */
type Used = (t: Thread, time: number) => number | undefined

/** As its last report says. */
export const reported = (t: Thread): number | undefined =>
  t.ranUser === undefined || t.ranSystem === undefined ? undefined : t.ranUser + t.ranSystem

/**
 * Live, up to `time`: reports come once a second, and until the next one a thread is taken to go on as it did between the
 * last two. In files that have no reports the scheduler switches tell, of both parts together.
 */
function upTo(part: Part, ctx: FieldContext): Used {
  const live = ctx.info.kind === 'live'
  return (t, time) => {
    if (t.ranUser === undefined || t.ranSystem === undefined)
      return part === BOTH && t.slices > 0 ? t.slices : undefined
    const known = part(t.ranUser, t.ranSystem)
    if (!live || t.exited || ctx.state.deferred.ends(t) || t.ranSpan === 0 || time <= t.ranAt) return known
    return known + (part(t.lastUser, t.lastSystem) / t.ranSpan) * Math.min(time - t.ranAt, SECOND)
  }
}

/** What of its time a thread had used before the capture knew it, in the proportion of the present. */
function before(t: Thread, now: number): number {
  const all = reported(t)
  if (all === undefined || all === 0) return 0
  return Math.min(((t.ranFirst ?? all) / all) * now, now)
}

/**
 * What a thread used since the last call for it; of one that lived before `from` (batch time, the first call when left out),
 * only what it uses from then on. What was taken for used and was not is made up for later.
 */
export function sinceAsked(used: Used, from?: number): Getter<number> {
  const asked = new WeakMap<Thread, number>()
  return (e: Event) => {
    from ??= e.time
    const t = e.thread
    const now = t === undefined ? undefined : used(t, e.time)
    if (t === undefined || now === undefined) return undefined
    const born = t.startTime !== undefined && t.startTime >= from
    const last = asked.get(t) ?? (born || t.ranUser === undefined ? 0 : before(t, now))
    if (now >= last) asked.set(t, now)
    else if (!asked.has(t)) asked.set(t, last)
    return Math.max(now - last, 0)
  }
}

/** Makes the getter of a thread's time: up to the event, or in tables since it was asked before. */
export const cpuTime =
  (part: Part) =>
  (ctx: FieldContext): Getter<number> => {
    const used = upTo(part, ctx)
    const sinceBefore = sinceAsked(used, 0)
    return (e) => {
      if (e.type === CODE.ks_times) return sinceBefore(e)
      const t = e.thread
      const now = t === undefined ? undefined : used(t, e.time)
      if (t === undefined || now === undefined) return undefined
      const born = t.ranUser === undefined || (t.startTime !== undefined && t.startTime >= 0)
      return Math.round(born ? now : Math.max(now - before(t, now), 0))
    }
  }
