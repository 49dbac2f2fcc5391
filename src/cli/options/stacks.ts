// The values of --stacks.
import type { Stacks } from '../../source/plan.js'

export const WHICH = ['user', 'kernel', 'both'] as const
export type Which = (typeof WHICH)[number]

/** The stacks to record; undefined: those that a filter or format needs. */
export function stacksOf(which: Which | undefined): Stacks | undefined {
  return which && { user: which !== 'kernel', kernel: which !== 'user' }
}
