// Kinds of records that a capture can lose, in the order of enum ksys_loss in native/abi.h.

/**
 * Parameters of the drop event besides `lost`:
 * - `calls`, `enters` (their enter events) and `others` (switches, page faults, signals, exits of threads, operations of
 *   io_uring) are events.
 * - `state`: records that are never shown and keep threads and descriptors correct: births, programs, names.
 * - `skipped`: the most calls that can be missing because the kernel did not run ksys's program for them, as a thread in it was
 *   preempted on that CPU; includes calls that a filter drops.
 * - `data`: not missing events, but calls whose data were truncated because the buffer was full.
 */
export const LOSSES = ['calls', 'enters', 'others', 'state', 'skipped', 'data'] as const

/** Number of records of each kind. */
export type Losses = Readonly<Record<(typeof LOSSES)[number], number>>

/** The number of each kind, from `count`. */
export function lossesBy(count: (kind: keyof Losses, at: number) => number): Losses {
  return Object.fromEntries(LOSSES.map((kind, at) => [kind, count(kind, at)])) as Losses
}

export const NOTHING_LOST = lossesBy(() => 0)

export function addLosses(a: Losses, b: Losses): Losses {
  return lossesBy((kind) => a[kind] + b[kind])
}

/** What was added since `before`; undefined: since the start. */
export function subtractLosses(now: Losses, before: Losses | undefined): Losses {
  return lossesBy((kind) => now[kind] - (before?.[kind] ?? 0))
}

/** Whether lost records of a kind are events, which could have been shown. */
export function areEvents(kind: keyof Losses): boolean {
  return kind !== 'state' && kind !== 'data'
}

/** The number of events among them. */
export function eventsLost(losses: Losses): number {
  return LOSSES.reduce((sum, kind) => sum + (areEvents(kind) ? losses[kind] : 0), 0)
}
