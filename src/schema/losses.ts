// What records can be that a capture loses, in the order of enum ksys_loss in native/abi.h.

/**
 * Parameters of the drop event beside `lost`: `calls`, `enters` (their enter events) and `others` (switches, page faults,
 * signals, ends of threads, operations of io_uring) are events; `state` are records that are never shown and keep threads
 * and descriptors true: births, programs, names. `skipped` is the most that can be missing of calls for which the kernel did
 * not run ksys's program, because a thread in it was preempted on that CPU; also of those that a filter leaves out. `data` are no
 * events that are missing, but calls whose data were cut because the buffer was full.
 */
export const LOSSES = ['calls', 'enters', 'others', 'state', 'skipped', 'data'] as const

/** How many records of each kind. */
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>

/** Of each kind as many as `count` says. */
export function lossesBy(count: (kind: keyof Losses, at: number) => number): Losses {
  return Object.fromEntries(LOSSES.map((kind, at) => [kind, count(kind, at)])) as Losses
}

export const NOTHING_LOST = lossesBy(() => 0)

export function addLosses(a: Losses, b: Losses): Losses {
  return lossesBy((kind) => a[kind] + b[kind])
}

/** What came to `before`; undefined: to nothing. */
export function subtractLosses(now: Losses, before: Losses | undefined): Losses {
  return lossesBy((kind) => now[kind] - (before?.[kind] ?? 0))
}

/** Whether what is lost of a kind are events: what could have been shown. */
export function areEvents(kind: keyof Losses): boolean {
  return kind !== 'state' && kind !== 'data'
}

/** Events among them. */
export function eventsLost(losses: Losses): number {
  return LOSSES.reduce((sum, kind) => sum + (areEvents(kind) ? losses[kind] : 0), 0)
}
