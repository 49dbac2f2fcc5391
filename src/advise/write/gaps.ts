// What a recording does not show: phases of a container's life that it lacks, and reasons to doubt that it has every call.
import { escapeText } from '../../render/escape.js'
import { UNKNOWN_FILTER } from '../../source/source.js'
import type { Workload, WorkloadId } from '../needs/workload.js'

/** What the captures lost. */
export interface Losses {
  /** events */
  readonly lost: number
  /** of these, starts of calls: calls without a start look refused */
  readonly enters: number
  /** events that were only counted because of a ceiling */
  readonly leftOut: number
  /** a capture is damaged: what follows the damage is missing */
  readonly damaged: boolean
  /** filters of recordings that may have left out calls, untrusted text; UNKNOWN_FILTER for one whose text is not stored */
  readonly filters: readonly string[]
}

/** What is known about the recordings that an advice is made of. */
export interface Recordings extends Losses {
  /** the filter of the advice itself; undefined: none */
  readonly own: OwnFilter | undefined
}

export interface OwnFilter {
  readonly text: string
  /** whether it may leave out calls of a workload although it selects others of it */
  leavesOut(id: WorkloadId): boolean
}

const DAY = 24 * 3600e6
/** the last part of the recording, in which a complete one has no new call */
const TAIL = 0.1

/** The phases that were not recorded, as parts of a list. */
export function unseenPhases(w: Workload): string[] {
  const { id, starts, terminated, reloads, begin, end } = w
  const phases: string[] = []
  if (id.kind === 'container') {
    if (starts === 0) phases.push('a start')
    else if (starts === 1) phases.push('a restart')
    if (terminated === 0) phases.push('a stop by SIGTERM')
    if (reloads === 0) phases.push('a reload by SIGHUP')
  }
  if (!(end - begin >= DAY))
    phases.push(`a whole day with its periodic jobs (${durationText(end - begin)} were recorded)`)
  return phases
}

/** Why the recording may lack calls, as clauses; none: there is no sign of it. */
export function doubts(w: Workload, { lost, enters, leftOut, damaged, filters, own }: Recordings): string[] {
  const found: string[] = []
  const n = (count: number) => count.toLocaleString('en-US')
  if (lost > 0) found.push(`${n(lost)} events were lost`)
  if (enters > 0)
    found.push(`of these, ${n(enters)} were starts of calls, without which refused calls look like others`)
  if (leftOut > 0) found.push(`${n(leftOut)} events were only counted because of a ceiling`)
  if (damaged) found.push('a capture is damaged')
  for (const filter of filters) found.push(filterDoubt(filter))
  found.push(...ownDoubts(own, [w.id]))
  const late = newInTail(w)
  if (late.length > 0) found.push(`calls were still new in the last tenth of the time: ${late.join(', ')}`)
  return found
}

/** What a filter of a recording means for what can be concluded from it, as a clause. */
export function filterDoubt(filter: string): string {
  return filter === UNKNOWN_FILTER
    ? 'a capture was recorded with a filter that is not stored in it, and may lack calls'
    : `a capture lacks calls that its filter left out: ${escapeText(filter)}`
}

/** What the filter of an advice leaves out of workloads, as a clause; none: nothing. */
export function ownDoubts(own: OwnFilter | undefined, workloads: readonly WorkloadId[]): string[] {
  if (own === undefined || !workloads.some((id) => own.leavesOut(id))) return []
  const whose = workloads.length === 1 ? 'its' : 'their'
  return [`the filter selects only some of ${whose} calls: ${escapeText(own.text)}`]
}

/** Calls made for the first time in the last tenth of the recorded time. */
function newInTail(w: Workload): string[] {
  const from = w.end - (w.end - w.begin) * TAIL
  const late = new Set<string>()
  for (const names of w.calls.values()) for (const [name, need] of names) if (need.first > from) late.add(name)
  return [...late].sort()
}

/** A duration, in µs, in its largest unit. */
export function durationText(us: number): string {
  const s = Number.isFinite(us) ? us / 1e6 : 0
  if (s < 60) return `${s.toFixed(1)} s`
  if (s < 3600) return `${(s / 60).toFixed(1)} min`
  return `${(s / 3600).toFixed(1)} h`
}
