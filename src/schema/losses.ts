// What records can be that a capture loses, in the order of enum ksys_loss in native/abi.h.

/**
 * Parameters of the drop event beside `lost`: `calls`, `enters` (their enter events) and `others` (switches, page faults,
 * signals, ends of threads, operations of io_uring) are events; `state` are records that are never shown and keep threads
 * and descriptors true: births, programs, names.
 */
export const LOSSES = ['calls', 'enters', 'others', 'state'] as const

/** How many records of each kind. */
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>

export const NOTHING_LOST: Losses = { calls: 0, enters: 0, others: 0, state: 0 }

/** The numbers of LOSSES, in its order. */
export function lossesOf(numbers: readonly number[]): Losses {
  const [calls = 0, enters = 0, others = 0, state = 0] = numbers
  return { calls, enters, others, state }
}

export function addLosses(a: Losses, b: Losses): Losses {
  return {
    calls: a.calls + b.calls,
    enters: a.enters + b.enters,
    others: a.others + b.others,
    state: a.state + b.state,
  }
}

/** Events among them: what could have been shown. */
export function eventsLost({ calls, enters, others }: Losses): number {
  return calls + enters + others
}
