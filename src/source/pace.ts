// The scheduling priority of ksys. On an overloaded machine, where it is needed most, a capture must start soon, and events must not be
// lost because ksys does not get to run.
import { native } from './native.js'

/** ms after which the priority is reset without settle(): a capture that has not started by then is not waiting for a processor */
const LONGEST = 15_000
/** ms that events may have waited for a recorder, and ms for which its priority is raised if they waited longer */
const LATE = 250
const BRIEF = 1000
let late: NodeJS.Timeout | undefined
let records = false
/** performance.now() until which the priority of a late recorder is raised; undefined: it is not raised */
let until: number | undefined

/**
 * Called when a live capture starts. Until settle() ksys runs before ordinary programs, which takes about a second of one processor. It
 * runs real-time, because programs in groups of their own (sessions, cgroups) do not yield to nice values. recording: afterwards it runs at
 * nice -10, see keepUp(). That is fair: its work is the cost of recording the calls of others. A priority that the user has chosen
 * (nice, chrt) is not changed; without CAP_SYS_NICE nothing happens.
 */
export function hurry(recording: boolean): void {
  try {
    native().hurry(recording)
    records = recording
    late = setTimeout(settle, LONGEST).unref()
  } catch {
    // a missing addon is reported by its users
  }
}

/** Resets the priority once the capture has started and the initial backlog is processed. Further calls have no effect. */
export function settle(): void {
  if (late === undefined) return
  clearTimeout(late)
  late = undefined
  native().settle()
}

/**
 * Called after each batch of a recorder; waited: ms for which the batch's last event had waited. If the recorder is late because other
 * programs use the processors, its priority is raised for a while.
 */
export function raisePriority(waited: number): void {
  if (!records || (until === undefined && waited < LATE)) return
  const now = performance.now()
  if (waited >= LATE) {
    if (until === undefined) native().hurryAgain()
    until = now + BRIEF
  } else if (now > (until as number)) {
    until = undefined
    native().settle()
  }
}
