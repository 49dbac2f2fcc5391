// What records can be that a capture loses, in the order of enum ksys_loss in native/abi.h.

/**
 * Parameters of the drop event beside `lost`: `calls`, `enters` (their enter events) and `others` (switches, page faults,
 * signals, ends of threads, operations of io_uring) are events; `state` are records that are never shown and keep threads
 * and descriptors true: births, programs, names. `skipped` is the most that can be missing of calls for which the kernel did
 * not run ksys's program, because a thread in it was preempted on that CPU; also of those that a filter leaves out.
 */
export const LOSSES = ['calls', 'enters', 'others', 'state', 'skipped'] as const

/** How many records of each kind. */
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>

export const NOTHING_LOST: Losses = { calls: 0, enters: 0, others: 0, state: 0, skipped: 0 }

/** The numbers of LOSSES, in its order. */
export function lossesOf(numbers: readonly number[]): Losses {
  const [calls = 0, enters = 0, others = 0, state = 0, skipped = 0] = numbers
  return { calls, enters, others, state, skipped }
}

export function addLosses(a: Losses, b: Losses): Losses {
  return {
    calls: a.calls + b.calls,
    enters: a.enters + b.enters,
    others: a.others + b.others,
    state: a.state + b.state,
    skipped: a.skipped + b.skipped,
  }
}

/** Events among them: what could have been shown. */
export function eventsLost({ calls, enters, others, skipped }: Losses): number {
  return calls + enters + others + skipped
}
