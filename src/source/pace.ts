// The scheduling priority of ksys. An overloaded machine is where it is needed most: there it must begin soon, and what it
// records must not wait until it is lost.
import { native } from './native.js'

/** ms after which settle() is not waited for: a capture that has not begun by then waits for something else than a processor */
const LONGEST = 15_000
/** ms that calls may have waited for a recorder, and how long it hurries when they had */
const LATE = 250
const BRIEF = 1000
let late: NodeJS.Timeout | undefined
let records = false
/** performance.now() until which a recorder that was late hurries; undefined: it does not */
let until: number | undefined

/**
 * A live capture begins: until settle() ksys runs before ordinary programs, which takes it about a second of one processor, and
 * real-time, because programs in groups of their own (sessions, cgroups) would not make way for nice values. recording: afterwards
 * it goes on at nice -10, see keepUp(). That is no more than others make it do: its work is what their calls cost to record.
 * Somebody else's choice (nice, chrt) is left as it is; without CAP_SYS_NICE nothing happens.
 */
export function hurry(recording: boolean): void {
  try {
    native().hurry(recording)
    records = recording
    late = setTimeout(settle, LONGEST).unref()
  } catch {
    // an addon that is not there is told of by who needs it
  }
}

/** The capture has begun, and what gathered meanwhile is done. Any further call does nothing. */
export function settle(): void {
  if (late === undefined) return
  clearTimeout(late)
  late = undefined
  native().settle()
}

/**
 * A recorder was just given calls of which the last one had waited so many ms: where others left it so little of the processors
 * that it is late, it runs before them for a while.
 */
export function keepUp(waited: number): void {
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
