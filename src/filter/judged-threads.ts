// Judges threads for the kernel: which slots of the plan no call of a thread can match, by its program, command line, ancestors and
// container. The kernel requests a judgement and discards it when the thread changes (native/bpf/judged.h); the predicate always makes
// the final decision.
import { parentOf } from '../fields/ancestors.js'
import type { FieldContext } from '../fields/field.js'
import { Event } from '../model/event.js'
import type { Thread } from '../model/thread.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { CapturePlan } from '../source/plan.js'
import { FALSE, TRUE, type Truth, UNKNOWN } from './bytype.js'
import { hasMetadataFor } from './cgroup-marks.js'
import { compileChecked } from './compile.js'
import { fieldsOf } from './planners/judged-tests.js'
import { SlotForm } from './planners/slot-form.js'
import type { CheckedFilter, TestNode } from './typed.js'

/** ns after a request before it is answered: most threads that request one end sooner. */
const DELAY = 50e6
/** Threads whose judgements are kept up to date; the kernel has no more. */
const MOST = 16384
/** More ancestors than any field visits. */
const DEEPEST = 128
/** the first process */
const INIT = 1

/** Returns the function that judges which slots no call of a thread can match: bit i is slot i. */
export function slotsUnmatched(plan: CapturePlan, filter: CheckedFilter, ctx: FieldContext): (t: Thread) => number {
  const forms = plan.slots.map((s) => (s.process instanceof SlotForm ? s.process : undefined))
  const compiled = new Map<TestNode, (t: Thread) => Truth>()
  const e = new Event(EVENTS, LAYOUTS)
  const testOf = (test: TestNode): ((t: Thread) => Truth) => {
    let found = compiled.get(test)
    if (found === undefined) {
      const passes = compileChecked({ ...filter, root: test }, ctx).test
      const fields = fieldsOf(test)
      const needsAncestors = fields.some((use) => use.def.ofProcess === 'ancestors')
      const needsIds = fields.some((use) => use.name === 'proc.apid')
      found = (t) => {
        if (needsAncestors && !knowsAncestors(t, needsIds)) return UNKNOWN
        if (!hasMetadataFor(test, t.container)) return UNKNOWN
        e.thread = t
        return passes(e) ? TRUE : FALSE
      }
      compiled.set(test, found)
    }
    return found
  }
  return (t) => {
    // of a thread that no record has described, everything may become known later
    if (t.placeholder || t.leader.placeholder) return 0
    const results = new Map<TestNode, Truth>()
    const answer = (test: TestNode): Truth => {
      let result = results.get(test)
      if (result === undefined) {
        result = testOf(test)(t)
        results.set(test, result)
      }
      return result
    }
    return forms.reduce((bits, form, i) => (form?.excludes(answer) ? bits | (1 << i) : bits), 0)
  }
}

/**
 * Whether all ancestors are known, up to a process without a parent. A sandbox may hide init: then it has no properties but, from its first
 * event on, its id.
 */
function knowsAncestors(t: Thread, ids: boolean): boolean {
  let at = t.leader
  for (let i = 0; i < DEEPEST; i++) {
    if (at.ptid === 0) return true
    const parent = parentOf(at)
    if (parent === undefined || parent.placeholder) return at.ptid === INIT && !ids
    at = parent
  }
  return false
}

/** What gives requests and receives judgements: the live source. */
interface JudgementTarget {
  /** Requests since the last call: thread, and capture time (ns). */
  requests(): Float64Array
  /** No call of the thread matches these slots (bits); time: of the request. */
  judge(tid: number, time: number, slots: number): void
  /** Records were lost, and what they would have shown is not known yet. */
  readonly uncertain: boolean
}

interface Judged {
  readonly time: number
  slots: number
}

export class JudgedThreads {
  private pending: { readonly tid: number; readonly time: number }[] = []
  private readonly judged = new Map<number, Judged>()
  private stale = false

  constructor(
    private readonly judge: (t: Thread) => number,
    private readonly threads: ReadonlyMap<number, Thread>,
    private readonly source: JudgementTarget,
  ) {}

  /** Something else than a thread has changed: judges all threads again, at the next call of update(). */
  changed(): void {
    this.stale = true
  }

  /** Answers requests. reached: capture time (ns) up to which the state is known. */
  update(reached: number): void {
    const { source, judged } = this
    const requests = source.requests()
    for (let i = 0; i < requests.length; i += 2)
      this.pending.push({ tid: requests[i] as number, time: requests[i + 1] as number })
    if (source.uncertain) return
    if (this.stale) for (const [tid, known] of judged) this.judgeAgain(tid, known)
    this.stale = false
    if (this.pending.length === 0) return
    const later = this.pending.filter(({ time }) => time + DELAY > reached)
    for (const { tid, time } of this.pending) if (time + DELAY <= reached) this.answer(tid, time)
    this.pending = later
  }

  private answer(tid: number, time: number): void {
    const { judged } = this
    const t = this.threads.get(tid)
    judged.delete(tid)
    if (t === undefined || t.exited) return
    const slots = this.judge(t)
    this.source.judge(tid, time, slots)
    judged.set(tid, { time, slots })
    if (judged.size > MOST) judged.delete(judged.keys().next().value as number)
  }

  private judgeAgain(tid: number, known: Judged): void {
    const t = this.threads.get(tid)
    if (t === undefined || t.exited) {
      this.judged.delete(tid)
      return
    }
    const slots = this.judge(t)
    if (slots !== known.slots) this.source.judge(tid, known.time, slots)
    known.slots = slots
  }
}

/** The judge of a live run's threads; undefined if the plan has no condition on processes. */
export function judgedThreads(
  plan: CapturePlan,
  filter: CheckedFilter | undefined,
  ctx: FieldContext,
  threads: ReadonlyMap<number, Thread>,
  source: JudgementTarget,
): JudgedThreads | undefined {
  if (filter === undefined || !plan.slots.some((s) => s.process !== undefined)) return undefined
  return new JudgedThreads(slotsUnmatched(plan, filter, ctx), threads, source)
}
